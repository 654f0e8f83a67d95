import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MeasureRequest } from '../../../shared/latent'
import type { DataSource } from '../../../shared/training'
import { closeCodecs } from '../codec'
import { openImageSet } from '../data/imageSet'
import { tf } from '../runtime/tensorflow'
import { recipeOf } from '../training/recipes'
import { measureAnomaly } from './anomaly'
import { trainOn } from './anomalyTraining'
import { CaseModels, scoresOfCase } from './caseModels'
import { Reports } from './keep'

const side = 16
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anomaly-'))
  const write = (name: string, count: number, vertical: boolean) => {
    mkdirSync(join(folder, name), { recursive: true })
    for (let index = 0; index < count; index++) {
      const place = 2 + (index % 12)
      const data = Uint8Array.from({ length: side * side }, (_, i) => {
        const at = vertical ? i % side : Math.floor(i / side)
        return at === place ? 200 + (index % 50) : 0
      })
      const image = encode({ width: side, height: side, data, channels: 1, depth: 8 })
      writeFileSync(join(folder, name, `${index}.png`), image)
    }
  }
  write('good', 96, true)
  write('mixed/normal', 24, true)
  write('mixed/bad', 24, false)
  write('alone/normal', 8, true)
})
afterAll(async () => {
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

const source = (name: string): DataSource => ({
  ...{ kind: 'folder', path: join(folder, name), name, width: side, height: side },
  ...{ channels: 1, fit: 'stretch' },
})
type Request = Extract<MeasureRequest, { kind: 'anomaly' }>
function request(data: string, protocol: Request['protocol'], epochs = 40): Request {
  const base = recipeOf('mnist-autoencoder')
  const model = { ...base.model, family: 'mlp', layers: [32], dense: 0, latent: 4 } as never
  const training = { ...base.training, epochs, batch: 8, patience: null, rate: 3e-3 }
  const config = { ...base, data: source(data), model, training, validation: 0.2 }
  return { kind: 'anomaly', recipe: null, config, protocol }
}
const context = (signal = new AbortController().signal) => ({
  ...{ signal, report: () => undefined },
  breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
})
const measure = (asked: Request, signal?: AbortSignal) =>
  measureAnomaly(asked, {
    spaces: { open: () => Promise.reject(new Error()) },
    context: context(signal),
  })
const folders = (normalLabel = 'normal'): Request['protocol'] => ({
  ...{ kind: 'folders', test: source('mixed'), normalLabel },
})

describe('anomalies', () => {
  it('in folders of one’s own are found, kept with their scores, and seen as pictures', async () => {
    const before = tf.memory().numTensors
    const made = await measure(request('good', folders()))
    expect(tf.memory().numTensors).toBe(before)
    const [found] = made.report.cases
    expect(found?.auroc['combined']).toBeGreaterThan(0.85)
    expect(Object.keys(found?.auroc ?? {})[0]).toBe('combined')
    expect(made.report.figures.map(({ name }) => name)).toEqual(['auroc', 'average-precision'])

    const reports = new Reports(join(folder, 'measures'))
    const id = await reports.keep(made, 1)
    const { scores, truth, indices } = await scoresOfCase(reports, id, 0)
    expect([scores.length, truth.reduce((a, b) => a + b, 0)]).toEqual([48, 24])
    const models = new CaseModels(reports, null)
    const worst = indices[scores.indexOf(Math.max(...scores))] as number
    const best = indices[scores.indexOf(Math.min(...scores))] as number
    const { originals, heat } = await models.images(id, 0, [worst, best])
    models.close()
    expect([originals.count, originals.width, heat.channels]).toEqual([2, side, 1])
    const sum = (from: number) =>
      heat.pixels.subarray(from, from + side * side).reduce((a, b) => a + b, 0)
    expect(sum(0)).toBeGreaterThan(2 * sum(side * side))
    await expect(models.images(id, 0, [4000])).rejects.toMatchObject({ code: 'report-unknown' })
  }, 60_000)

  it('by label: each in turn, with one fifth of the images kept for the test', async () => {
    const { report } = await measure(request('mixed', { kind: 'one-normal', label: null }, 20))
    expect(report.cases.map(({ label }) => label)).toEqual(['bad', 'normal'])
    expect(report.figures.map(({ name }) => name)).toContain('auroc-least')
    expect(report.tables[0]?.rows).toHaveLength(2)
  }, 60_000)

  it('are refused where nothing tells normal images from others', async () => {
    const refused = (data: string, protocol: Request['protocol']) =>
      expect(measure(request(data, protocol))).rejects
    await refused('good', { kind: 'one-normal', label: null }).toMatchObject({
      code: 'labels-missing',
    })
    await refused('good', folders('nothing')).toMatchObject({ code: 'labels-missing' })
    const one = { ...source('mixed'), path: join(folder, 'alone'), name: 'alone' } as DataSource
    await refused('good', { kind: 'folders', test: one, normalLabel: 'normal' }).toMatchObject({
      code: 'labels-missing', // one subfolder alone is no label
    })
    await refused('alone', folders()).toMatchObject({ code: 'data-too-few' })
  })

  it('by a recipe that corrupts with JPEG, which no graph can, are learned from corrupted images', async () => {
    const { config } = request('good', folders(), 2)
    const { card, images } = await openImageSet(config.data, { cache: null })
    const trained = async (quality: number) => {
      const corruption = { kind: 'jpeg', quality }
      const model = { ...config.model, kind: 'denoising', corruption } as never
      const watched = { signal: new AbortController().signal, onProgress: () => undefined }
      const { weights } = await trainOn({ ...config, model }, images, card, watched)
      return [...weights.values()].map(({ data }) => [...data])
    }
    const [coarse, again, fine] = [await trained(1), await trained(1), await trained(90)]
    expect(again).toEqual(coarse)
    expect(fine).not.toEqual(coarse)
  }, 60_000)

  it('are cancelled while the model is trained, and leave no tensors', async () => {
    const before = tf.memory().numTensors
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const asked = request('good', folders(), 5000)
    await expect(measure(asked, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(tf.memory().numTensors).toBe(before)
  })
})
