import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AutoencoderConfig } from '../../../../shared/training'
import type { Run } from '../../state/train.svelte'
import { config, libraryItem, progress } from '../../state/testing/runs'
import { bestColumns } from './layout'
import { sortedRuns } from './order'
import { sketchOf } from './sketch'
import { rateTable, sizeTable } from './sweepData'

const run = (name: string, more: object = {}) => libraryItem({ item: name, name, ...more }) as Run
const names = (runs: Run[]) => runs.map(({ name }) => name).join()

describe('the order of runs', () => {
  const losses = (loss: number) => ({ loss, reconstruction: loss, penalty: null, mse: 0.1 })
  const runs = [
    run('run 10', { created: 1, validation: losses(3) }),
    run('run 9', { created: 3, validation: losses(5) }),
    run('run 1', { created: 2 }),
  ]
  const by = (column: Parameters<typeof sortedRuns>[1]['by'], descending: boolean) =>
    names(sortedRuns(runs, { by: column, descending }, (each) => each.progress))

  test('names by their numbers', () => {
    expect(by('name', false)).toBe('run 1,run 9,run 10')
  })

  test('what has no value yet comes last, either way', () => {
    expect(by('validation', false)).toBe('run 10,run 9,run 1')
    expect(by('validation', true)).toBe('run 9,run 10,run 1')
  })

  test('equals: the newest first', () => {
    expect(by('model', false)).toBe('run 9,run 1,run 10')
    expect(by('state', true)).toBe('run 9,run 1,run 10')
  })

  test('epochs as they are now', () => {
    const now = (each: Run) => progress({ epoch: each.name === 'run 1' ? 7 : 2 })
    const sorted = sortedRuns(runs, { by: 'epochs', descending: true }, now)
    expect(sorted[0]?.name).toBe('run 1')
  })
})

test('pictures fit into any area', () => {
  const sides = fc.integer({ min: 8, max: 128 })
  const lengths = fc.integer({ min: 120, max: 1500 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 32 }),
      sides,
      fc.integer({ min: 2, max: 3 }),
      lengths,
      lengths,
      (count, side, sets, width, height) => {
        const pictures = { count, width: side, height: side }
        const found = bestColumns(pictures, sets, width, height)
        expect(found.count).toBeLessThanOrEqual(count)
        expect(found.columns * found.zoom * side).toBeLessThanOrEqual(Math.max(width, 36) + 1)
      },
    ),
  )
})

describe('the sketch of a network', () => {
  const texts = (model: AutoencoderConfig) =>
    sketchOf(model, { width: 28, height: 28, channels: 1 }).map(({ text }) => text)

  test('convolutions halve the sides, the decoder mirrors them', () => {
    expect(texts(config.model as AutoencoderConfig)).toEqual([
      ...['28×28×1', '14×14×32', '7×7×64', '512', '32'],
      ...['512', '7×7×64', '14×14×32', '28×28×1'],
    ])
  })

  test('dense layers have their widths', () => {
    const model = { ...config.model, family: 'mlp', layers: [400], dense: 0 } as AutoencoderConfig
    expect(texts(model)).toEqual(['28×28×1', '400', '32', '400', '28×28×1'])
  })
})

describe('the tables of a sweep', () => {
  const point = (value: number, more: object = {}) => ({
    run: run('a'),
    value,
    mse: null,
    rate: null,
    distortion: null,
    collapsed: false,
    ...more,
  })

  test('sizes of either line, in order', () => {
    const points = [point(8, { mse: 0.1 }), point(2, { mse: 0.4 })]
    expect(sizeTable(points, [{ size: 4, mse: 0.3 }])).toEqual([
      [2, 4, 8],
      [0.4, null, 0.1],
      [null, 0.3, null],
    ])
  })

  test('rates in order, of what is known', () => {
    const points = [
      point(1, { rate: 20, distortion: 80 }),
      point(2),
      point(4, { rate: 5, distortion: 120 }),
    ]
    expect(rateTable(points)).toEqual([
      [5, 20],
      [120, 80],
    ])
  })
})
