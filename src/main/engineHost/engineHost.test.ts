import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineState } from '../../shared/contract'
import { engineProtocol, type FromEngine, type ToEngine } from '../../shared/engineProtocol'
import { EngineHost, type EngineProcessListener } from './engineHost'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An engine process made of a list of what it was told. `kill` ends it, as the real one does. */
class FakeProcess {
  readonly told: ToEngine[] = []
  readonly listener: EngineProcessListener
  readonly pid: number
  deaf = false
  killed = false

  constructor(listener: EngineProcessListener, pid: number) {
    this.listener = listener
    this.pid = pid
  }

  post(message: ToEngine): void {
    this.told.push(message)
    if (message.type === 'ping' && !this.deaf) this.say({ type: 'pong' })
  }

  say(message: FromEngine): void {
    this.listener.message(message)
  }

  shakeHands(protocol = engineProtocol): void {
    this.say({ type: 'ready', protocol })
  }

  end(code: number | null = 0): void {
    this.listener.exit(code)
  }

  kill(): void {
    this.killed = true
    this.end(null)
  }

  get requests() {
    return this.told.filter((message) => message.type === 'request')
  }
}

function setUp() {
  const processes: FakeProcess[] = []
  const states: EngineState[] = []
  const onEvent = vi.fn()
  const log = vi.fn<(level: string, text: string) => void>()
  const host = new EngineHost({
    fork: (listener) => {
      const made = new FakeProcess(listener, processes.length + 1)
      processes.push(made)
      return made
    },
    onState: (state) => states.push(state),
    onEvent,
    log,
  })
  const current = () => processes[processes.length - 1] as FakeProcess
  return { host, processes, states, onEvent, log, current, names: () => states.map((s) => s.state) }
}

/** A host whose engine is up. */
function running() {
  const parts = setUp()
  parts.host.start()
  parts.current().shakeHands()
  return parts
}

const info = { tensorflow: '2.21.0', threads: 2, precision: 'float32' }
const answer = (to: ToEngine | undefined, result: unknown): FromEngine => ({
  type: 'reply',
  id: to?.type === 'request' ? to.id : -1,
  reply: { ok: true, result },
})

describe('the handshake', () => {
  it('makes the engine ready', () => {
    const { host, current, names } = setUp()
    host.start()
    expect(current().told).toEqual([{ type: 'hello', protocol: engineProtocol }])
    expect(host.state.state).toBe('starting')
    current().shakeHands()
    expect(names()).toEqual(['starting', 'ready'])
  })

  it('gives up an engine of another version, without trying again', async () => {
    const { host, current, processes } = setUp()
    host.start()
    current().shakeHands(engineProtocol + 1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(host.state).toMatchObject({ state: 'failed', error: { code: 'engine-failed' } })
    expect(processes).toHaveLength(1)
    expect(current().killed).toBe(true)
  })

  it('does not wait for ever', async () => {
    const { host, current, names } = setUp()
    host.start()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(current().killed).toBe(true)
    expect(names()).toEqual(['starting', 'restarting'])
  })
})

describe('requests', () => {
  it('get the reply with their own number, in whatever order replies come', async () => {
    const { host, current } = running()
    const first = host.request('models.list', {})
    const second = host.request('engine.info', {})
    const [toFirst, toSecond] = current().requests
    current().say(answer(toSecond, info))
    current().say(answer(toFirst, []))
    expect(await first).toEqual([])
    expect(await second).toEqual(info)
  })

  it('made before the engine is up wait for it', async () => {
    const { host, current } = setUp()
    host.start()
    const reply = host.request('engine.info', {})
    expect(current().requests).toHaveLength(0)
    current().shakeHands()
    current().say(answer(current().requests[0], info))
    expect(await reply).toEqual(info)
  })

  it('fail with the error of the handler', async () => {
    const { host, current } = running()
    const reply = host.request('photo.close', { photo: 'a' })
    const error = {
      code: 'photo-unknown',
      message: 'no such photo',
      params: { photo: 'a' },
    } as const
    current().say({ type: 'reply', id: 1, reply: { ok: false, error } })
    await expect(reply).rejects.toMatchObject(error)
  })

  it('do not let a result through that the contract does not allow', async () => {
    const { host, current } = running()
    const reply = host.request('engine.info', {})
    current().say(answer(current().requests[0], { tensorflow: 7 }))
    await expect(reply).rejects.toMatchObject({ code: 'internal' })
  })

  it('fail when the engine dies, and are never made again', async () => {
    const { host, current } = running()
    const reply = host.request('engine.info', {})
    current().end(null)
    await expect(reply).rejects.toMatchObject({ code: 'engine-lost' })
    await vi.advanceTimersByTimeAsync(1_000)
    current().shakeHands()
    expect(current().requests).toHaveLength(0)
  })

  it('made while the engine restarts wait for the new one', async () => {
    const { host, current } = running()
    current().end(null)
    const reply = host.request('engine.info', {})
    await vi.advanceTimersByTimeAsync(1_000)
    current().shakeHands()
    current().say(answer(current().requests[0], info))
    expect(await reply).toEqual(info)
  })

  it('that wait are bounded', async () => {
    const { host } = setUp()
    host.start()
    const waiting = Array.from({ length: 256 }, () => host.request('engine.info', {}))
    await expect(host.request('engine.info', {})).rejects.toMatchObject({ code: 'engine-lost' })
    const ends = Promise.allSettled(waiting)
    void host.stop()
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true)
  })
})

