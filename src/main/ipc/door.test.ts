import { describe, expect, it, vi } from 'vitest'
import { DarkroomError } from '../../shared/errors'
import { isOurs, makeDoor, type Sender, type WindowHandlers } from './door'

const page: Sender = { url: 'app://darkroom/index.html', ourTopFrame: true }
const done = () => Promise.resolve(null)

/** A door with one real handler each for an answer, an error of ours and one of somebody else's. */
function doorWith(handlers: Partial<WindowHandlers>) {
  const report = vi.fn<(name: string, text: string) => void>()
  return { door: makeDoor(handlers as WindowHandlers, report), report }
}

const code = (reply: Awaited<ReturnType<ReturnType<typeof makeDoor>>>) =>
  reply.ok ? 'ok' : reply.error.code

describe('the door', () => {
  it('lets our page in and hands the parsed arguments to the handler', async () => {
    const close = vi.fn(done)
    const { door, report } = doorWith({ 'photo.close': close })
    expect(await door(page, 'photo.close', { photo: 'a' })).toEqual({ ok: true, result: null })
    expect(close).toHaveBeenCalledWith({ photo: 'a' })
    expect(report).not.toHaveBeenCalled()
  })

  it.each([
    ['a frame that has gone', null],
    ['a frame inside our page', { ...page, ourTopFrame: false }],
    ['another origin', { ...page, url: 'https://example.org/index.html' }],
    ['another host of our scheme', { ...page, url: 'app://elsewhere/index.html' }],
    ['an address that only starts like ours', { ...page, url: 'app://darkroom.example.org/' }],
    ['an address with our host as its user', { ...page, url: 'app://darkroom@example.org/' }],
    ['a file', { ...page, url: 'file:///index.html' }],
    ['a blank page', { ...page, url: 'about:blank' }],
    ['no address', { ...page, url: '' }],
  ])('refuses %s', async (_what, sender) => {
    const close = vi.fn(done)
    const { door, report } = doorWith({ 'photo.close': close })
    expect(code(await door(sender, 'photo.close', { photo: 'a' }))).toBe('request-refused')
    expect(close).not.toHaveBeenCalled()
    expect(report).toHaveBeenCalledOnce()
  })

  it.each(['photo.delete', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'knows no request %o',
    async (name) => {
      const { door } = doorWith({})
      expect(code(await door(page, name, {}))).toBe('request-unknown')
    },
  )

  it.each([[undefined], [null], [7], [['photo.close']], [{ toString: () => 'photo.close' }]])(
    'takes no name that is not a string: %o',
    async (name) => {
      const { door } = doorWith({ 'photo.close': done })
      expect(code(await door(page, name, { photo: 'a' }))).toBe('request-unknown')
    },
  )

  it.each([
    ['none', undefined],
    ['null', null],
    ['another type', { photo: 7 }],
    ['one missing', {}],
    ['one too many', { photo: 'a', path: '/etc/passwd' }],
    ['a list', [{ photo: 'a' }]],
  ])('refuses arguments: %s', async (_what, args) => {
    const close = vi.fn(done)
    const { door } = doorWith({ 'photo.close': close })
    expect(code(await door(page, 'photo.close', args))).toBe('arguments-invalid')
    expect(close).not.toHaveBeenCalled()
  })

  it('does not take a path where a handle belongs', async () => {
    const { door } = doorWith({ 'photo.open': vi.fn() })
    const args = { source: { path: '/etc/passwd' } }
    expect(code(await door(page, 'photo.open', args))).toBe('arguments-invalid')
  })

  it('turns an error of ours into data, with its code and values', async () => {
    const failing = () =>
      Promise.reject(new DarkroomError('disk-full', 'no space', { file: 'a.png' }))
    const { door } = doorWith({ 'photo.close': failing })
    expect(await door(page, 'photo.close', { photo: 'a' })).toEqual({
      ok: false,
      error: { code: 'disk-full', message: 'no space', params: { file: 'a.png' } },
    })
  })

  it('turns any other error, thrown at once or later, into an internal one', async () => {
    const { door } = doorWith({
      'photo.close': () => Promise.reject(new TypeError('later')),
      'settings.read': () => {
        throw new TypeError('at once')
      },
    })
    expect(code(await door(page, 'photo.close', { photo: 'a' }))).toBe('internal')
    expect(code(await door(page, 'settings.read', {}))).toBe('internal')
  })
})

describe('our origin', () => {
  it('is app://darkroom, whatever the path', () => {
    expect(isOurs('app://darkroom/')).toBe(true)
    expect(isOurs('app://darkroom/index.html?a#b')).toBe(true)
  })
})
