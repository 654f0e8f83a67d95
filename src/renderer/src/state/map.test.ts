import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MapRequest } from '../../../shared/latent'
import type { LibraryItem } from '../../../shared/training'
import { House } from './testing/house'
import { config, libraryItem, pictures, progress, variational } from './testing/runs'

let house: House
let jobs = 0
beforeEach(() => {
  vi.useFakeTimers()
  jobs = 0
})
afterEach(() => {
  vi.useRealTimers()
})

const ended = progress({ state: 'finished', epoch: 20 })
const ofLatents = (item: string, latent: number): LibraryItem =>
  libraryItem({
    ...{ item, name: item, progress: ended },
    config: { ...variational, model: { ...config.model, latent } as typeof config.model },
  })

/** Six points; image numbers are ten times as large. */
const mapOf = (request: MapRequest) => ({
  request,
  count: 6,
  places: Float32Array.of(-1, 0, -0.5, 0, 0, 0, 0.5, 0, 1, 0, 0, 1),
  indices: Int32Array.of(0, 10, 20, 30, 40, 50),
  labels: Int32Array.of(0, 0, 1, 1, 1, 2),
  labelNames: ['zero', 'one', 'two'],
  errors: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
  frame: { centre: [0, 0], factor: 1 },
  decodable: request.projection === 'codes',
  explained: null,
  trustworthiness: 0.9,
  continuity: 0.8,
  judged: 6,
  neighbours: 2,
  seconds: 1,
})

async function open(items = [ofLatents('digits-vae-2d', 2), ofLatents('wide', 20)]) {
  const requests = new Map<string, MapRequest>()
  house = await House.open((engine) => {
    engine.items = items
    engine.handlers['map.start'] = ({ map }) => {
      const job = `map ${++jobs}`
      requests.set(job, map)
      return { job }
    }
    engine.handlers['map.read'] = ({ job }) => mapOf(requests.get(job) as MapRequest)
    engine.handlers['map.images'] = ({ indices }) => ({
      originals: pictures(indices.length),
      reconstructions: pictures(indices.length),
      codes: new Float32Array(indices.flatMap((index) => [index, -index])),
      errors: new Float32Array(indices.length),
    })
    engine.handlers['map.neighbours'] = ({ code, count }) => ({
      indices: Array.from({ length: count }, (_, i) => (code[0] ?? 0) + i),
      distances: Array.from({ length: count }, (_, i) => i),
    })
    engine.handlers['map.decode'] = ({ x, y }) => ({
      picture: pictures(1),
      code: Float32Array.of(x, y),
    })
  })
  await house.settle()
  return house.workspace.map
}
const done = (job: string) =>
  house.send('work.finished', { job, outcome: { state: 'done', report: null } })
const asked = () => house.engine.of('map.start').map(({ map }) => map)

