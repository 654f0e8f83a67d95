import { describe, expect, it } from 'vitest'
import type { Gallery } from '../../../shared/latent'
import { choicesOf, forAnotherModel, galleryOf, initialChoices } from './generateChoices'

const image = (index: number) => ({ kind: 'data', part: 'test', index }) as const
const weights = [-1, -0.5, 0, 0.5, 1, 1.5, 2]
const facts = {
  ...{ item: 'm', hash: 'h', latent: 2, width: 4, height: 4, channels: 1, prior: false },
  latents: [
    { index: 1, mean: 0.5, variance: 2, active: true },
    { index: 0, mean: 0.25, variance: 1, active: true },
  ],
  data: { training: 20, test: 0, labels: ['a', 'b'] },
}

const galleries: Gallery[] = [
  { kind: 'sample', count: 16, seed: 7, temperature: 0.5, from: 'mixture' },
  { kind: 'reconstruct', anchors: [image(1)] },
  { kind: 'interpolate', anchors: [image(1), image(2)], steps: 5, mode: 'lerp' },
  { kind: 'manifold', size: 12 },
  { kind: 'traverse', base: image(3), latents: 4, steps: 7, extent: 2 },
  {
    ...{ kind: 'arithmetic', base: image(3), weights },
    plus: { kind: 'label', part: 'training', label: 1 },
    minus: { kind: 'anchors', anchors: [image(4), image(5)] },
  },
]

describe('choices', () => {
  it.each(galleries)('of a gallery make the same gallery: $kind', (gallery) => {
    expect(galleryOf({ ...initialChoices, ...choicesOf(gallery) }, facts)).toEqual(gallery)
  })

  it('begin arithmetic in the middle of the codes, with images of the part that there is', () => {
    expect(galleryOf({ ...initialChoices, tab: 'arithmetic' }, facts)).toMatchObject({
      base: { kind: 'code', code: [0.25, 0.5] },
      plus: { part: 'training', label: 0 },
    })
  })

  it('leave behind what was chosen out of another model’s data, and keep the rest', () => {
    const choices = {
      ...initialChoices,
      ...{ steps: 4, base: image(1), anchors: [image(2)] },
      plus: { by: 'hand', label: 0, anchors: [image(3)] } as const,
    }
    expect(forAnotherModel(choices)).toEqual({ ...initialChoices, steps: 4 })
  })
})
