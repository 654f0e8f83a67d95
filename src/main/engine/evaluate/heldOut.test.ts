import { expect, it } from 'vitest'
import type { ImageSet } from '../data/imageSet'
import { splitIndices } from '../data/split'
import { heldOutOf } from './heldOut'

const images = Uint8Array.from({ length: 20 }, (_, i) => i)
const set = (test: number): ImageSet => ({
  card: { images: 20, test, width: 1, height: 1, channels: 1, hash: 'a' } as ImageSet['card'],
  images,
  labels: null,
  test: { images: images.slice(0, test), labels: null },
})
const config = { validation: 0.2, training: { seed: 3 } } as Parameters<
  typeof heldOutOf
>[1]['config']

it('is the test part where there is one', () => {
  expect(heldOutOf(set(4), { config, hash: 'a' })).toMatchObject({ part: 'test', count: 4 })
})

it('is what the run held out of its own data, else all', () => {
  const { validation } = splitIndices(20, 0.2, 3)
  expect(heldOutOf(set(0), { config, hash: 'a' })).toEqual({
    part: 'validation',
    count: 4,
    images: Uint8Array.from(validation),
  })
  expect(heldOutOf(set(0), { config, hash: 'b' })).toMatchObject({ part: 'all', count: 20 })
  const without = { ...config, validation: 0 }
  expect(heldOutOf(set(0), { config: without, hash: 'a' })).toMatchObject({ part: 'all' })
})