describe('the Map screen', () => {
  test('maps the bundled model by one click, and the baseline behind it', async () => {
    const map = await open()
    expect(map.bundled?.item).toBe('digits-vae-2d')
    map.choose('digits-vae-2d')
    await house.rest()
    expect(asked()).toEqual([
      { item: 'digits-vae-2d', part: 'test', projection: 'codes', most: 10_000, seed: 0 },
    ])
    await house.send('work.progress', {
      ...{ job: 'map 1', phase: 'judge', share: 0.5, secondsLeft: 2, detail: null },
    })
    expect(map.works.making).toMatchObject({ phase: 'judge', share: 0.5 })
    await done('map 1')
    expect(map.works.making).toBeNull()
    expect(map.map?.request.projection).toBe('codes')
    expect(asked()[1]).toMatchObject({ projection: 'pixels-pca' })
    expect(map.works.making).toBeNull() // nobody waits for it
    expect(map.figures('pixels-pca')).toBeNull()
    await done('map 2')
    expect(map.figures('pixels-pca')).toMatchObject({ trustworthiness: 0.9 })
    expect(map.map?.request.projection).toBe('codes')
  })

  test('offers components where there are more latents than two', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    expect(map.projection).toBe('pca')
    expect(map.projections).toEqual(['pca', 'umap', 'pixels-pca'])
  })

  test('leaves out what cannot be mapped', async () => {
    const map = await open([
      libraryItem({ item: 'untrained', progress: progress() }),
      libraryItem({
        ...{ item: 'photo', kind: 'photo-denoiser', progress: ended },
        config: {
          ...config,
          model: {
            ...{ kind: 'photo-denoiser', channels: 1, widths: [8], blocks: 1, patch: 32 },
            ...{ sigma: [0, 55], supervision: 'clean', start: 'random' },
          },
        },
      }),
      ofLatents('trained', 2),
    ])
    expect(map.models.map(({ item }) => item)).toEqual(['trained'])
    expect(map.bundled?.item).toBe('trained')
  })

  test('shows a known arrangement at once, and keeps the selection', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    await done('map 1')
    await done('map 2')
    map.select(Int32Array.of(1, 3))
    map.chooseProjection('pixels-pca')
    await house.rest()
    expect(asked()).toHaveLength(2)
    expect(map.map?.request.projection).toBe('pixels-pca')
    expect([...map.selected]).toEqual([1, 3])
  })

  test('goes back to what is shown when the making is cancelled', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    await done('map 1')
    map.chooseProjection('umap')
    await house.rest()
    expect(map.map?.request.projection).toBe('pca') // still there meanwhile
    await map.works.cancel()
    expect(house.engine.of('job.cancel')).toEqual([{ job: 'map 3' }])
    expect(map.projection).toBe('pca')
    await house.send('work.finished', { job: 'map 3', outcome: { state: 'cancelled' } })
    expect(house.told).toEqual([])
  })

  test('tells why a map failed', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    const error = { code: 'points-too-few' as const, message: 'few', params: {} }
    await house.send('work.finished', { job: 'map 1', outcome: { state: 'failed', error } })
    expect(map.works.making).toBeNull()
    expect(house.told).toEqual(['error: points-too-few'])
  })

  test('an end that comes before its job’s name is not lost', async () => {
    const map = await open()
    house.engine.handlers['map.start'] = ({ map: request }) => {
      house.engine.handlers['map.read'] = () => mapOf(request)
      house.emit('work.finished', { job: 'early', outcome: { state: 'done', report: null } })
      return { job: 'early' }
    }
    map.choose('wide')
    await house.rest()
    expect(map.works.making).toBeNull()
    expect(map.map).not.toBeNull()
  })

  test('is made anew of a model that has learned since', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    await done('map 1')
    await done('map 2')
    map.choose('wide')
    await house.rest()
    expect(asked()).toHaveLength(2)
    const best = { epoch: 21, loss: 1 }
    const item = { ...ofLatents('wide', 20), progress: progress({ state: 'finished', best }) }
    await house.send('library.changed', { item })
    map.choose('wide')
    await house.rest()
    expect(asked()).toHaveLength(3)
    expect(map.map).toBeNull()
  })

  test('is made again after the engine’s death', async () => {
    const map = await open()
    map.choose('wide')
    await house.rest()
    await done('map 1')
    await done('map 2')
    await house.restart()
    expect(asked()).toHaveLength(3)
    expect(map.map).not.toBeNull() // looked at meanwhile
    expect(map.works.making?.request).toEqual(asked()[0])
  })
})

describe('posteriors', () => {
  test('are asked for once, and only of variational models by their latents', async () => {
    const map = await open([libraryItem({ ...ofLatents('digits-vae-2d', 2), kind: 'variational' })])
    const posteriors = { means: new Float32Array(2), deviations: new Float32Array(2), labels: null }
    house.engine.handlers['latent.posteriors'] = () => posteriors
    map.choose('digits-vae-2d')
    expect(map.hasPosteriors).toBe(false)
    await house.rest()
    await done('map 1')
    expect(map.hasPosteriors).toBe(true)
    await map.posteriors.toggle()
    expect(map.posteriors.known).toBe(posteriors)
    await map.posteriors.toggle()
    await map.posteriors.toggle()
    expect(house.engine.of('latent.posteriors')).toHaveLength(1)
    map.chooseProjection('umap')
    await house.rest()
    await done('map 3')
    expect(map.hasPosteriors).toBe(false)
  })
})

