import { describe, expect, it } from 'vitest'
import { diagnosticsText } from './diagnostics'

describe('diagnostics', () => {
  it('list facts and log, and do not tell the name of the home folder', () => {
    const text = diagnosticsText({
      groups: { Program: { version: '1.2.3', supported: false }, Engine: { error: null } },
      log: ['info opened /home/wang/photo.png', 'warn /home/wang/other.png'],
      home: '/home/wang',
    })
    expect(text).toBe(
      [
        '# Program\nversion: 1.2.3\nsupported: false',
        '# Engine\nerror: null',
        '# Log\ninfo opened ~/photo.png\nwarn ~/other.png',
      ].join('\n\n'),
    )
  })

  it('keep paths as they are when the home is the root', () => {
    expect(diagnosticsText({ groups: {}, log: ['/a/b'], home: '/' })).toBe('# Log\n/a/b')
  })
})
