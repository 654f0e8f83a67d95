import { describe, expect, test } from 'vitest'
import { RankedScores } from './scores'

/** Scores with the truth of each: normal 1, 2, 3, 4 and anomalous 3, 5, 6. */
const ranked = new RankedScores({
  scores: Float32Array.of(5, 1, 3, 2, 6, 3, 4),
  truth: Int32Array.of(1, 0, 0, 0, 1, 1, 0),
  indices: Int32Array.of(70, 10, 30, 20, 60, 31, 40),
})

describe('scores in order', () => {
  test('know their ends and quantiles', () => {
    expect([ranked.least, ranked.largest, ranked.count, ranked.anomalies]).toEqual([1, 6, 7, 3])
    expect([0, 0.5, 1].map((share) => ranked.quantile(share))).toEqual([1, 3, 6])
  })

  test('count what is above a threshold; a score equal to it is not', () => {
    expect(ranked.confusion(3)).toEqual({
      found: 2,
      missed: 1,
      falseAlarms: 1,
      passed: 3,
      precision: 2 / 3,
      recall: 2 / 3,
      falseAlarmRate: 1 / 4,
    })
  })

  test('have no precision where nothing is above, and count all where everything is', () => {
    expect(ranked.confusion(6)).toMatchObject({ found: 0, falseAlarms: 0, precision: null })
    expect(ranked.confusion(0)).toMatchObject({ missed: 0, passed: 0, precision: 3 / 7, recall: 1 })
  })

  test('one class only: there is no recall of what there is none of', () => {
    const normal = new RankedScores({
      scores: Float32Array.of(1, 2),
      truth: Int32Array.of(0, 0),
      indices: Int32Array.of(0, 1),
    })
    expect(normal.confusion(1)).toMatchObject({ recall: null, precision: 0, falseAlarmRate: 0.5 })
  })

  test('name the images on both sides of a threshold, the nearest first', () => {
    const { below, above } = ranked.around(3, 2)
    expect(below.map(({ index }) => index)).toEqual([31, 30])
    expect(above).toEqual([
      { index: 40, score: 4, anomaly: false },
      { index: 70, score: 5, anomaly: true },
    ])
    expect(ranked.around(6, 2).above).toEqual([])
    expect(ranked.around(0.5, 2).below).toEqual([])
  })

  test('make a histogram of shares, each class by itself, the rest at its ends', () => {
    const { normal, anomalous } = ranked.histogram(2, 5, 3)
    expect(normal).toEqual([0.5, 0.25, 0.25])
    expect(anomalous.map((share) => Math.round(share * 3))).toEqual([0, 1, 2])
  })

  test('of no images at all are empty', () => {
    const none = new RankedScores({
      scores: new Float32Array(),
      truth: new Int32Array(),
      indices: new Int32Array(),
    })
    expect(none.confusion(0)).toMatchObject({ found: 0, passed: 0, precision: null, recall: null })
    expect(none.around(0, 3)).toEqual({ below: [], above: [] })
    expect(none.quantile(0.5)).toBe(0)
  })
})