describe('events', () => {
  const payload = { job: 'j', photo: 'p', outcome: { state: 'cancelled' } } as const

  it('are passed on when they are the contract’s', () => {
    const { current, onEvent } = running()
    const event = { type: 'event', name: 'job.finished', payload } as const
    current().say(event)
    expect(onEvent).toHaveBeenCalledWith(event)
  })

  it.each([
    ['an unknown name', { type: 'event', name: 'constructor', payload }],
    ['another payload', { type: 'event', name: 'job.finished', payload: { job: 7 } }],
  ])('are dropped and logged with %s', (_what, event) => {
    const { current, onEvent, log } = running()
    current().say(event as FromEngine)
    expect(onEvent).not.toHaveBeenCalled()
    expect(log.mock.calls.some(([level]) => level === 'error')).toBe(true)
  })
})

describe('the heartbeat', () => {
  it('leaves an engine alone that answers', async () => {
    const { current, names } = running()
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(current().killed).toBe(false)
    expect(names()).toEqual(['starting', 'ready'])
  })

  it('has an engine killed and replaced that is silent for 20 s', async () => {
    const { current, processes, names } = running()
    current().deaf = true
    await vi.advanceTimersByTimeAsync(20_000)
    expect(processes[0]?.killed).toBe(false)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(processes[0]?.killed).toBe(true)
    expect(names()).toEqual(['starting', 'ready', 'restarting'])
  })

  it('takes any message for a sign of life', async () => {
    const { current } = running()
    current().deaf = true
    for (let second = 0; second < 60; second += 10) {
      await vi.advanceTimersByTimeAsync(10_000)
      current().say({ type: 'event', name: 'job.progress', payload: {} as never })
    }
    expect(current().killed).toBe(false)
  })

  it('is patient while a native library loads, and not afterwards', async () => {
    const { current, processes } = running()
    current().deaf = true
    current().say({ type: 'blocking', blocking: true })
    await vi.advanceTimersByTimeAsync(120_000)
    expect(current().killed).toBe(false)
    current().say({ type: 'blocking', blocking: false })
    await vi.advanceTimersByTimeAsync(22_000)
    expect(processes[0]?.killed).toBe(true)
  })

  it('stays patient until the outermost of several long calls has ended', async () => {
    const { current, processes } = running()
    current().deaf = true
    current().say({ type: 'blocking', blocking: true })
    current().say({ type: 'blocking', blocking: true })
    current().say({ type: 'blocking', blocking: false })
    await vi.advanceTimersByTimeAsync(120_000)
    expect(current().killed).toBe(false)
    current().say({ type: 'blocking', blocking: false })
    await vi.advanceTimersByTimeAsync(22_000)
    expect(processes[0]?.killed).toBe(true)
  })
})

