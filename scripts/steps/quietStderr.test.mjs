import { describe, expect, it } from 'vitest'
import { withoutGreetings } from './quietStderr.mjs'

describe('what is shown of stderr', () => {
  it('leaves out what TensorFlow says of itself', () => {
    const greeting =
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n' +
      'I0000 00:00:1795363385.058385    2211 port.cc:153] oneDNN custom operations are on.\n'
    const shown = withoutGreetings(
      greeting.replace('00:00:1795363385.058385', '1795363385.058385') + 'photo.png is damaged\n',
    )
    expect(shown).toBe('photo.png is damaged\n')
    expect(withoutGreetings(greeting)).toBe('')
  })

  it('keeps errors, and progress without an end of line', () => {
    const error = 'E0000 00:00:1795359718.962998   19774 meta_optimizer.cc:967] remapper failed\n'
    expect(withoutGreetings(error)).toBe(error)
    expect(withoutGreetings('\r\x1b[2K50 %')).toBe('\r\x1b[2K50 %')
    expect(withoutGreetings('I0 is a name\n')).toBe('I0 is a name\n')
  })
})
