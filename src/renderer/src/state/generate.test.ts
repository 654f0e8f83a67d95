import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
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
const galleries = () =>
  (house.engine.of('latent.gallery') as { item: string; gallery: Gallery }[]).map(
    ({ item, gallery }) => ({ item, gallery }),
  )

describe('a mixture that is fitted first', () => {
  /** Holds back the galleries from the mixture until they are cancelled. */
  const fitting = () => {
    const jobs: string[] = []
    let fail = (_cause: Error): void => undefined
    const answer = house.engine.handlers['latent.gallery']
    house.engine.handlers['latent.gallery'] = (args) => {
      const { gallery, job } = args
      if (gallery.kind !== 'sample' || gallery.from === 'prior') return answer?.(args)
      jobs.push(job ?? '')
      return new Promise((_resolve, reject) => (fail = reject))
    }
    house.engine.handlers['job.cancel'] = ({ job }) => {
      if (job === jobs.at(-1)) fail(new DarkroomError('cancelled', 'cancelled'))
      return null
    }
    const tell = (share: number) => {
      const told = { phase: 'fit', share, secondsLeft: 3, detail: null } as const
      return house.send('work.progress', { job: jobs.at(-1) ?? '', ...told })
    }
    return { tell }
  }
  it('is told of, and cancelled goes back to what is shown', async () => {
    const { generate } = house.workspace
    generate.choose('digits-vae')
    await settled()
    const { tell } = fitting()
    const { sample } = generate.choices
    generate.change({ sample: { ...sample, from: 'mixture' } })
    await settled()
    await tell(0.4)
    expect(generate.maker.work).toEqual({ phase: 'fit', share: 0.4, secondsLeft: 3 })
    await generate.cancel()
    await settled()
    expect(generate.choices.sample.from).toBe('prior')
    expect([generate.maker.work, generate.making]).toEqual([null, false])
    expect(generate.made?.gallery).toMatchObject({ from: 'prior' })
    expect(house.told).toEqual([])
  })

  it('of a model without a prior leaves nothing shown, and can be asked for again', async () => {
    const { generate } = house.workspace
    const { tell } = fitting()
    generate.choose('plain')
    await settled()
    await tell(0.1)
    await generate.cancel()
    await settled()
    expect([generate.made, generate.making]).toEqual([null, false])
    generate.refresh()
    await settled()
    await tell(0.2)
    expect(generate.maker.work).toMatchObject({ share: 0.2 })
  })

  it('is not waited for when something else is to be made', async () => {
    const { generate } = house.workspace
    const { tell } = fitting()
    generate.choose('plain')
    await settled()
    await tell(0.1)
    generate.change({ tab: 'traverse' })
    await settled()
    expect(generate.maker.work).toBeNull()
    expect(generate.made?.gallery).toMatchObject({ kind: 'traverse' })
  })
})

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
    generate.change({ tab: 'interpolate' })
    expect(generate.gallery).toBeNull()
    generate.addAnchors(await generate.files.choose())
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
    for (const share of [0.1, 0.2, 0.3, 2]) generate.live.scrubTo({ pair: 0, share })
    await settled()
    const asked = house.engine.of('latent.between').slice(before) as { share: number }[]
    expect(asked.map(({ share }) => share)).toEqual([0.1, 1])
    expect(generate.live.picture).not.toBeNull()
  })

  it('takes a selected sample as a point and as the start of a traversal', async () => {
    const { generate } = house.workspace
    generate.choose('digits-vae')
    await settled()
    generate.select(2)
    generate.addSelected()
    const point = { kind: 'sample', seed: 0, temperature: 1, from: 'prior', index: 2 }
    expect(generate.choices.anchors).toEqual([point])
    generate.traverseSelected()
    await settled()
    expect(galleries().at(-1)?.gallery).toMatchObject({ kind: 'traverse', base: point })
    expect([...(generate.code ?? [])]).toEqual([0, 5]) // what the rows have where they do not change
    generate.slide(1, -2)
    await settled()
    const decoded = house.engine.of('latent.decode').at(-1) as { codes: Float32Array }
    expect([...decoded.codes]).toEqual([0, -2])
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
    await generate.files.export('animation')
    expect(house.engine.of('latent.export')).toEqual([
      { item: 'digits-vae', gallery: generate.gallery, as: 'animation', file: 't' },
    ])
    await generate.files.open()
    await settled()
    expect(generate.made?.gallery).toEqual(gallery)
  })

  it('saves the selected picture by itself', async () => {
    const { generate } = house.workspace
    house.engine.handlers['files.chooseTarget'] = ({ suggestedName }) => {
      return { file: 't', name: suggestedName }
    }
    house.engine.handlers['latent.exportPicture'] = () => ({ name: 'x.png', bytes: 9 })
    generate.choose('digits-vae')
    await settled()
    await generate.files.exportSelected()
    expect(house.engine.of('files.chooseTarget')).toEqual([]) // nothing is selected
    generate.select(3)
    await generate.files.exportSelected()
    expect(house.engine.of('files.chooseTarget')).toEqual([
      { suggestedName: 'digits-vae-sample-4.png', kind: 'png' },
    ])
    const { item, gallery } = generate
    expect(house.engine.of('latent.exportPicture')).toEqual([
      { item, gallery, place: 3, file: 't' },
    ])
    expect(house.told).toHaveLength(1)
  })

  it('calculates between groups by label, by hand, and of what has no labels', async () => {
    const { generate } = house.workspace
    const image = (index: number) => ({ kind: 'data', part: 'test', index }) as const
    generate.choose('digits-vae')
    await settled()
    generate.change({ tab: 'arithmetic' })
    await settled()
    const base = { kind: 'code', code: [0, 0] }
    const byLabel = (label: number) => ({ kind: 'label', part: 'test', label })
    expect(galleries().at(-1)?.gallery).toMatchObject({ base, plus: byLabel(0), minus: byLabel(1) })
    generate.addToGroup('plus', [image(3), image(5)])
    await settled()
    expect(galleries().at(-1)?.gallery).toMatchObject({
      plus: { kind: 'anchors', anchors: [image(3), image(5)] },
      minus: byLabel(1),
    })
    const { facts } = generate
    generate.facts = facts && { ...facts, data: null }
    expect(generate.gallery).toBeNull() // the other group has no pictures
    generate.addToGroup('minus', [{ kind: 'file', path: 'f', name: 'f.png' }])
    expect(generate.gallery).toMatchObject({ minus: { anchors: [{ path: 'f' }] } })
  })

  it('goes back and forth between choices, by the keys of the screen that is shown', async () => {
    const { workspace } = house
    const { generate } = workspace
    workspace.screen = 'generate'
    generate.choose('digits-vae')
    await settled()
    generate.reroll()
    generate.reroll()
    generate.setAnchors([{ kind: 'data', part: 'test', index: 1 }])
    generate.change({ tab: 'reconstruct' })
    await settled()
    workspace.command('undo')
    workspace.command('undo')
    workspace.command('undo')
    await settled()
    expect(generate.choices).toMatchObject({ tab: 'sample', anchors: [], sample: { seed: 1 } })
    expect(generate.made?.gallery).toMatchObject({ kind: 'sample', seed: 1 })
    workspace.command('redo')
    await settled()
    expect(generate.made?.gallery).toMatchObject({ seed: 2 })
    workspace.screen = 'denoise'
    workspace.command('undo')
    expect(generate.choices.sample.seed).toBe(2)
    generate.choose('plain')
    expect(generate.canUndo).toBe(false)
    await settled()
  })

  it('takes dropped pictures as points, of the bundled model where there is none yet', async () => {
    const { workspace } = house
    const { generate } = workspace
    house.adopt.mockImplementation(({ name }) => Promise.resolve({ file: `at ${name}`, name }))
    workspace.screen = 'generate'
    await workspace.drop([new File([], 'a.png'), new File([], 'b.png')], new Set())
    await settled()
    expect(generate.item).toBe('digits-vae')
    expect(generate.made?.gallery).toMatchObject({
      kind: 'interpolate',
      anchors: [{ path: 'at a.png' }, { path: 'at b.png' }],
    })
    expect(workspace.screen).toBe('generate')
    expect(workspace.photos.list).toEqual([])
  })

  it('shows a picture on the map by its code', async () => {
    const { workspace } = house
    const { generate } = workspace
    generate.choose('digits-vae')
    await settled()
    generate.select(1)
    const mark = vi.spyOn(workspace.map, 'mark').mockReturnValue()
    generate.mapSelected()
    expect(workspace.screen).toBe('map')
    expect(mark).toHaveBeenCalledWith('digits-vae', Float32Array.of(2, 3))
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
