import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LibraryItem, RunConfig } from '../../../shared/training'
import { withAt } from './configFields'
import { House } from './testing/house'
import { config, libraryItem, progress, variational } from './testing/runs'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const trained = (of: RunConfig, value: number, more: Partial<LibraryItem> = {}) =>
  libraryItem({
    item: `item ${value}`,
    name: `name ${value}`,
    config: of,
    group: 'group',
    progress: progress({ state: 'finished' }),
    validation: { loss: 1, reconstruction: 90, penalty: 20, mse: 1 / value },
    ...more,
  })

describe('a sweep', () => {
  test('starts one run for each value, in one group', async () => {
    const house = await House.open()
    const { sweep } = house.workspace.train
    sweep.values = [2, 8]
    await sweep.start(config, 'digits')
    const started = house.engine.of('train.start')
    expect(started.map(({ name }) => name)).toEqual(['digits k 2', 'digits k 8'])
    expect(started.map(({ config }) => config.model)).toMatchObject([{ latent: 2 }, { latent: 8 }])
    expect(new Set(started.map(({ group }) => group)).size).toBe(1)
    expect(started[0]?.group).not.toBeNull()
    expect(sweep.points.map(({ value }) => value)).toEqual([2, 8])
  })

  test('one of a sweep over β is a sweep over β, by what its runs differ in', async () => {
    const house = await House.open((engine) => {
      engine.items = [4, 1].map((beta) => trained(withAt(variational, 'model.beta', beta), beta))
    })
    await house.settle()
    const { sweep } = house.workspace.train
    expect(sweep.kindOfGroup).toBe('beta')
    expect(sweep.points.map(({ value, rate, distortion }) => [value, rate, distortion])).toEqual([
      [1, 20, 90],
      [4, 20, 90],
    ])
    expect(sweep.points.some(({ collapsed }) => collapsed)).toBe(false)
  })

  test('latents whose KL is near zero have collapsed', async () => {
    const validation = { loss: 200, reconstruction: 200, penalty: 0.01, mse: 0.06 }
    const house = await House.open((engine) => {
      engine.items = [
        trained(withAt(variational, 'model.beta', 100), 100, { validation }),
        trained(variational, 1),
      ]
    })
    await house.settle()
    const collapsed = house.workspace.train.sweep.points.filter((point) => point.collapsed)
    expect(collapsed.map(({ value }) => value)).toEqual([100])
  })

  test('the linear baseline is asked for once for each list of sizes', async () => {
    const house = await House.open((engine) => {
      engine.items = [2, 4].map((latent) => trained(withAt(config, 'model.latent', latent), latent))
      engine.handlers['data.principalError'] = ({ sizes }) =>
        sizes.map((size) => ({ size, mse: 1 }))
    })
    await house.settle()
    const { sweep } = house.workspace.train
    await sweep.readBaseline()
    await sweep.readBaseline()
    expect(house.engine.of('data.principalError').map(({ sizes }) => sizes)).toEqual([[2, 4]])
    expect(sweep.baseline).toHaveLength(2)
    house.workspace.library.put(trained(withAt(config, 'model.latent', 8), 8))
    await sweep.readBaseline()
    expect(house.engine.of('data.principalError').at(-1)?.sizes).toEqual([2, 4, 8])
  })
})
