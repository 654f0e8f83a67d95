/** The batch by its requests, as the window makes them, with stubs in place of the networks. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Batch, BatchWish } from '../../shared/batch'
import type { Emit, EngineEvents } from '../../shared/contract'
import { DarkroomError } from '../../shared/errors'
import { defaultLook } from '../../shared/types'
import { decodeImage } from './codec'
import type { Engine } from './handlers'
import {
  newControl,
  picture,
  stubEngine,
  stubResources,
  writePicture,
} from './photos/testing/testEngine'

const wish: BatchWish = {
  ...{ model: 'auto', sigma: null, look: defaultLook },
  ...{ pattern: '{name}', format: null, quality: 90, keepMetadata: true, skipExisting: true },
}

let folder = ''
let resources = ''
let control = newControl()
const engines: Engine[] = []
const at = (...parts: string[]): string => join(folder, ...parts)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'batch-runs-'))
  resources = await stubResources(folder)
  mkdirSync(at('in', 'trip'), { recursive: true })
  control = newControl()
})
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  rmSync(folder, { recursive: true })
})

/** An engine with the batch that an earlier one left, and what it tells. */
function start() {
  const engine = stubEngine(resources, control, { batchRecord: at('batch.json') })
  engines.push(engine)
  const { handlers } = engine
  const told: EngineEvents['batch.changed'][] = []
  const emit = ((name: string, payload: EngineEvents['batch.changed']) => {
    if (name === 'batch.changed') told.push(payload)
  }) as Emit
  const read = async (): Promise<Batch> => {
    const batch = await handlers['batch.read']({}, emit)
    if (!batch) throw new Error('there is no batch')
    return batch
  }
  return {
    engine,
    told,
    read,
    begin: (paths: string[], more: Partial<BatchWish> = {}) =>
      handlers['batch.start']({ paths, folder: at('out'), wish: { ...wish, ...more } }, emit),
    pause: () => handlers['batch.pause']({}, emit),
    resume: () => handlers['batch.resume']({}, emit),
    cancel: () => handlers['batch.cancel']({}, emit),
    /** Waits until the batch is in this state. */
    until: async (state: Batch['state']): Promise<Batch> => {
      await vi.waitFor(async () => expect((await read()).state).toBe(state), 20_000)
      return read()
    },
    emit,
  }
}

const names = Array.from({ length: 8 }, (_, i) => `${i}.png`)
/** Eight good photos, each of another width, so that a result says whose it is. */
async function writeGood(): Promise<void> {
  for (const [i, name] of names.entries()) await writePicture(at('in', name), picture(24 + i, 20))
}
const widthOf = async (path: string): Promise<number> =>
  (await decodeImage(readFileSync(path), path)).width
/** Enough tiles to be stopped between two of them. */
const large = (): ReturnType<typeof picture> => picture(2400, 40)
/** A network that takes its time, so that it can be stopped while it works. */
const slowly = (): void => {
  const until = performance.now() + 80
  while (performance.now() < until);
}

describe('a batch', () => {
  it('does the good ones, names the bad ones with their cause, and reports', async () => {
    await writeGood()
    writeFileSync(at('in', 'trip', 'bad.png'), 'not at all')
    writeFileSync(at('in', 'trip', 'empty.jpg'), '')
    const { engine, begin, until, told, emit } = start()
    const begun = await begin([at('in')], { sigma: 12, pattern: '{name} clean', format: 'tiff' })
    expect(begun.rows.map(({ name, state }) => [name, state]).at(-1)).toEqual([
      join('trip', 'empty.jpg'),
      'waiting',
    ])
    const { rows, totals, folder: out } = await until('finished')
    expect(out).toBe('out')
    expect(totals).toMatchObject({ files: 10, done: 8, skipped: 0, failed: 2, left: 0 })
    expect(rows.slice(8)).toMatchObject([
      { state: 'failed', error: { code: 'not-an-image', params: { file: 'bad.png' } } },
      { state: 'failed', error: { code: 'file-empty', params: { file: 'empty.jpg' } } },
    ])
    expect(rows[0]).toMatchObject({ state: 'done', sigma: 12, error: null })
    const results = names.map((name) => at('out', name.replace('.png', ' clean.tif')))
    for (const [i, path] of results.entries()) expect(await widthOf(path)).toBe(24 + i)
    // told at most twenty times a second, so a little after it is so
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ state: 'finished', current: null }))
    const told8 = told.flatMap(({ rows: changed }) => changed.map(({ row }) => row.state))
    expect(told8.filter((state) => state === 'done').length).toBe(8)

    await engine.handlers['batch.report']({ path: at('report.json') }, emit)
    const report = JSON.parse(readFileSync(at('report.json'), 'utf8')) as { files: object[] }
    expect(report.files).toHaveLength(10)
    expect(report.files[0]).toMatchObject({ path: at('in', '0.png'), out: results[0], sigma: 12 })
    expect(report.files[9]).toMatchObject({ state: 'failed', error: { code: 'file-empty' } })
    await vi.waitFor(() => expect(existsSync(at('batch.json'))).toBe(false))
  })

  it('is the same as the window’s photo, for grey and colour each with its model', async () => {
    await writePicture(at('in', 'grey.png'), picture(40, 30, 1))
    await writePicture(at('in', 'colour.png'), picture(40, 30, 3, 16))
    const { begin, until } = start()
    await begin([at('in')])
    const { rows } = await until('finished')
    expect(rows.map(({ depth }) => depth)).toEqual([
      { bits: 16, fileBits: 16 },
      { bits: 8, fileBits: 8 },
    ])
    expect(control.opened.sort()).toEqual(['denoise-colour', 'denoise-grey'])
    const out = await decodeImage(readFileSync(at('out', 'colour.png')), 'colour.png')
    expect([out.bits, out.channels]).toEqual([16, 3])
  })

  it('never writes over an input', async () => {
    await writeGood()
    const before = names.map((name) => readFileSync(at('in', name)))
    const { engine, emit, until } = start()
    const asked = { paths: [at('in', '0.png'), at('in', '1.png')], folder: at('in') }
    await engine.handlers['batch.start']({ ...asked, wish: { ...wish, skipExisting: false } }, emit)
    const { rows } = await until('finished')
    expect(rows.map(({ error }) => error?.code)).toEqual(['target-is-source', 'target-is-source'])
    expect(names.map((name) => readFileSync(at('in', name)))).toEqual(before)
  })

  it('skips what is there, and says so', async () => {
    await writeGood()
    mkdirSync(at('out'))
    writeFileSync(at('out', '3.png'), 'of somebody else')
    const { begin, until } = start()
    await begin([at('in')])
    const { rows, totals } = await until('finished')
    expect(totals).toMatchObject({ done: 7, skipped: 1 })
    expect(rows[3]?.state).toBe('skipped')
    expect(readFileSync(at('out', '3.png'), 'utf8')).toBe('of somebody else')
  })

  it('refuses a model that there is not, and a second batch beside the first', async () => {
    await writeGood()
    const { begin, pause } = start()
    await expect(begin([at('in')], { model: 'none' })).rejects.toMatchObject({
      code: 'model-unknown',
    })
    await begin([at('in')])
    await pause()
    await expect(begin([at('in')])).rejects.toMatchObject({ code: 'request-refused' })
  })
})

