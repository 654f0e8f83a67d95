import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { closeCodecs } from '../codec'
import { tf } from '../runtime/tensorflow'
import { Spaces, type Space } from '../spaces/spaces'
import { Library } from '../store/library'
import { bytesAt, measureCompress } from './compress'

const models = join(__dirname, '../../../../resources/models')
let folder = ''
let spaces: Spaces
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compress-'))
  const library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
})
afterEach(async () => {
  spaces.close()
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

/** A model of the library with the first 200 test images of its data only. */
async function small(item: string): Promise<Space> {
  const space = await spaces.open(item)
  const set = await space.set()
  const images = set.test.images.subarray(0, 200 * 784)
  const card = { ...set.card, test: 200 }
  return { ...space, set: () => Promise.resolve({ ...set, card, test: { images, labels: null } }) }
}
const context = (cancelled = false) => ({
  signal: new AbortController().signal,
  report: () => undefined,
  breathe: () =>
    cancelled
      ? Promise.reject(new DarkroomError('cancelled', 'cancelled'))
      : new Promise<void>((resolve) => setImmediate(resolve)),
})

describe('bytes at an error', () => {
  const curve = [
    { bytes: 100, mse: 0.01 },
    { bytes: 400, mse: 0.0001 },
  ]
  it('lie on the curve, and at its ends beyond it', () => {
    expect(bytesAt(curve, 0.001)).toBeCloseTo(200, 6)
    expect(bytesAt(curve, 0.01)).toBeCloseTo(100, 6)
    expect(bytesAt(curve, 0.1)).toBe(100)
    expect(bytesAt(curve, 0.00001)).toBe(400)
  })
})

describe('compressing', () => {
  it('costs fewer bits at larger errors, beats components of its size, and is the same again', async () => {
    const space = await small('digits-autoencoder')
    const around = { spaces: { open: () => Promise.resolve(space) }, context: context() }
    const request = { kind: 'compress', item: 'digits-autoencoder' } as const
    const before = tf.memory().numTensors
    const { report } = await measureCompress(request, around)
    expect(tf.memory().numTensors).toBe(before)
    const [codes, pca, jpeg] = report.charts[0]?.lines ?? []
    const { x = [], y = [] } = codes ?? {}
    expect([...x].sort((a, b) => b - a)).toEqual(x)
    expect([...y].sort((a, b) => a - b)).toEqual(y)
    expect(y[0]).toBeLessThan(0.5 * (pca?.y[0] ?? 0))
    expect(jpeg?.y.at(-1)).toBeLessThan(0.001)
    const bytes = report.figures.find(({ name }) => name === 'file-bytes')?.value ?? 0
    expect(report.figures[0]?.value).toBeCloseTo((8 * bytes) / (200 * 784), 9)
    expect((await measureCompress(request, around)).report).toEqual(report)
  })

  it('ends when it is cancelled', async () => {
    const space = await small('digits-vae')
    const around = { spaces: { open: () => Promise.resolve(space) }, context: context(true) }
    await expect(
      measureCompress({ kind: 'compress', item: 'digits-vae' }, around),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})
