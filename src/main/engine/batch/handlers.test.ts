/** What the window's batch makes of its inputs, by its requests; photos are the first bytes of one. */
import {
  mkdirSync,
  mkdtempSync,
  promises,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Batch, BatchWish } from '../../../shared/batch'
import type { Emit } from '../../../shared/contract'
import { defaultLook } from '../../../shared/types'
import type { PhotoHandlers } from './files'
import { batchesOf, type Batches } from './handlers'

const wish: BatchWish = {
  ...{ model: 'auto', sigma: 10, look: defaultLook },
  ...{ pattern: '{name}-clean', format: null, quality: 90, keepMetadata: true, skipExisting: true },
}
const png = Buffer.from('89504e470d0a1a0a', 'hex')

/** Takes any file for a photo, and writes its result as a file with something in it. */
const handlers = {
  'photo.open': () =>
    Promise.resolve({ photo: 'a', page: 1, pages: 1, bits: 8, fileBits: 8, float: false }),
  'photo.close': () => Promise.resolve(null),
  'photo.denoise': (_args: object, emit: (name: string, payload: object) => void) => {
    const outcome = { state: 'done', report: { sigma: 10 } }
    setImmediate(() => emit('job.finished', { job: '1', outcome }))
    return Promise.resolve({ job: '1' })
  },
  'photo.export': ({ path }: { path: string }) => {
    writeFileSync(path, png)
    return Promise.resolve({ name: '', bytes: png.length })
  },
  'job.cancel': () => Promise.resolve(null),
} as unknown as PhotoHandlers

let folder = ''
const at = (...names: string[]): string => join(folder, ...names)
const none: Emit = () => undefined
const running: Batches[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-inputs-'))
  mkdirSync(at('in', 'trip'), { recursive: true })
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const batches of running.splice(0)) await batches.close()
  rmSync(folder, { recursive: true })
})

function start(): Batches {
  const recordPath = at('batch.json')
  const batches = batchesOf({ handlers, checkModel: () => Promise.resolve(), recordPath })
  running.push(batches)
  return batches
}

async function finished({ handlers: asked }: Batches): Promise<Batch> {
  const read = () => asked['batch.read']({}, none)
  await vi.waitFor(async () => expect((await read())?.state).toBe('finished'), 20_000)
  return (await read()) as Batch
}

/** Denoises the folder into itself. */
async function denoise(more: Partial<BatchWish> = {}): Promise<Batch> {
  const batches = start()
  const asked = { paths: [at('in')], folder: at('in'), wish: { ...wish, ...more } }
  await batches.handlers['batch.start'](asked, none)
  return finished(batches)
}
const statesOf = ({ rows }: Batch): string[][] =>
  rows.map(({ name, state, error }) => [name, error?.code ?? state])

/** The folder cannot be read. */
function lock(path: string): void {
  const readdir = promises.readdir
  vi.spyOn(promises, 'readdir').mockImplementation(((each: string, options: object) =>
    each === path
      ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }))
      : readdir(each, options as { withFileTypes: true })) as never)
}

describe('a batch into its own folder', () => {
  beforeEach(() => {
    writeFileSync(at('in', 'a.png'), png)
    writeFileSync(at('in', 'trip', 'b.png'), png)
  })
  const trip = join('trip', 'b.png')

  it('does the rest when it is done again', async () => {
    expect(statesOf(await denoise())).toEqual([
      ['a.png', 'done'],
      [trip, 'done'],
    ])
    rmSync(at('in', 'a-clean.png'))
    expect(statesOf(await denoise())).toEqual([
      ['a.png', 'done'],
      [trip, 'skipped'],
    ])
    expect(readdirSync(at('in')).sort()).toEqual(['a-clean.png', 'a.png', 'trip'])
  })

  it('never replaces what may be an original, and says so', async () => {
    writeFileSync(at('in', 'a-clean.png'), Buffer.concat([png, Buffer.from('an original')]))
    const before = readFileSync(at('in', 'a-clean.png'))
    expect(statesOf(await denoise({ skipExisting: false }))).toEqual([
      ['a-clean.png', 'target-taken'],
      ['a.png', 'target-is-source'],
      [trip, 'done'],
    ])
    expect(readFileSync(at('in', 'a-clean.png')).equals(before)).toBe(true)
  })
})

describe('a folder with what cannot be read', () => {
  beforeEach(() => {
    writeFileSync(at('in', 'IMG_1.JPG'), Buffer.from('ffd8ff', 'hex'))
    writeFileSync(at('in', 'IMG_1.NEF'), 'II*\0\x08\0\0\0 and what a camera writes')
    lock(at('in', 'trip'))
  })
  const expected = [
    ['IMG_1.JPG', 'done'],
    ['IMG_1.NEF', 'format-unsupported'],
    ['trip', 'file-unreadable'],
  ]

  it('is found whole, and its pictures are done', async () => {
    const rows = await start().handlers['batch.find']({ paths: [at('in')] }, none)
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['IMG_1.JPG', 'waiting'],
      ['IMG_1.NEF', 'waiting'],
      ['trip', 'failed'],
    ])
    const batch = await denoise()
    expect(statesOf(batch)).toEqual(expected)
    expect(batch.rows[1]?.error?.params).toEqual({ file: 'IMG_1.NEF', format: 'Camera RAW (NEF)' })
    expect(batch.rows[2]?.error?.params).toEqual({ file: 'trip', reason: 'EACCES' })
  })

  it('is so too in the engine that goes on with it', async () => {
    const first = start()
    const asked = { paths: [at('in')], folder: at('out'), wish }
    await first.handlers['batch.start'](asked, none)
    await first.close()
    const second = start()
    const left = await second.handlers['batch.read']({}, none)
    expect(left?.rows[2]).toMatchObject({
      state: 'failed',
      error: { params: { reason: 'EACCES' } },
    })
    await second.handlers['batch.resume']({}, none)
    const batch = await finished(second)
    expect(statesOf(batch)).toEqual(expected)
    expect(batch.rows[2]?.error?.params).toEqual({ file: 'trip', reason: 'EACCES' })
  })
})