describe('a batch that is stopped', () => {
  beforeEach(() => {
    control.before = slowly
  })

  it('pauses within a photo and begins that one anew, and nothing is done twice', async () => {
    await writePicture(at('in', 'a.png'), picture(20, 20))
    await writePicture(at('in', 'b.png'), large())
    const { begin, pause, resume, read, until } = start()
    await begin([at('in')], { sigma: 10 })
    await vi.waitFor(async () => expect((await read()).current?.row).toBe(1), 20_000)
    await pause()
    const paused = await read()
    expect(paused).toMatchObject({ state: 'paused', current: null })
    expect(paused.rows.map(({ state }) => state)).toEqual(['done', 'waiting'])
    expect(readdirSync(at('out'))).toEqual(['a.png'])
    const written = statSync(at('out', 'a.png')).mtimeMs
    await resume()
    expect((await until('finished')).totals).toMatchObject({ done: 2, left: 0 })
    expect(statSync(at('out', 'a.png')).mtimeMs).toBe(written)
  })

  it('cancels within a tile, and leaves what is done', async () => {
    await writePicture(at('in', 'a.png'), picture(20, 20))
    await writePicture(at('in', 'b.png'), large())
    await writePicture(at('in', 'c.png'), picture(20, 20))
    const { begin, cancel, read, resume } = start()
    await begin([at('in')], { sigma: 10 })
    await vi.waitFor(async () => {
      const { current } = await read()
      expect(current?.row).toBe(1)
      expect(current?.share).toBeGreaterThan(0)
    }, 20_000)
    const calls = control.sigmas.length
    await cancel()
    expect(control.sigmas.length - calls).toBeLessThanOrEqual(2)
    await resume() // for good: it does not go on
    const { state, totals, rows } = await read()
    expect(state).toBe('cancelled')
    expect(totals).toMatchObject({ done: 1, left: 2 })
    expect(rows.map((row) => row.state)).toEqual(['done', 'waiting', 'waiting'])
    expect(readdirSync(at('out'))).toEqual(['a.png'])
    await vi.waitFor(() => expect(existsSync(at('batch.json'))).toBe(false))
  })

  it('goes on in the next engine with the rest, under the same names', async () => {
    await writePicture(at('in', 'a.png'), picture(20, 20))
    await writePicture(at('in', 'b.png'), large())
    mkdirSync(at('other'))
    await writePicture(at('other', 'a.png'), picture(30, 20))
    const first = start()
    await first.begin([at('in', 'a.png'), at('in', 'b.png'), at('other', 'a.png')], {
      skipExisting: false,
    })
    await vi.waitFor(async () => expect((await first.read()).current?.row).toBe(1), 20_000)
    await first.engine.close()
    const written = statSync(at('out', 'a.png')).mtimeMs

    const second = start()
    const left = await second.read()
    expect(left).toMatchObject({ state: 'interrupted', totals: { files: 3, done: 1, left: 2 } })
    await second.resume()
    const { totals } = await second.until('finished')
    expect(totals).toMatchObject({ done: 3, left: 0 })
    expect(statSync(at('out', 'a.png')).mtimeMs).toBe(written)
    expect(readdirSync(at('out')).sort()).toEqual(['a.png', 'a.png.png', 'b.png'])
    expect(await widthOf(at('out', 'a.png.png'))).toBe(30)
    await vi.waitFor(() => expect(existsSync(at('batch.json'))).toBe(false))
  })

  it('waits where the others would fail alike, and goes on once that is seen to', async () => {
    await writeGood()
    control.before = () => {
      throw new DarkroomError('tensorflow-missing', 'gone')
    }
    const { begin, resume, until } = start()
    await begin([at('in')])
    const { error, rows } = await until('paused')
    expect(error?.code).toBe('tensorflow-missing')
    expect(rows.every(({ state }) => state === 'waiting')).toBe(true)
    control.before = () => undefined
    await resume()
    expect((await until('finished')).totals).toMatchObject({ done: 8 })
  })

  it('forgets a record that is none', async () => {
    writeFileSync(at('batch.json'), '{"version":1,"folder":')
    const { engine, emit } = start()
    expect(await engine.handlers['batch.read']({}, emit)).toBe(null)
  })
})
