import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { measureReport, type MeasureRequest } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import type { ImageSet } from '../data/imageSet'
import { configOf, trained } from '../evaluate/testing/trained'
import { openAutoencoder, type Autoencoder } from '../models/openAutoencoder'
import { gaussianField } from '../noise'
import { tf } from '../runtime/tensorflow'
import type { Space } from '../spaces/spaces'
import { measureFeatures } from './features'
import type { MeasureSurroundings } from './measurer'

/** 2 × 3 images with a bright row or a bright column. */
function pictures(count: number, seed: number): { images: Uint8Array; labels: Uint8Array } {
  const images = Uint8Array.from(gaussianField(count * 6, seed), (n, at) => {
    const [image, pixel] = [Math.floor(at / 6), at % 6]
    const bright = image % 2 === 0 ? pixel < 3 : pixel % 3 === 0
    return Math.max(0, Math.min(255, 60 + 30 * n + (bright ? 130 : 0)))
  })
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 2) }
}
const card = { name: 'bars', width: 3, height: 2, channels: 1, images: 240, test: 60 }
const set = {
  card: { ...card, labels: ['row', 'column'] },
  ...pictures(240, 1),
  test: pictures(60, 2),
} as unknown as ImageSet

const opened: Autoencoder[] = []
afterEach(() => opened.splice(0).forEach((each) => each.close()))

function spaceOf(
  name: string,
  data: ImageSet,
  shape = { height: 2, width: 3, channels: 1 },
): Space {
  const model = trained(configOf('autoencoder', { layers: [8] }), {}, shape)
  const autoencoder = openAutoencoder(model)
  opened.push(autoencoder)
  const codes = (part: 'training' | 'test') => {
    const { images } = part === 'test' ? data.test : data
    const { mean, logVariance } = autoencoder.encode(Float32Array.from(images, (v) => v / 255))
    return Promise.resolve({ count: images.length / 6, mean, logVariance })
  }
  return {
    ...{ item: name, name, hash: '', ...model, autoencoder, codes },
    set: () => Promise.resolve(data),
    run: { data: { kind: 'mnist' }, validation: 1 / 6, training: { seed: 1 } },
  } as unknown as Space
}

function around(spaces: Space[], signal = new AbortController().signal): MeasureSurroundings {
  return {
    spaces: {
      open: (item: string) => Promise.resolve(spaces.find((each) => each.item === item)),
    } as MeasureSurroundings['spaces'],
    context: { signal, report: () => undefined, breathe: () => setImmediate() },
    cache: null,
  }
}
type Request = Extract<MeasureRequest, { kind: 'features' }>
const request: Request = {
  ...{ kind: 'features', item: 'one', against: null, pretraining: false, seed: 3 },
}

describe('features', () => {
  it('come with their baselines, the same each time, and nothing is left behind', async () => {
    const spaces = [spaceOf('one', set), spaceOf('two', set)]
    const before = tf.memory().numTensors
    const asked = { ...request, against: 'two' }
    const { report } = await measureFeatures(asked, around(spaces))
    const kept = measureReport.safeParse({ ...report, id: 'a', created: 0, seconds: 1 })
    expect(kept.error).toBeUndefined()
    expect(report.figures.map(({ name }) => name)).toEqual([
      ...['probe-100', 'probe-one', 'probe-all', 'nearest-all', 'noise-100', 'reconstruction'],
    ])
    expect(report.figures[0]?.baselines.map(({ name }) => name)).toEqual([
      'pixels',
      'pca',
      'random',
    ])
    expect(report.figures[4]?.baselines[0]?.name).toBe('"two"')
    expect(report.figures[2]?.baselines[0]?.value).toBeGreaterThan(0.9)
    const noise = report.charts.find(({ name }) => name === 'noise')
    const pixels = noise?.lines.find(({ name }) => name === 'pixels')?.y as number[]
    expect(pixels[0]).toBe(report.figures[2]?.baselines[0]?.value)
    expect(pixels.at(-1)).toBeLessThan(pixels[0] as number)
    expect((await measureFeatures(asked, around(spaces))).report).toEqual(report)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('have words for all that they name', async () => {
    const plan = { ...request, pretraining: true, against: 'two' }
    const { report } = await measureFeatures(
      plan,
      around([spaceOf('one', set), spaceOf('two', set)]),
    )
    expect(report.figures.map(({ name }) => name)).toContain('pretraining-100')
    expect(report.charts.map(({ name }) => name)).toContain('learning-100')
    const names = [
      ...report.figures.map(({ name }) => `figure_${name}`),
      ...report.figures.flatMap(({ baselines }) => baselines.map(({ name }) => `name_${name}`)),
      ...report.charts.flatMap(({ name, xName, yName, lines }) =>
        [name, xName, yName, ...lines.map((line) => line.name)].map((each) => `name_${each}`),
      ),
      ...report.tables.flatMap(({ name, columns }) =>
        [name, ...columns].map((each) => `name_${each}`),
      ),
      ...report.protocol.map(({ name }) => `protocol_${name}`),
    ].filter((name) => !name.includes('"'))
    const known = Object.keys(m)
    const missing = names.filter((name) => !known.includes(`measure_${name.replaceAll('-', '_')}`))
    expect(missing).toEqual([])
  })

  it('are refused by name where they cannot be measured', async () => {
    const failing = async (data: ImageSet, others: Space[] = [], changes: Partial<Request> = {}) =>
      measureFeatures({ ...request, ...changes }, around([spaceOf('one', data), ...others])).then(
        () => null,
        (error: { code: string }) => error.code,
      )
    expect(await failing({ ...set, labels: null })).toBe('labels-missing')
    const single = { ...set, labels: new Uint8Array(240) }
    expect(await failing(single)).toBe('labels-single')
    const large = spaceOf('large', set, { height: 4, width: 4, channels: 1 })
    expect(await failing(set, [large], { against: 'large' })).toBe('data-sizes-differ')
  })

  it('end when they are told to', async () => {
    const space = spaceOf('one', set)
    const before = tf.memory().numTensors
    await expect(
      measureFeatures(request, around([space], AbortSignal.abort())),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})