describe('after a death', () => {
  it('whatever the exit code, a new engine comes after 1, 2 and 4 s, and then none', async () => {
    const { host, current, processes } = running()
    for (const [deaths, seconds] of [1, 2, 4].entries()) {
      current().end(0)
      expect(host.state).toMatchObject({ state: 'restarting', error: { code: 'engine-lost' } })
      await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1)
      expect(processes).toHaveLength(deaths + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(processes).toHaveLength(deaths + 2)
      current().shakeHands()
      expect(host.state.state).toBe('ready')
    }
    current().end(0)
    expect(host.state).toMatchObject({ state: 'failed', error: { code: 'engine-failed' } })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(processes).toHaveLength(4)
    await expect(host.request('engine.info', {})).rejects.toMatchObject({ code: 'engine-failed' })
  })

  it('three restarts are allowed in every ten minutes', async () => {
    const { host, current } = running()
    for (let death = 0; death < 9; death += 1) {
      current().end(null)
      await vi.advanceTimersByTimeAsync(4_000)
      current().shakeHands()
      await vi.advanceTimersByTimeAsync(4 * 60_000)
    }
    expect(host.state.state).toBe('ready')
  })

  it('a late word of the old process is not heard', async () => {
    const { host, processes, current, log } = running()
    current().end(null)
    await vi.advanceTimersByTimeAsync(1_000)
    processes[0]?.shakeHands()
    expect(host.state.state).toBe('restarting')
    processes[0]?.listener.output('last words\n')
    expect(log).toHaveBeenCalledWith('warn', 'engine: last words')
  })

  it('requests that wait fail once the engine is given up', async () => {
    const { host, current } = running()
    for (const seconds of [1, 2, 4]) {
      current().end(null)
      await vi.advanceTimersByTimeAsync(seconds * 1_000)
    }
    const reply = host.request('engine.info', {})
    current().end(null)
    await expect(reply).rejects.toMatchObject({ code: 'engine-failed' })
  })
})

describe('an engine that cannot even be started', () => {
  it('is tried as often as one that dies', async () => {
    const fork = vi.fn(() => {
      throw new Error('no such file')
    })
    const states: string[] = []
    const host = new EngineHost({
      fork,
      onState: ({ state }) => states.push(state),
      onEvent: vi.fn(),
      log: vi.fn(),
    })
    host.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fork).toHaveBeenCalledTimes(4)
    expect(states).toEqual(['starting', 'restarting', 'restarting', 'restarting', 'failed'])
  })
})

describe('stop', () => {
  it('asks, ends the engine once it has stopped, and does not start it again', async () => {
    const { host, current, processes, names } = running()
    const stopped = host.stop()
    expect(current().told.at(-1)).toEqual({ type: 'stop' })
    expect(current().killed).toBe(false)
    current().say({ type: 'stopped' })
    expect(current().killed).toBe(true)
    await stopped
    await vi.advanceTimersByTimeAsync(60_000)
    expect(processes).toHaveLength(1)
    expect(names()).toEqual(['starting', 'ready'])
  })

  it('lets the engine answer what it is at', async () => {
    const { host, current } = running()
    const reply = host.request('engine.info', {})
    const stopped = host.stop()
    current().say(answer(current().requests[0], info))
    current().say({ type: 'stopped' })
    expect(await reply).toEqual(info)
    await stopped
  })

  it('kills after ten seconds', async () => {
    const { host, current } = running()
    const stopped = host.stop()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(current().killed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(current().killed).toBe(true)
    await stopped
  })

  it('can be asked twice, and when there is no engine', async () => {
    const { host, current } = running()
    const both = Promise.all([host.stop(), host.stop()])
    current().end(0)
    await both
    await setUp().host.stop()
  })

  it('prevents a restart that was due', async () => {
    const { host, current, processes } = running()
    current().end(null)
    await host.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(processes).toHaveLength(1)
    await expect(host.request('engine.info', {})).rejects.toMatchObject({ code: 'engine-failed' })
  })
})
