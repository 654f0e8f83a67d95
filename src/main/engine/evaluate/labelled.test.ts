import { describe, expect, it } from 'vitest'
import type { ImageSet } from '../data/imageSet'
import { splitIndices } from '../data/split'
import { drawLabelled, labelledSplit, oneHot } from './labelled'

const run = { validation: 0.2, training: { seed: 3 } } as Parameters<typeof labelledSplit>[1]
function setOf(labels: number[] | null, test = 0, names = ['a', 'b']): ImageSet {
  const count = labels?.length ?? 20
  return {
    card: { name: 'pictures', images: count, test, labels: labels && names } as ImageSet['card'],
    images: new Uint8Array(count),
    labels: labels && Uint8Array.from(labels),
    test: { images: new Uint8Array(test), labels: labels && new Uint8Array(test) },
  }
}
const mixed = Array.from({ length: 20 }, (_, i) => i % 2)

describe('the division', () => {
  it('takes the run’s own validation images to decide, and the test part for the test', () => {
    const split = labelledSplit(setOf(mixed, 4), run)
    const { training, validation } = splitIndices(20, 0.2, 3)
    expect(split.training.indices).toEqual(training)
    expect(split.validation.indices).toEqual(validation)
    expect([...split.test.indices]).toEqual([0, 1, 2, 3])
    expect(split.testPart).toBe('test')
  })

  it('without a test part tests on the run’s validation images, and no image is in two parts', () => {
    const split = labelledSplit(setOf(mixed), run)
    expect(split.testPart).toBe('validation')
    expect(split.test.indices).toEqual(splitIndices(20, 0.2, 3).validation)
    const parts = [split.training, split.validation, split.test]
    const all = parts.flatMap(({ indices }) => [...indices]).sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('is refused without labels, with one label, and with fewer images than labels', () => {
    const code = (set: ImageSet): unknown => {
      let found: unknown = null
      expect(() => labelledSplit(set, run)).toThrow(
        expect.toSatisfy((error: { code: string }) => {
          found = error.code
          return true
        }) as Error,
      )
      return found
    }
    expect(code(setOf(null))).toBe('labels-missing')
    expect(code(setOf(Array<number>(20).fill(1)))).toBe('labels-single')
    const names = Array.from({ length: 12 }, (_, i) => String(i))
    expect(code(setOf([...names.keys()], 0, names))).toBe('data-too-few')
  })
})

describe('drawing labelled images', () => {
  const given = {
    images: new Uint8Array(0),
    labels: Uint8Array.from({ length: 300 }, (_, i) => (i < 280 ? i % 2 : 2)),
    indices: Int32Array.from({ length: 300 }, (_, i) => i),
  }
  const countsOf = (drawn: Int32Array): number[] =>
    [0, 1, 2].map((label) => drawn.filter((index) => given.labels[index] === label).length)

  it('takes as many of each label while they last, each image once', () => {
    expect(countsOf(drawLabelled(given, 3, 1))).toEqual([1, 1, 1])
    const many = drawLabelled(given, 100, 1)
    expect(countsOf(many)).toEqual([40, 40, 20])
    expect(new Set(many).size).toBe(100)
    expect(drawLabelled(given, 1000, 1)).toEqual(given.indices)
  })

  it('depends on the seed alone', () => {
    expect(drawLabelled(given, 30, 7)).toEqual(drawLabelled(given, 30, 7))
    expect(drawLabelled(given, 30, 8)).not.toEqual(drawLabelled(given, 30, 7))
  })
})

it('labels become rows with one 1', () => {
  expect([...oneHot(Uint8Array.of(2, 0, 1), Int32Array.of(0, 2), 3)]).toEqual([0, 0, 1, 0, 1, 0])
})