describe('points', () => {
  async function mapped() {
    const map = await open()
    map.choose('digits-vae-2d')
    await house.rest()
    await done('map 1')
    return map
  }

  test('are opened with their picture and neighbours, without themselves', async () => {
    const map = await mapped()
    await map.near.open(2)
    expect(map.near.opened).toEqual({ kind: 'point', point: 2, index: 20 })
    expect(map.pictures.get(20)).toMatchObject({ code: Float32Array.of(20, -20) })
    expect(map.near.neighbours).toHaveLength(12)
    expect(map.near.neighbours[0]).toEqual({ index: 21, distance: 1 })
    expect(map.near.anchor).toEqual({ kind: 'data', part: 'test', index: 20 })
  })

  test('are found by number, on the map or not', async () => {
    const map = await mapped()
    await map.near.search(30)
    expect(map.near.opened).toMatchObject({ point: 3, index: 30 })
    await map.near.search(31)
    expect(map.near.opened).toMatchObject({ point: -1, index: 31 })
    expect(map.pictures.get(31)).not.toBeNull()
  })

  test('a number that there is not is told', async () => {
    const map = await mapped()
    house.engine.handlers['map.images'] = () => Promise.reject(new Error('beyond'))
    await map.near.search(99_999)
    expect(house.told).toEqual(['error: internal'])
  })

  test('only the last place of a fast walk is decoded', async () => {
    const map = await mapped()
    map.near.decode(0.1, 0)
    map.near.decode(0.2, 0)
    map.near.decode(0.3, 0.5)
    await house.rest()
    expect(house.engine.of('map.decode')).toEqual([
      { job: 'map 1', x: 0.1, y: 0 },
      { job: 'map 1', x: 0.3, y: 0.5 },
    ])
    expect(map.near.opened).toMatchObject({ kind: 'place', x: 0.3, y: 0.5 })
    expect(map.near.neighbours).toHaveLength(12)
    const [x, y] = Float32Array.of(0.3, 0.5)
    expect(map.near.anchor).toEqual({ kind: 'code', code: [x, y] })
  })

  test('a code from elsewhere is marked on every map, until something else is opened', async () => {
    const map = await open()
    house.engine.handlers['map.locate'] = ({ job }) => ({
      ...{ x: 0.5, y: job === 'map 1' ? 0 : 1, picture: pictures(1) },
      nearest: job === 'map 1' ? null : 40,
    })
    const code = Float32Array.of(7, -7)
    map.mark('digits-vae-2d', code)
    await house.rest()
    expect(map.near.opened).toBeNull() // there is no map yet
    await done('map 1')
    expect(map.near.opened).toMatchObject({ kind: 'sent', x: 0.5, y: 0, code, nearest: null })
    expect(map.near.neighbours).toHaveLength(12)
    expect(map.near.anchor).toEqual({ kind: 'code', code: [7, -7] })
    map.chooseProjection('umap')
    await house.rest()
    await done('map 2')
    await done('map 3')
    expect(map.near.opened).toMatchObject({ kind: 'sent', y: 1, nearest: 40 })
    await map.near.open(2)
    map.chooseProjection('codes')
    await house.rest()
    expect(map.near.opened).toMatchObject({ kind: 'point', point: 2 })
  })

  test('codes of a part are written where a person says', async () => {
    const map = await mapped()
    house.engine.handlers['files.chooseTarget'] = () => null
    await map.exportCodes('csv')
    expect(house.engine.of('latent.exportCodes')).toEqual([])
    house.engine.handlers['files.chooseTarget'] = ({ suggestedName: name }) => ({ file: 't', name })
    house.engine.handlers['latent.exportCodes'] = () => ({ name: 'codes.npy', bytes: 9 })
    await map.exportCodes('npy')
    expect(house.engine.of('files.chooseTarget').at(-1)).toEqual({
      ...{ suggestedName: 'digits-vae-2d-test-codes.npy', kind: 'npy' },
    })
    expect(house.engine.of('latent.exportCodes')).toEqual([
      { item: 'digits-vae-2d', part: 'test', format: 'npy', file: 't' },
    ])
    expect(house.told).toHaveLength(1)
  })

  test('no place is decoded where places have no code', async () => {
    const map = await mapped()
    map.chooseProjection('pixels-pca')
    await house.rest()
    await done('map 2')
    map.near.decode(0, 0)
    await house.rest()
    expect(house.engine.of('map.decode')).toEqual([])
  })

  test('are selected one by one, and are anchors for Generate', async () => {
    const map = await mapped()
    map.toggle(4)
    map.toggle(1)
    map.toggle(4)
    map.toggle(0)
    expect([...map.selected]).toEqual([0, 1])
    expect(map.anchorsOfSelection).toEqual([
      { kind: 'data', part: 'test', index: 0 },
      { kind: 'data', part: 'test', index: 10 },
    ])
    for (const name of ['latent.facts', 'latent.gallery'] as const)
      house.engine.handlers[name] = () => new Promise(() => undefined)
    map.sendToGenerate(map.anchorsOfSelection)
    expect(house.workspace.screen).toBe('generate')
    expect(house.workspace.generate.item).toBe('digits-vae-2d')
    expect(house.workspace.generate.choices.anchors).toEqual(map.anchorsOfSelection)
  })

  test('are hidden by label, or by their error', async () => {
    const map = await mapped()
    const visible = () => [0, 1, 2, 3, 4, 5].filter((point) => map.isVisible(point))
    map.toggleLabel(1)
    expect(visible()).toEqual([0, 1, 5])
    map.onlyLabel(2)
    expect(visible()).toEqual([5])
    map.onlyLabel(2)
    expect(visible()).toEqual([0, 1, 2, 3, 4, 5])
    map.colour = 'error'
    map.leastError = 0.45
    expect(visible()).toEqual([4, 5])
  })

  test('what the pointer only passed is not asked for', async () => {
    const map = await mapped()
    for (const point of [0, 1, 2, 3]) map.hover(point)
    await house.rest()
    expect(house.engine.of('map.images').map(({ indices }) => indices)).toEqual([[0], [30]])
    map.hover(null)
    expect(map.hovered).toBeNull()
  })
})
