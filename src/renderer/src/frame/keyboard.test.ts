import { expect, test } from 'vitest'
import { commandOf } from './keyboard'

const key = (name: string, more: object = {}) => ({
  key: name,
  ctrlKey: true,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

test('undo and redo in the ways of every system', () => {
  expect(commandOf(key('z'))).toBe('undo')
  expect(commandOf(key('Z', { shiftKey: true }))).toBe('redo')
  expect(commandOf(key('y'))).toBe('redo')
  expect(commandOf(key('z', { ctrlKey: false, metaKey: true }))).toBe('undo')
})

test('without the modifier, or with another, a letter is no command', () => {
  expect(commandOf(key('o', { ctrlKey: false }))).toBeNull()
  expect(commandOf(key('o', { altKey: true }))).toBeNull()
  expect(commandOf(key('o', { shiftKey: true }))).toBeNull()
  expect(commandOf(key('o'))).toBe('open')
})
