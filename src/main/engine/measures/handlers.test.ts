import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Emit, EngineEvents } from '../../../shared/contract'
import type { MeasureRequest } from '../../../shared/latent'
import { tf } from '../runtime/tensorflow'
import { Spaces } from '../spaces/spaces'
import { Library } from '../store/library'
import { Works } from '../work/works'
import { measureHandlers } from './handlers'

const models = join(__dirname, '../../../../resources/models')
const heard: EngineEvents['work.finished'][] = []
const emit: Emit = (name, payload) => {
  if (name === 'work.finished') heard.push(payload as EngineEvents['work.finished'])
}
let folder = ''
let spaces: Spaces
const works = new Works()
let handlers: ReturnType<typeof measureHandlers>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'measure-'))
  const library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
  handlers = measureHandlers(spaces, works)
})
afterAll(async () => {
  await works.close()
  spaces.close()
  rmSync(folder, { recursive: true })
})

async function outcomeOf(measure: MeasureRequest) {
  const { job } = await handlers['measure.start']({ measure }, emit)
  await vi.waitFor(() => expect(heard.map((end) => end.job)).toContain(job), 100_000)
  return heard.find((end) => end.job === job)?.outcome
}

it('the likelihood of the bundled VAE is measured, kept, read, exported and deleted', async () => {
  const outcome = await outcomeOf({ kind: 'likelihood', item: 'digits-vae', samples: 5 })
  const [listed] = await handlers['measure.list']({}, emit)
  expect(outcome).toEqual({ state: 'done', report: listed?.id })
  const id = listed?.id ?? ''
  const report = await handlers['measure.read']({ report: id }, emit)
  const value = (name: string) => report.figures.find((each) => each.name === name)?.value ?? NaN
  expect(value('elbo')).toBeCloseTo(-value('cross-entropy') - value('kl'), 6)
  expect(value('elbo')).toBeGreaterThan(-100) // binarised digits: there is one
  expect(value('log-likelihood')).toBeGreaterThan(value('elbo'))
  for (const { baselines } of report.figures.slice(0, 2)) {
    // each pixel of MNIST on its own: about 206 nats
    expect(baselines).toEqual([{ name: 'independent-pixels', value: expect.any(Number) as number }])
    expect(baselines[0]?.value).toBeLessThan(-195)
    expect(baselines[0]?.value).toBeGreaterThan(-215)
  }
  expect(report.protocol.map(({ name }) => name)).toContain('likelihood-binarised')
  const [line] = report.charts[0]?.lines ?? []
  expect(line?.y).toEqual([...(line?.y ?? [])].sort((a, b) => b - a))
  const sum = line?.y.reduce((a, b) => a + b, 0) ?? 0
  expect(sum).toBeCloseTo(value('kl'), 3)

  const path = join(folder, 'report.html')
  const written = await handlers['measure.export']({ report: id, path, language: 'en' }, emit)
  const html = readFileSync(path, 'utf8')
  expect(written).toEqual({ name: 'report.html', bytes: Buffer.byteLength(html) })
  expect(html).toContain('digits-vae')
  await handlers['measure.delete']({ report: id }, emit)
  expect(await handlers['measure.list']({}, emit)).toEqual([])
  await expect(handlers['measure.scores']({ report: id, case: 0 }, emit)).rejects.toMatchObject({
    code: 'report-unknown',
  })
}, 120_000)

it('what is none of its models is refused, and nothing is kept', async () => {
  const before = tf.memory().numTensors
  expect(
    await outcomeOf({ kind: 'likelihood', item: 'digits-autoencoder', samples: 5 }),
  ).toMatchObject({ state: 'failed', error: { code: 'model-unsuitable' } })
  expect(await outcomeOf({ kind: 'likelihood', item: 'none', samples: 5 })).toMatchObject({
    state: 'failed',
    error: { code: 'item-unknown' },
  })
  expect(await handlers['measure.list']({}, emit)).toEqual([])
  expect(tf.memory().numTensors).toBe(before)
})
