import { describe, expect, test } from 'vitest'
import { isColumns, type Chart, type Figure } from '../../../../shared/latent'
import { columnsOf, linesOf, summaryOf, tableOf } from './chartData'
import { cellText, figureText, numberText, shareText, verdictOf, withUnit } from './words'

const figure = (value: number, others: number[], more: Partial<Figure> = {}): Figure => ({
  name: 'f',
  value,
  unit: '',
  better: 'larger',
  baselines: others.map((each, index) => ({ name: `"b${index}"`, value: each })),
  ...more,
})

describe('numbers', () => {
  test('have the digits that mean something', () => {
    expect([0.97514, 105.3, -3.25, 17, 10_000, 1234.5].map((value) => numberText(value))).toEqual([
      '0.9751',
      '105.30',
      '−3.2500',
      '17',
      '10,000',
      '1235',
    ])
    expect(numberText(0.00012345)).toBe('0.000123')
    expect(numberText(NaN)).toBe('–')
  })

  test('have their unit; bytes are counted in thousands', () => {
    expect(withUnit(1_834_211, 'bytes')).toBe('1.8 MB')
    expect(withUnit(95.25, '%')).toBe('95.3 %')
    expect(withUnit(80, 'nats')).toBe('80 nats')
  })

  test('in a table stand beside names and words of the data', () => {
    expect(cellText('"7"')).toBe('7')
    expect(cellText(null)).toBe('–')
    expect(cellText('mean-squared-error')).toBe('Mean squared error')
  })
})

test('a share of one is not a count of one', () => {
  expect(figureText(figure(1, []), 1)).toBe('1.0000')
  expect(figureText(figure(17, [], { better: null }), 17)).toBe('17')
  expect(shareText(NaN)).toBe('–')
})

describe('a figure against its baselines', () => {
  test('is better than the best of them, or says which does better', () => {
    expect(verdictOf(figure(0.97, [0.95, 0.96]))).toEqual({
      wins: true,
      text: '0.0100 better than b1',
    })
    expect(verdictOf(figure(0.9, [0.95, 0.5]))).toEqual({
      wins: false,
      text: 'b0 does better here: 0.9500',
    })
  })

  test('the smaller the better', () => {
    const bits = figure(0.16, [1.9, 0.14], { better: 'smaller', unit: 'bits/pixel' })
    expect(verdictOf(bits)?.text).toBe('b1 does better here: 0.1400 bits/pixel')
    expect(verdictOf({ ...bits, value: 0.1 })?.wins).toBe(true)
  })

  test('equal is no better, and without anything to compare there is nothing to say', () => {
    expect(verdictOf(figure(1, [1]))).toEqual({ wins: false, text: 'no better than b0' })
    expect(verdictOf(figure(1, []))).toBeNull()
    expect(verdictOf(figure(1, [2], { better: null }))).toBeNull()
  })
})

const chart: Chart = {
  name: '"Accuracy"',
  xName: '"labels"',
  yName: '"accuracy"',
  logarithmicX: true,
  logarithmicY: false,
  lines: [
    { name: '"ours"', baseline: false, x: [10, 100], y: [0.5, 0.9], interval: [0.05, 0.01] },
    { name: '"pca"', baseline: true, x: [10, 1000], y: [0.4, 0.8], interval: null },
  ],
}

describe('a chart', () => {
  test('draws what is compared with dashed', () => {
    expect(linesOf(chart).map(({ label, dashed }) => [label, dashed])).toEqual([
      ['ours', false],
      ['pca', true],
    ])
    expect(linesOf(chart)[0]?.points[0]).toEqual({ x: 10, y: 0.5, interval: 0.05 })
  })

  test('is a table with a row for each x', () => {
    const { columns, rows } = tableOf(chart)
    expect(columns).toEqual(['"labels"', '"ours"', '"pca"'])
    expect(rows).toEqual([
      [10, '"0.5000 ± 0.0500"', '"0.4000"'],
      [100, '"0.9000 ± 0.0100"', '"–"'],
      [1000, '"–"', '"0.8000"'],
    ])
  })

  test('says in words where its lines begin and end', () => {
    expect(summaryOf(chart)).toBe(
      'Accuracy. ours: 0.5000 at 10, 0.9000 at 100. pca: 0.4000 at 10, 0.8000 at 1,000',
    )
    expect(summaryOf({ ...chart, lines: [] })).toBe('Accuracy')
  })

  test('of latents stands as columns; those that carry nothing are quiet', () => {
    const latents = {
      ...chart,
      name: 'kl-per-latent',
      lines: [{ name: '"kl"', baseline: false, x: [4, 0], y: [2.5, 0.001], interval: null }],
    }
    expect([isColumns(chart), isColumns(latents)]).toEqual([false, true])
    expect(columnsOf(latents)).toEqual([
      { label: '4', value: 2.5, quiet: false },
      { label: '0', value: 0.001, quiet: true },
    ])
  })
})
