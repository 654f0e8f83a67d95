import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Emit, EngineEvents } from '../../../shared/contract'
import type { MapRequest } from '../../../shared/latent'
import { epochOrder } from '../data/split'
import { tf } from '../runtime/tensorflow'
import { Library } from '../store/library'
import { Works } from '../work/works'
import { Maps } from './maps'
import { imagesOf, Spaces } from './spaces'

const models = join(__dirname, '../../../../resources/models')
const request = (more: Partial<MapRequest> = {}): MapRequest => ({
  ...{ item: 'digits-vae-2d', part: 'test', projection: 'codes', most: 300, seed: 1 },
  ...more,
})

let folder = ''
let spaces: Spaces
let works: Works
let maps: Maps
let heard: [string, unknown][] = []
const emit: Emit = (name, payload) => void heard.push([name, payload])
type Finished = EngineEvents['work.finished']
const ends = () =>
  heard.filter(([name]) => name === 'work.finished').map(([, end]) => end as Finished)

async function made(more: Partial<MapRequest> = {}) {
  const job = await maps.start(request(more), emit)
  await vi.waitFor(() => expect(ends().map((end) => end.job)).toContain(job), 50_000)
  expect(ends().find((end) => end.job === job)?.outcome).toEqual({ state: 'done', report: null })
  return { job, map: maps.read(job) }
}

beforeEach(() => {
  heard = []
  folder = mkdtempSync(join(tmpdir(), 'maps-'))
  const library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
  works = new Works()
  maps = new Maps(spaces, works)
})
afterEach(async () => {
  await works.close()
  spaces.close()
  rmSync(folder, { recursive: true })
})

