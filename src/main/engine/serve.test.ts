import { describe, expect, it, vi } from 'vitest'
import type { EngineHandlers } from '../../shared/contract'
import { engineProtocol, type FromEngine, type ToEngine } from '../../shared/engineProtocol'
import { DarkroomError } from '../../shared/errors'
import { serve, type Port } from './serve'

/** The parent's end of a port: `tell` the engine something, read what it `said`. */
function setUp(handlers: Partial<EngineHandlers>) {
  const said: FromEngine[] = []
  let tell: (message: ToEngine) => void = () => undefined
  const port: Port = {
    post: (message) => said.push(message),
    onMessage: (listener) => (tell = listener),
  }
  const exit = vi.fn()
  serve(port, { handlers: handlers as EngineHandlers }, exit)
  const ask = async (name: string, args: unknown) => {
    tell({ type: 'request', id: 5, name, args })
    await vi.waitFor(() => expect(said.some(({ type }) => type === 'reply')).toBe(true))
    return said.find((message) => message.type === 'reply')
  }
  return { said, tell: (message: ToEngine) => tell(message), ask, exit }
}

describe('the engine', () => {
  it('shakes hands and answers pings', () => {
    const { said, tell } = setUp({})
    tell({ type: 'hello', protocol: engineProtocol })
    tell({ type: 'ping' })
    expect(said).toEqual([{ type: 'ready', protocol: engineProtocol }, { type: 'pong' }])
  })

  it('answers a request under its number', async () => {
    const { ask } = setUp({ 'photo.close': () => Promise.resolve(null) })
    const reply = await ask('photo.close', { photo: 'a' })
    expect(reply).toEqual({ type: 'reply', id: 5, reply: { ok: true, result: null } })
  })

  it('hands the handler its parsed arguments and a way to report', async () => {
    const { ask, said } = setUp({
      'photo.denoise': ({ photo }, emit) => {
        emit('job.finished', { job: 'j', photo, outcome: { state: 'cancelled' } })
        return Promise.resolve({ job: 'j' })
      },
    })
    await ask('photo.denoise', { photo: 'a', model: 'm', sigma: null, visible: null })
    expect(said[0]).toEqual({
      type: 'event',
      name: 'job.finished',
      payload: { job: 'j', photo: 'a', outcome: { state: 'cancelled' } },
    })
  })

  it.each([
    ['photo.delete', {}, 'request-unknown'],
    ['constructor', {}, 'request-unknown'],
    ['photo.close', { photo: 7 }, 'arguments-invalid'],
    ['photo.close', undefined, 'arguments-invalid'],
  ])('refuses %s with %o: %s', async (name, args, code) => {
    const close = vi.fn()
    const { ask } = setUp({ 'photo.close': close })
    expect(await ask(name, args)).toMatchObject({ reply: { ok: false, error: { code } } })
    expect(close).not.toHaveBeenCalled()
  })

  it('replies errors as data', async () => {
    const { ask } = setUp({
      'photo.close': () =>
        Promise.reject(new DarkroomError('photo-unknown', 'gone', { photo: 'a' })),
    })
    expect(await ask('photo.close', { photo: 'a' })).toMatchObject({
      reply: {
        ok: false,
        error: { code: 'photo-unknown', message: 'gone', params: { photo: 'a' } },
      },
    })
  })

  it('replies an error when the result cannot be copied to another process', async () => {
    const said: FromEngine[] = []
    let tell: (message: ToEngine) => void = () => undefined
    const post = (message: FromEngine) => said.push(structuredClone(message))
    const handlers = { 'photo.close': () => Promise.resolve(() => 'a function') }
    serve({ post, onMessage: (listener) => (tell = listener) }, { handlers } as never, vi.fn())
    tell({ type: 'request', id: 1, name: 'photo.close', args: { photo: 'a' } })
    await vi.waitFor(() => expect(said).toHaveLength(1))
    expect(said[0]).toMatchObject({ id: 1, reply: { ok: false, error: { code: 'internal' } } })
  })

  it('goes on after a handler failed', async () => {
    const { ask, tell, said } = setUp({ 'photo.close': () => Promise.reject(new Error('broken')) })
    await ask('photo.close', { photo: 'a' })
    tell({ type: 'ping' })
    expect(said.at(-1)).toEqual({ type: 'pong' })
  })

  it('finishes what it is answering before it stops, and stops only then', async () => {
    let finish: (result: null) => void = () => undefined
    const { said, tell, exit } = setUp({
      'photo.close': () => new Promise((resolve) => (finish = resolve)),
    })
    tell({ type: 'request', id: 1, name: 'photo.close', args: { photo: 'a' } })
    tell({ type: 'stop' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(said).toEqual([])
    expect(exit).not.toHaveBeenCalled()
    finish(null)
    await vi.waitFor(() => expect(exit).toHaveBeenCalledOnce())
    expect(said.map(({ type }) => type)).toEqual(['reply', 'stopped'])
  })
})
