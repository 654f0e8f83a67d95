import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Leaving } from './leaving'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Answer = 'pause' | 'keep' | 'stay'

function setUp(answer: Answer | Promise<Answer>, ...names: string[]) {
  const services = {
    active: vi.fn(() => names),
    waiting: vi.fn(() => false),
    ask: vi.fn(() => Promise.resolve(answer)),
    suspend: vi.fn((): Promise<unknown> => Promise.resolve(null)),
    hide: vi.fn(),
    show: vi.fn(),
    quit: vi.fn(),
    failed: vi.fn(),
  }
  const leaving = new Leaving(services)
  /** Somebody closes the window; true when that was let through. */
  const close = async () => {
    const preventDefault = vi.fn()
    leaving.asked({ preventDefault })
    await vi.advanceTimersByTimeAsync(0)
    return preventDefault.mock.calls.length === 0
  }
  return { ...services, leaving, close, names }
}

describe('leaving', () => {
  it('is not asked about when nothing is trained', async () => {
    const { close, ask } = setUp('stay')
    expect(await close()).toBe(true)
    expect(ask).not.toHaveBeenCalled()
  })

  it('is asked about, once, with the names of what is trained', async () => {
    const { close, ask } = setUp(new Promise<Answer>(() => undefined), 'VAE', 'sparse')
    expect(await close()).toBe(false)
    expect(await close()).toBe(false)
    expect(ask.mock.calls).toEqual([[['VAE', 'sparse']]])
  })

  it('can be thought better of, and asked about again', async () => {
    const { close, ask, hide, quit, suspend } = setUp('stay', 'VAE')
    expect(await close()).toBe(false)
    expect(await close()).toBe(false)
    expect(ask).toHaveBeenCalledTimes(2)
    for (const verb of [hide, quit, suspend]) expect(verb).not.toHaveBeenCalled()
  })
})

describe('pause and quit', () => {
  it('quits once the checkpoints are on disk, and not before', async () => {
    let written = (): void => undefined
    const parts = setUp('pause', 'VAE')
    parts.suspend.mockReturnValue(new Promise<void>((done) => (written = done)))
    await parts.close()
    expect(parts.suspend.mock.calls).toEqual([['paused']])
    expect(parts.hide).toHaveBeenCalled()
    expect(parts.quit).not.toHaveBeenCalled()
    written()
    await vi.advanceTimersByTimeAsync(0)
    expect(parts.quit).toHaveBeenCalledOnce()
    expect(await parts.close()).toBe(true)
  })

  it('stays, visible, and says why when they cannot be written', async () => {
    const parts = setUp('pause', 'VAE')
    const error = new Error('disk full')
    parts.suspend.mockRejectedValueOnce(error)
    await parts.close()
    expect(parts.failed).toHaveBeenCalledWith(error)
    expect(parts.show).toHaveBeenCalled()
    expect(parts.quit).not.toHaveBeenCalled()
    await parts.close()
    expect(parts.quit).toHaveBeenCalledOnce()
  })
})

describe('keep running', () => {
  it('hides the window, and quits when the last run ends', async () => {
    const { close, hide, quit, leaving, names } = setUp('keep', 'VAE')
    await close()
    expect(hide).toHaveBeenCalled()
    leaving.runsChanged()
    expect(quit).not.toHaveBeenCalled()
    names.pop()
    leaving.runsChanged()
    expect(quit).toHaveBeenCalledOnce()
    expect(await close()).toBe(true)
  })

  it('quits at once when the last run ended while the question stood', async () => {
    let answered = (_answer: Answer): void => undefined
    const question = new Promise<Answer>((answer) => (answered = answer))
    const { close, quit, names } = setUp(question, 'VAE')
    await close()
    names.pop()
    answered('keep')
    await vi.advanceTimersByTimeAsync(0)
    expect(quit).toHaveBeenCalledOnce()
  })

  it('waits for runs that will go on with mains power', async () => {
    const { close, quit, waiting, leaving, names } = setUp('keep', 'VAE')
    await close()
    waiting.mockReturnValue(true)
    names.pop()
    leaving.runsChanged()
    expect(quit).not.toHaveBeenCalled()
    waiting.mockReturnValue(false)
    leaving.runsChanged()
    expect(quit).toHaveBeenCalledOnce()
  })

  it('does not quit once the window is shown again', async () => {
    const { close, quit, leaving, names } = setUp('keep', 'VAE')
    await close()
    leaving.shown()
    names.pop()
    leaving.runsChanged()
    expect(quit).not.toHaveBeenCalled()
  })
})

describe('the end of the system', () => {
  it('is not asked about: checkpoints of what runs are written, and the program ends', async () => {
    const { leaving, ask, suspend, quit, close } = setUp('stay', 'VAE')
    await leaving.atOnce()
    expect(suspend.mock.calls).toEqual([['running']])
    expect(quit).toHaveBeenCalledOnce()
    expect(await close()).toBe(true)
    expect(ask).not.toHaveBeenCalled()
  })

  it('does not wait for an engine that hangs, nor for one that fails', async () => {
    const hanging = setUp('stay', 'VAE')
    hanging.suspend.mockReturnValue(new Promise(() => undefined))
    const left = hanging.leaving.atOnce()
    await vi.advanceTimersByTimeAsync(4_000)
    await left
    expect(hanging.quit).toHaveBeenCalledOnce()
    const failing = setUp('stay', 'VAE')
    failing.suspend.mockRejectedValue(new Error('lost'))
    await failing.leaving.atOnce()
    expect(failing.quit).toHaveBeenCalledOnce()
  })

  it('goes over a question that stands', async () => {
    let answered = (_answer: Answer): void => undefined
    const question = new Promise<Answer>((answer) => (answered = answer))
    const { close, leaving, hide, quit } = setUp(question, 'VAE')
    await close()
    await leaving.atOnce()
    answered('keep')
    await vi.advanceTimersByTimeAsync(0)
    expect(quit).toHaveBeenCalledOnce()
    expect(hide).not.toHaveBeenCalled()
  })

  it('needs no engine when nothing is trained', async () => {
    const { leaving, suspend, quit } = setUp('stay')
    await leaving.atOnce()
    expect(suspend).not.toHaveBeenCalled()
    expect(quit).toHaveBeenCalledOnce()
  })
})
