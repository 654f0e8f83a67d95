import { expect, test } from 'vitest'
import { shortcut } from './shortcut'

test('a Mac has its own signs, in its own order', () => {
  expect(shortcut('Ctrl+Shift+Z', 'Macintosh; Intel Mac OS X')).toBe('⇧⌘Z')
  expect(shortcut('Ctrl+O', 'X11; Linux x86_64')).toBe('Ctrl+O')
  expect(shortcut('Esc', 'Macintosh')).toBe('Esc')
})
