import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { capture, findCommand, lastLines } from './process.mjs'

const node = process.execPath

describe('capture', () => {
  it('keeps both streams of a program that succeeds', async () => {
    const result = await capture([node, '-e', 'console.log("out"); console.error("err")'])
    expect(result).toMatchObject({ ok: true, status: 0, why: '' })
    expect(result.output).toContain('out\n')
    expect(result.output).toContain('err\n')
  })

  it('says how one failed, with its telling lines', async () => {
    const script = 'console.error("fatal error: no such header"); process.exit(3)'
    const { ok, why } = await capture([node, '-e', script])
    expect(ok).toBe(false)
    expect(why).toBe(`${path.basename(node)} ended with status 3: fatal error: no such header`)
  })

  it('ends one that takes too long, and one that cannot start', async () => {
    const late = await capture([node, '-e', 'setInterval(() => {}, 1000)'], { deadline: 100 })
    expect(late.ok).toBe(false)
    expect(late.why).toContain('did not finish within')
    const none = await capture(['no-such-program-here'])
    expect(none.why).toContain('no-such-program-here could not be started')
  })
})

describe('lastLines', () => {
  it('prefers lines about errors over the last ones', () => {
    expect(lastLines('a\nError: b\nc\nd\ne\n')).toBe('Error: b')
    expect(lastLines('a\nb\nc\nd\n')).toBe('b | c | d')
  })
})

describe('findCommand', () => {
  it('finds a program on the search path or by its full path', () => {
    const env = { PATH: path.dirname(node) }
    expect(findCommand(path.basename(node, '.exe'), env)).toBe(node)
    expect(findCommand(node, { PATH: '' })).toBe(node)
    expect(findCommand('no-such-program-here', env)).toBeNull()
  })
})
