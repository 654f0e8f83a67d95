/** A batch in the built engine that is killed in the middle. Skipped where it was not built; `npm test` builds first. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Batch } from '../../shared/batch'
import type { FromEngine, ToEngine } from '../../shared/engineProtocol'
import { defaultLook } from '../../shared/types'
import { closeCodecs, decodeImage } from './codec'
import { picture, writePicture } from './photos/testing/testEngine'

const program = resolve(import.meta.dirname, '../../../out/main/engine.js')
const names = Array.from({ length: 30 }, (_, i) => `${String(i).padStart(2, '0')}.png`)
const wish = {
  ...{ model: 'auto', sigma: 10, look: defaultLook, pattern: '{name}', format: null },
  ...{ quality: 90, keepMetadata: true, skipExisting: false },
}

let folder = ''
const at = (...parts: string[]): string => join(folder, ...parts)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'built-engine-batch-'))
  mkdirSync(at('in'))
  // each of another width, so that a result says whose it is
  for (const [i, name] of names.entries()) await writePicture(at('in', name), picture(24 + i, 20))
})
afterAll(async () => {
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

/** An engine process as main starts it. */
function startEngine(): ChildProcess {
  const env = {
    ...process.env,
    DARKROOM_LIBRARY: at('library'),
    DARKROOM_BATCH: at('batch.json'),
    XDG_STATE_HOME: at('state'),
  }
  return fork(program, { env, stdio: 'ignore', serialization: 'advanced' })
}

let requests = 0
function request(engine: ChildProcess, name: string, args: object = {}): Promise<unknown> {
  const id = ++requests
  const message: ToEngine = { type: 'request', id, name, args }
  engine.send(message)
  return new Promise((done, fail) => {
    engine.on('message', (answer: FromEngine) => {
      if (answer.type !== 'reply' || answer.id !== id) return
      if (answer.reply.ok) done(answer.reply.result)
      else fail(new Error(answer.reply.error.message))
    })
  })
}

/** Waits until an engine tells that so many inputs have ended. */
const ended = (engine: ChildProcess, count: number): Promise<void> =>
  new Promise((done) => {
    engine.on('message', (message: FromEngine) => {
      if (message.type !== 'event' || message.name !== 'batch.changed') return
      if (message.payload.totals.files - message.payload.totals.left >= count) done()
    })
  })

/** The results there, each of which must open and be of its input's size; and when they were written. */
async function wholeResults(): Promise<Map<string, number>> {
  const there = readdirSync(at('out')).filter((name) => !name.startsWith('.'))
  for (const name of there) {
    const { width, height } = await decodeImage(readFileSync(at('out', name)), name)
    expect([name, width, height]).toEqual([name, 24 + names.indexOf(name), 20])
  }
  return new Map(there.map((name) => [name, statSync(at('out', name)).mtimeMs]))
}

describe.skipIf(!existsSync(program))('an engine that is killed over a batch', () => {
  it('leaves whole results, and the next one does the rest', async () => {
    const first = startEngine()
    const enough = ended(first, 8)
    await request(first, 'batch.start', { paths: [at('in')], folder: at('out'), wish })
    await enough
    first.kill('SIGKILL')
    await once(first, 'exit')
    const kept = await wholeResults()
    expect(kept.size).toBeGreaterThanOrEqual(8)
    expect(kept.size).toBeLessThan(names.length)

    const second = startEngine()
    const left = (await request(second, 'batch.read')) as Batch
    expect(left.state).toBe('interrupted')
    // the record may be behind by what ended while it was written: that is done again, with the same bytes
    const done = left.rows.filter(({ state }) => state === 'done').map(({ name }) => name)
    expect(kept.size - done.length).toBeLessThanOrEqual(2)
    const all = ended(second, names.length)
    await request(second, 'batch.resume')
    await all
    const { state, totals } = (await request(second, 'batch.read')) as Batch
    expect([state, totals.done, totals.left]).toEqual(['finished', names.length, 0])
    const results = await wholeResults()
    expect([...results.keys()].sort()).toEqual(names)
    for (const name of done) expect(results.get(name)).toBe(kept.get(name))
    second.kill('SIGKILL')
    await once(second, 'exit')
    expect(readdirSync(at('out')).sort()).toEqual(names) // nothing temporary was left either
    expect(existsSync(at('batch.json'))).toBe(false)
  })
})
