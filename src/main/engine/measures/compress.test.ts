import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import type { ChartLine } from '../../../shared/latent'
import { closeCodecs } from '../codec'
import { splitIndices } from '../data/split'
import { tf } from '../runtime/tensorflow'
import { Spaces, type Space } from '../spaces/spaces'
import { Library } from '../store/library'
import type { WorkContext } from '../work/works'
import { measureCompress } from './compress'

const models = join(__dirname, '../../../../resources/models')
let folder = ''
let spaces: Spaces
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compress-'))
  const library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  spaces.close()
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

/** A model of the library with the first 2,000 training and 200 test images of its data only. */
async function small(item: string): Promise<Space> {
  const space = await spaces.open(item)
  const set = await space.set()
  const test = { images: set.test.images.subarray(0, 200 * 784), labels: null }
  const card = { ...set.card, images: 2000, test: 200 }
  return { ...space, set: () => Promise.resolve({ ...set, card, test }) }
}
/** The file of codes that is being measured, in the folder for what passes. */
function theFile(): string {
  const passing = readdirSync(folder).find((name) => name.startsWith('latent-darkroom-codes-'))
  return join(folder, passing ?? '', 'codes.ldc')
}

const context = (cancelled = false) => ({
  signal: new AbortController().signal,
  report: () => undefined,
  breathe: () =>
    cancelled
      ? Promise.reject(new DarkroomError('cancelled', 'cancelled'))
      : new Promise<void>((resolve) => setImmediate(resolve)),
})

describe('compressing', () => {
  it('costs fewer bits at larger errors, the real bytes of the file, less than all others, the same again', async () => {
    const space = await small('digits-autoencoder')
    vi.stubEnv('TMPDIR', folder)
    const onDisk: number[] = []
    const report = (_: string, __: number, name?: string): void => {
      if (name === 'codes') onDisk.push(statSync(theFile()).size)
    }
    const around = (report: WorkContext['report'] = () => undefined) => ({
      spaces: { open: () => Promise.resolve(space) },
      context: { ...context(), report },
    })
    const request = { kind: 'compress', item: 'digits-autoencoder' } as const
    const before = tf.memory().numTensors
    const { report: made } = await measureCompress(request, around(report))
    expect(tf.memory().numTensors).toBe(before)
    const [codes, ...others] = made.charts[0]?.lines ?? []
    const { x = [], y = [] } = codes ?? {}
    expect(x).toEqual(onDisk.map((bytes) => (8 * bytes) / (200 * 784)))
    expect([...x].sort((a, b) => b - a)).toEqual(x)
    expect([...y].sort((a, b) => a - b)).toEqual(y)
    expect(made.figures.find(({ name }) => name === 'file-bytes')?.value).toBe(onDisk[2])
    expect(made.figures[0]?.value).toBe(x[2])

    // each of the others was measured on both sides of the error, so that no end of a curve stands for it
    expect(others.map(({ name }) => name)).toEqual(['pca', 'jpeg', 'webp'])
    for (const line of others) {
      expect(Math.min(...line.y), line.name).toBeLessThan(y[2] as number)
      expect(Math.max(...line.y), line.name).toBeGreaterThan(y[2] as number)
    }
    expect(made.figures[0]?.baselines.map(({ name }) => name)).toEqual(['pca', 'jpeg', 'webp'])
    for (const { name, value } of made.figures[0]?.baselines ?? [])
      expect(value, name).toBeGreaterThan(x[2] as number)

    const figure = (name: string) => made.figures.find((each) => each.name === name)?.value ?? NaN
    const [webp, decoder] = [made.figures[0]?.baselines[2]?.value ?? NaN, figure('decoder-bytes')]
    const saved = ((webp - (x[2] as number)) * 784) / 8
    expect(figure('pays-back-webp')).toBe(Math.ceil(decoder / saved))
    expect((await measureCompress(request, around())).report).toEqual(made)
  })

  it('fits its principal components to the training images, never to those that choose settings', async () => {
    const space = await small('digits-autoencoder')
    const set = await space.set()
    const run = { ...space.run, validation: 0.25 }
    const card = { ...set.card, images: 400 }
    const split = splitIndices(card.images, run.validation, run.training.seed)
    const lines = async (scribbled: Iterable<number>): Promise<ChartLine[]> => {
      const images = set.images.slice(0, 400 * 784)
      for (const index of scribbled) images.fill(255 * (index % 2), index * 784, (index + 1) * 784)
      const open = () =>
        Promise.resolve({ ...space, run, set: () => Promise.resolve({ ...set, card, images }) })
      const request = { kind: 'compress', item: 'digits-autoencoder' } as const
      const { report } = await measureCompress(request, { spaces: { open }, context: context() })
      expect(report.protocol).toContainEqual({
        name: 'compress-components',
        values: { components: 256, fitted: 300 },
      })
      return report.charts[0]?.lines ?? []
    }
    const [codes, pca] = await lines([])
    expect(await lines(split.validation)).toMatchObject([codes, pca, {}, {}])
    const [sameCodes, otherPca] = await lines(split.training.slice(0, 20))
    expect(sameCodes).toEqual(codes)
    expect(otherPca).not.toEqual(pca)
  })

  it('measures the validation images where the data has no test part', async () => {
    const space = await small('digits-autoencoder')
    const set = await space.set()
    const run = { ...space.run, validation: 0.25 }
    const card = { ...set.card, images: 400, test: 0 }
    const images = set.images.slice(0, 400 * 784)
    const open = () =>
      Promise.resolve({ ...space, run, set: () => Promise.resolve({ ...set, card, images }) })
    const request = { kind: 'compress', item: 'digits-autoencoder' } as const
    const { report } = await measureCompress(request, { spaces: { open }, context: context() })
    expect(report.protocol[0]).toEqual({
      name: 'likelihood-images-validation',
      values: { images: 100 },
    })
    const [first] = splitIndices(400, 0.25, run.training.seed).validation
    expect(report.sheets[0]?.pictures.pixels.subarray(0, 784)).toEqual(
      images.subarray((first ?? 0) * 784, ((first ?? 0) + 1) * 784),
    )
  })

  it('ends when it is cancelled', async () => {
    const space = await small('digits-vae')
    const around = { spaces: { open: () => Promise.resolve(space) }, context: context(true) }
    await expect(
      measureCompress({ kind: 'compress', item: 'digits-vae' }, around),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})
