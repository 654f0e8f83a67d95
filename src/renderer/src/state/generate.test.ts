import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gallery } from '../../../shared/latent'
import type { LibraryItem, ModelKind } from '../../../shared/training'
import { House } from './testing/house'
import { libraryItem, pictures, progress, variational } from './testing/runs'

const ended = progress({ state: 'finished', epoch: 20 })
const model = (item: string, kind: ModelKind): LibraryItem =>
  libraryItem({ item, name: item, kind, progress: ended, config: variational })

const columnsOf = (gallery: Gallery): number => (gallery.kind === 'interpolate' ? 3 : 2)
const countOf = (gallery: Gallery): number =>
  gallery.kind === 'interpolate' ? 3 * (gallery.anchors.length - 1) : 4

let house: House
afterEach(() => {
  vi.useRealTimers()
})
beforeEach(async () => {
  vi.useFakeTimers()
  house = await House.open((engine) => {
    engine.items = [model('digits-vae', 'variational'), model('plain', 'autoencoder')]
    engine.handlers['latent.facts'] = ({ item }) => ({
      ...{ item, hash: 'h', latent: 2, width: 4, height: 4, channels: 1 },
      prior: item === 'digits-vae',
      latents: [
        { index: 1, mean: 0.5, variance: 2, active: true },
        { index: 0, mean: 0.1, variance: 1, active: true },
      ],
      data: { training: 20, test: 10, labels: ['a', 'b'] },
    })
    engine.handlers['latent.gallery'] = ({ gallery }) => ({
      pictures: pictures(countOf(gallery)),
      columns: columnsOf(gallery),
      codes: Float32Array.from({ length: 2 * countOf(gallery) }, (_, i) => i),
      rows:
        gallery.kind === 'traverse' ? [1, 0].map((latent) => ({ latent, straight: false })) : [],
      hash: 'h',
    })
    engine.handlers['latent.between'] = ({ from }) => ({ picture: pictures(1), code: from })
    engine.handlers['latent.decode'] = () => pictures(1)
  })
})
const settled = () => house.rest()
const galleries = () => house.engine.of('latent.gallery') as { item: string; gallery: Gallery }[]

describe('generating', () => {
  it('samples from the prior, or from the mixture where there is none', async () => {
    const { generate } = house.workspace
    generate.choose('digits-vae')
    await settled()
    expect(galleries()).toEqual([
      {
        item: 'digits-vae',
        gallery: { kind: 'sample', count: 64, seed: 0, temperature: 1, from: 'prior' },
      },
    ])
    generate.choose('plain')
    await settled()
    expect(galleries().at(-1)?.gallery).toMatchObject({ from: 'mixture' })
  })

  it('asks for the newest settings only while a gallery is made', async () => {
    const { generate } = house.workspace
    generate.choose('digits-vae')
    for (let i = 0; i < 5; i++) generate.reroll()
    await settled()
    expect(galleries().map(({ gallery }) => gallery.kind === 'sample' && gallery.seed)).toEqual([
      0, 5,
    ])
    expect(generate.made?.gallery).toMatchObject({ seed: 5 })
  })

  it('walks between what was added, and the scrubber follows the newest place', async () => {
    const { generate } = house.workspace
    house.engine.handlers['files.chooseImages'] = () => [
      { file: 'f1', name: 'one.png' },
      { file: 'f2', name: 'two.png' },
    ]
    generate.choose('digits-vae')
    generate.show('interpolate')
    expect(generate.gallery).toBeNull()
    await generate.addFiles()
    await settled()
    expect(galleries().at(-1)?.gallery).toEqual({
      kind: 'interpolate',
      anchors: [
        { kind: 'file', path: 'f1', name: 'one.png' },
        { kind: 'file', path: 'f2', name: 'two.png' },
      ],
      steps: 9,
      mode: 'slerp',
    })
    const before = house.engine.of('latent.between').length
    for (const share of [0.1, 0.2, 0.3, 2]) generate.scrubTo({ pair: 0, share })
    await settled()
    const asked = house.engine.of('latent.between').slice(before) as { share: number }[]
    expect(asked.map(({ share }) => share)).toEqual([0.1, 1])
    expect(generate.live).not.toBeNull()
  })

  it('takes a selected sample as a point and as the start of a traversal', async () => {
    const { generate } = house.workspace
    generate.choose('digits-vae')
    await settled()
    generate.select(2)
    generate.addSelected()
    const point = { kind: 'sample', seed: 0, temperature: 1, from: 'prior', index: 2 }
    expect(generate.anchors).toEqual([point])
    generate.traverseSelected()
    await settled()
    expect(galleries().at(-1)?.gallery).toMatchObject({ kind: 'traverse', base: point })
    expect([...(generate.code ?? [])]).toEqual([4, 5])
    generate.slide(1, -2)
    await settled()
    const decoded = house.engine.of('latent.decode').at(-1) as { codes: Float32Array }
    expect([...decoded.codes]).toEqual([4, -2])
  })

  it('exports what is shown, and shows again what a file says of itself', async () => {
    const { generate } = house.workspace
    house.engine.handlers['files.chooseTarget'] = () => ({ file: 't', name: 'x.png' })
    house.engine.handlers['latent.export'] = () => ({ name: 'x.png', bytes: 9 })
    house.engine.handlers['files.chooseImages'] = () => [{ file: 's', name: 'x.png' }]
    const gallery = { kind: 'sample', count: 16, seed: 7, temperature: 0.5, from: 'prior' } as const
    house.engine.handlers['latent.provenance'] = () => ({
      provenance: { program: 'p', model: 'digits-vae', hash: 'h', gallery, codes: [] },
      item: 'digits-vae',
    })
    generate.choose('digits-vae')
    await generate.export('animation')
    expect(house.engine.of('latent.export')).toEqual([
      { item: 'digits-vae', gallery: generate.gallery, as: 'animation', file: 't' },
    ])
    await generate.openSheet()
    await settled()
    expect(generate.made?.gallery).toEqual(gallery)
  })

  it('opens with points that the map sends', async () => {
    const { generate, map } = house.workspace
    map.choose('digits-vae')
    map.sendToGenerate([
      { kind: 'data', part: 'test', index: 1 },
      { kind: 'data', part: 'test', index: 2 },
    ])
    await settled()
    expect(house.workspace.screen).toBe('generate')
    expect(generate.made?.gallery).toMatchObject({ kind: 'interpolate' })
  })
})
