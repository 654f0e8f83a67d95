import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Measured } from './measurer'
import { Reports } from './keep'

let folder = ''
let reports: Reports
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'measures-'))
  reports = new Reports(join(folder, 'measures'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const made = (model = 'vae'): Measured => ({
  report: {
    request: { kind: 'compress', item: 'vae' },
    model,
    data: 'MNIST',
    figures: [
      { name: 'kl', value: 25.3, unit: 'nats', better: null, baselines: [] },
      { name: 'elbo', value: -105, unit: 'nats', better: 'larger', baselines: [] },
    ],
    charts: [],
    tables: [],
    protocol: [{ name: 'likelihood-parts', values: {} }],
    sheets: [
      {
        name: 'original',
        columns: 2,
        pictures: {
          count: 2,
          width: 2,
          height: 1,
          channels: 3,
          pixels: Uint8Array.from({ length: 12 }, (_, i) => i * 20),
        },
        facts: [],
      },
    ],
    cases: [],
  },
  tensors: new Map([['case/0/scores', { shape: [2], data: Float32Array.of(1, 2) }]]),
})

describe('a kept report', () => {
  it('comes back as it was, pictures and tensors with it', async () => {
    const id = await reports.keep(made(), 3)
    const { created, ...read } = await new Reports(join(folder, 'measures')).read(id)
    expect(read).toEqual({ ...made().report, id, seconds: 3 })
    expect(created).toBeGreaterThan(0)
    const tensors = await reports.tensors(id, (name) => name.startsWith('case/'))
    expect([...tensors].map(([name, { data }]) => [name, [...data]])).toEqual([
      ['case/0/scores', [1, 2]],
    ])
  })

  it('is listed with its first figure', async () => {
    const id = await reports.keep(made('b'), 1)
    expect(await reports.list()).toMatchObject([
      { id, model: 'b', seconds: 1, figure: { name: 'kl', value: 25.3 } },
    ])
  })

  it('is gone once it is deleted, which may be asked twice', async () => {
    const id = await reports.keep(made(), 1)
    await reports.remove(id)
    await reports.remove(id)
    expect(await reports.list()).toEqual([])
    await expect(reports.read(id)).rejects.toMatchObject({ code: 'report-unknown' })
  })

  it('that is damaged is not listed, keeps none of the others from it, and says so when read', async () => {
    const id = await reports.keep(made('whole'), 1)
    const bad = await reports.keep(made('cut'), 1)
    const place = join(folder, 'measures')
    truncateSync(join(place, `${bad}.ldm`), 200)
    writeFileSync(join(place, 'stray.txt'), 'no report')
    expect((await reports.list()).map((each) => each.id)).toEqual([id])
    await expect(reports.read(bad)).rejects.toMatchObject({ code: 'model-damaged' })
    expect(readdirSync(place)).toHaveLength(3)
  })

  it.each(['../x', '', 'A', 'a/b', '..'])('has no id such as %o', async (id) => {
    await expect(reports.read(id)).rejects.toMatchObject({ code: 'report-unknown' })
    await reports.remove(id)
  })

  it('there are none before the first', async () => {
    expect(await reports.list()).toEqual([])
  })
})
