import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { RunSetup, forecastMilliseconds } from './setup.svelte'
import { anyFolder } from './configEdits'
import { FakeEngine } from './testing/fakeEngine'
import { config } from './testing/runs'

let engine: FakeEngine
beforeEach(() => {
  vi.useFakeTimers()
  engine = new FakeEngine()
  engine.handlers['data.describe'] = ({ source }) => ({ card: { name: source.kind }, samples: {} })
  engine.handlers['train.forecast'] = () => ({ parameters: 1, refusal: null })
})
afterEach(() => {
  vi.useRealTimers()
})
const settle = () => vi.advanceTimersByTimeAsync(forecastMilliseconds + 50)
const open = (start = config) => new RunSetup(engine.ask, start, 'name', 'mnist-autoencoder')

describe('a run that is set up', () => {
  test('its data are described and its cost is forecast once values rest', async () => {
    const setup = open()
    setup.set('model.latent', 8)
    setup.set('model.latent', 16)
    await settle()
    expect(engine.of('data.describe')).toEqual([{ source: { kind: 'mnist' } }])
    expect(engine.of('train.forecast').map(({ config }) => config.model)).toMatchObject([
      { latent: 16 },
    ])
    expect(setup.forecast?.parameters).toBe(1)
    expect(setup.canStart).toBe(true)
  })

  test('the data are not read again for a change of the model', async () => {
    const setup = open()
    await settle()
    setup.set('training.epochs', 3)
    await settle()
    expect(engine.of('data.describe')).toHaveLength(1)
    expect(engine.of('train.forecast')).toHaveLength(2)
  })

  test('a value out of range is marked, and nothing is asked or started', async () => {
    const setup = open()
    await settle()
    setup.set('training.epochs', 0)
    await settle()
    expect(setup.problems.get('training.epochs')).toBe('range')
    expect(setup.canStart).toBe(false)
    expect(engine.of('train.forecast')).toHaveLength(1)
  })

  test('a refusal says why and holds the start back until something changes', async () => {
    const refusal = { code: 'training-too-large', message: 'too large', params: {} }
    engine.handlers['train.forecast'] = () => ({ parameters: 0, refusal })
    const setup = open()
    await settle()
    expect(setup.refusal?.code).toBe('training-too-large')
    expect(setup.canStart).toBe(false)
    engine.handlers['train.forecast'] = () => ({ parameters: 1, refusal: null })
    setup.set('model.latent', 4)
    await settle()
    expect(setup.canStart).toBe(true)
  })

  test('data that cannot be read are named', async () => {
    engine.handlers['data.describe'] = () => {
      throw new DarkroomError('data-damaged', 'damaged')
    }
    const setup = open()
    await settle()
    expect(setup.refusal?.code).toBe('data-damaged')
    setup.setData({ kind: 'fashion-mnist' })
    engine.handlers['data.describe'] = () => ({ card: {}, samples: {} })
    await settle()
    expect(setup.refusal).toBeNull()
  })

  test('a folder that is not chosen yet is not asked for', async () => {
    const setup = open({ ...config, data: anyFolder })
    await settle()
    expect(engine.asked).toEqual([])
    expect(setup.canStart).toBe(false)
    setup.setData({ ...anyFolder, path: 'handle', name: 'photos' })
    await settle()
    expect(engine.of('data.describe')).toHaveLength(1)
    expect(setup.canStart).toBe(true)
  })

  test('an answer that comes too late is not shown', async () => {
    let answer: (value: unknown) => void = () => undefined
    engine.handlers['train.forecast'] = () => new Promise((resolve) => (answer = resolve))
    const setup = open()
    await settle()
    const late = answer
    setup.set('model.latent', 4)
    await settle()
    late({ parameters: 99, refusal: null })
    await settle()
    expect(setup.forecast).toBeNull()
    answer({ parameters: 4, refusal: null })
    await settle()
    expect(setup.forecast?.parameters).toBe(4)
  })

  test('without a name it cannot start', async () => {
    const setup = open()
    await settle()
    setup.name = '  '
    expect(setup.canStart).toBe(false)
  })
})