describe('a map', () => {
  it('of two latents has their codes as places, and decodes a place', async () => {
    const { job, map } = await made()
    const space = await spaces.open('digits-vae-2d')
    const { mean } = await space.codes('test')
    expect(map.count).toBe(300)
    const everything = Int32Array.from({ length: 10_000 }, (_, i) => i)
    expect(map.indices).toEqual(epochOrder(everything, 1, 0).slice(0, 300))
    const { centre, factor } = map.frame
    for (let point = 0; point < 300; point++)
      for (const axis of [0, 1] as const) {
        const code = centre[axis] + (map.places[point * 2 + axis] ?? NaN) * factor
        expect(code).toBeCloseTo(mean[(map.indices[point] ?? 0) * 2 + axis] ?? NaN, 4)
      }
    expect(Math.max(...map.places.map(Math.abs))).toBeCloseTo(1, 6)

    const [x, y] = map.places
    const { picture, code } = maps.decode(job, x ?? 0, y ?? 0)
    const images = await maps.images('digits-vae-2d', 'test', [map.indices[0] ?? 0])
    expect([...code]).toEqual([...images.codes].map((value) => expect.closeTo(value, 4) as number))
    expect(picture).toMatchObject({ count: 1, width: 28, height: 28, channels: 1 })
    const differences = picture.pixels.map((pixel, i) =>
      Math.abs(pixel - (images.reconstructions.pixels[i] ?? 0)),
    )
    expect(Math.max(...differences)).toBeLessThanOrEqual(1)
  })

  it('has labels and the squared errors of the reconstructions', async () => {
    const { map } = await made({ most: 40 })
    const set = await (await spaces.open('digits-vae-2d')).set()
    expect([...(map.labels ?? [])]).toEqual([...map.indices].map((i) => set.test.labels?.[i]))
    expect(map.labelNames).toHaveLength(10)
    const { errors } = await maps.images('digits-vae-2d', 'test', [...map.indices])
    map.errors.forEach((error, i) => expect(error).toBeCloseTo(errors[i] ?? NaN, 5))
  })

  it('by principal components spans what they explain, and decodes with the rest at the mean', async () => {
    const { job, map } = await made({ item: 'digits-vae', projection: 'pca', most: 500 })
    const [first, second] = map.explained ?? [0, 0]
    expect(first).toBeGreaterThan(second)
    expect(first + second).toBeLessThan(1)
    const space = await spaces.open('digits-vae')
    const { mean } = await space.codes('test')
    const average = Array.from({ length: 20 }, (_, k) =>
      map.indices.reduce((sum, index) => sum + (mean[index * 20 + k] ?? 0) / 500, 0),
    )
    const { centre, factor } = map.frame
    const atMean = maps.decode(job, -centre[0] / factor, -centre[1] / factor)
    average.forEach((value, k) => expect(atMean.code[k]).toBeCloseTo(value, 4))
    // a step along both axes is as long in the code as on the map: the directions are orthonormal
    const away = maps.decode(job, (3 - centre[0]) / factor, (4 - centre[1]) / factor)
    const step = away.code.map((value, k) => value - (atMean.code[k] ?? 0))
    expect(Math.hypot(...step)).toBeCloseTo(5, 3)
  })

  it('by principal components of pixels has variance as the closed form says, and decodes nothing', async () => {
    const { job, map } = await made({ projection: 'pixels-pca', most: 200 })
    expect(map.decodable).toBe(false)
    expect(() => maps.decode(job, 0, 0)).toThrow(
      expect.objectContaining({ code: 'request-refused' }),
    )
    const set = await (await spaces.open('digits-vae-2d')).set()
    const [explained] = map.explained ?? [0]
    const share = tf.tidy(() => {
      const images = tf.tensor2d(imagesOf(set, 'test', map.indices), [200, 784])
      const centred = tf.sub(images, tf.mean(images, 0, true))
      // the largest eigenvalue of the 200 × 200 matrix of products, by the power method
      const products = tf.matMul(centred, centred, false, true)
      let vector = tf.ones([200, 1]).add(tf.range(0, 200).reshape([200, 1]).mul(0.01))
      for (let i = 0; i < 200; i++) {
        const next = tf.matMul(products, vector)
        vector = next.div(tf.norm(next))
      }
      const value = tf.matMul(vector, tf.matMul(products as never, vector as never), true)
      return (value.dataSync()[0] ?? 0) / (tf.sum(tf.square(centred)).dataSync()[0] ?? 1)
    })
    expect(explained).toBeCloseTo(share, 4)
  })

  it('by UMAP keeps neighbourhoods better than the pixels’ components, the same for the same seed', async () => {
    const umap = await made({ item: 'digits-vae', projection: 'umap', most: 500 })
    const again = await made({ item: 'digits-vae', projection: 'umap', most: 500 })
    const baseline = await made({ item: 'digits-vae', projection: 'pixels-pca', most: 500 })
    expect(again.map.places).toEqual(umap.map.places)
    expect(umap.map.trustworthiness).toBeGreaterThan(baseline.map.trustworthiness + 0.05)
    expect(umap.map).toMatchObject({ judged: 500, neighbours: 12, decodable: false })
  })

  it('is asked for neighbours: the image itself first, the others by distance', async () => {
    const { codes } = await maps.images('digits-vae', 'test', [7])
    const { indices, distances } = await maps.neighbours('digits-vae', 'test', codes, 5)
    expect(indices[0]).toBe(7)
    expect(distances[0]).toBeCloseTo(0, 4)
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
    const code = codes.subarray(1)
    await expect(maps.neighbours('digits-vae', 'test', code, 5)).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
    await expect(maps.images('digits-vae', 'test', [10_000])).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
  })

  it.each([
    ['codes', 'digits-vae-2d'],
    ['pca', 'digits-vae'],
  ] as const)('says where a code lies by %s: an image’s code at its point', async (by, item) => {
    const { job, map } = await made({ item, projection: by })
    const { codes, reconstructions } = await maps.images(item, 'test', [map.indices[5] ?? 0])
    const { x, y, nearest, picture } = await maps.locate(job, codes)
    expect(x).toBeCloseTo(map.places[10] ?? NaN, 3)
    expect(y).toBeCloseTo(map.places[11] ?? NaN, 3)
    expect(nearest).toBeNull()
    const far = picture.pixels.map((value, i) => Math.abs(value - (reconstructions.pixels[i] ?? 0)))
    expect(Math.max(...far)).toBeLessThanOrEqual(1)
    await expect(maps.locate(job, codes.subarray(1))).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
  })

  it('by pixels says where a code’s picture lies, by UMAP which image’s code is nearest', async () => {
    const pixels = await made({ projection: 'pixels-pca' })
    const { codes } = await maps.images('digits-vae-2d', 'test', [pixels.map.indices[5] ?? 0])
    const place = await maps.locate(pixels.job, codes)
    const [x, y] = [pixels.map.places[10] ?? NaN, pixels.map.places[11] ?? NaN]
    // the picture is a blurred copy of the image: near it, and not at it
    const away = Math.hypot(place.x - x, place.y - y)
    expect(away).toBeGreaterThan(0)
    expect(away).toBeLessThan(0.5)
    expect(place.nearest).toBeNull()

    const umap = await made({ projection: 'umap' })
    const near = await maps.locate(
      umap.job,
      codes.map((value) => value + 1e-4),
    )
    expect(near).toMatchObject({ nearest: umap.map.indices[5], x: umap.map.places[10] })
  })

  it('is refused with the reason', async () => {
    const unfit = maps.start(request({ item: 'digits-vae' }), emit)
    await expect(unfit).rejects.toMatchObject({
      code: 'latents-not-two',
      params: { model: 'digits-vae', latent: 20 },
    })
    await maps.start(request({ most: 2 }), emit)
    await vi.waitFor(() => expect(ends()).toHaveLength(1), 20_000)
    expect(ends()[0]?.outcome).toMatchObject({
      state: 'failed',
      error: { code: 'points-too-few', params: { least: 6 } },
    })
    expect(() => maps.read('nothing')).toThrow(expect.objectContaining({ code: 'job-unknown' }))
  })

  it('can be cancelled, answers others meanwhile, and keeps no tensor', async () => {
    await made({ item: 'digits-vae', projection: 'pca', most: 2000 })
    const before = tf.memory().numTensors
    heard = []
    const job = await maps.start(
      request({ item: 'digits-vae', projection: 'umap', most: 2000 }),
      emit,
    )
    const projecting = () =>
      heard.filter(
        ([name, event]) =>
          name === 'work.progress' && (event as { phase: string }).phase === 'project',
      )
    await vi.waitFor(() => expect(projecting().length).toBeGreaterThan(3), 20_000)
    const { originals } = await maps.images('digits-vae', 'test', [1, 2])
    expect(originals.count).toBe(2)
    expect(ends()).toEqual([])
    expect(await works.cancel(job)).toBe(true)
    expect(ends()[0]?.outcome).toEqual({ state: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
    await made({ item: 'digits-vae', projection: 'umap', most: 300 })
    expect(tf.memory().numTensors).toBe(before)
  })
})
