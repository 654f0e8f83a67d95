import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WorkerHost } from './host'
import { picture } from './testing/files'

let folder = ''
let file = ''
let host: WorkerHost

/**
 * A worker that does what its first byte says; otherwise it answers with its thread's number and how many
 * requests it has had.
 */
const script = `
  const { parentPort, threadId } = require('node:worker_threads')
  let count = 0
  parentPort.on('message', ({ bytes }) => {
    count++
    if (bytes[0] === 1) for (;;);
    if (bytes[0] === 2) process.exit(3)
    if (bytes[0] === 3) throw new Error('thrown')
    if (bytes[0] === 4) for (const kept = []; ; ) kept.push(new Array(1000).fill(0.5))
    if (bytes[0] === 5) return parentPort.postMessage({ ok: false, error: { code: 'image-damaged', message: 'm', params: { a: 1 } } })
    parentPort.postMessage({ ok: true, result: [threadId, count] })
  })
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'codec-host-'))
  file = join(folder, 'worker.js')
  writeFileSync(file, script)
  host = new WorkerHost({ file, keptUpTo: 100, heapMegabytes: 64 })
})
afterEach(() => host.close())
afterAll(() => rmSync(folder, { recursive: true }))

const ask = (what: number, pixels = 1, milliseconds = 30_000) =>
  host.run(
    { kind: 'decode', bytes: Uint8Array.of(what), format: 'png', page: 1 },
    pixels,
    milliseconds,
  ) as Promise<unknown>

describe('WorkerHost', () => {
  it('keeps one thread for requests one after the other', async () => {
    const answers = (await Promise.all([ask(0), ask(0), ask(0)])) as number[][]
    expect(answers.map(([, count]) => count)).toEqual([1, 2, 3])
    expect(new Set(answers.map(([thread]) => thread)).size).toBe(1)
  })

  it('ends a thread that misses its deadline, says so, and goes on with a new one', async () => {
    const hanging = ask(1, 1, 1500)
    const waiting = ask(0)
    await expect(hanging).rejects.toMatchObject({ code: 'image-timeout', params: { seconds: 2 } })
    expect(await waiting).toMatchObject([expect.any(Number), 1])
  })

  it.each([
    ['ends itself', 2],
    ['throws', 3],
    ['runs out of memory', 4],
  ])('survives a thread that %s', async (_, what) => {
    await expect(ask(what)).rejects.toMatchObject({ code: 'image-damaged' })
    expect(await ask(0)).toMatchObject([expect.any(Number), 1])
  })

  it('passes refusals on, and keeps the thread', async () => {
    await ask(0)
    await expect(ask(5)).rejects.toMatchObject({ code: 'image-damaged', params: { a: 1 } })
    expect(await ask(0)).toMatchObject([expect.any(Number), 3])
  })

  it('lets the thread go after a large picture, and when it is closed', async () => {
    await ask(0)
    expect(await ask(0, 101)).toMatchObject([expect.any(Number), 2])
    expect(await ask(0)).toMatchObject([expect.any(Number), 1])
    await host.close()
    expect(await ask(0)).toMatchObject([expect.any(Number), 1])
  })

  it('answers for planes as well', async () => {
    const options = { format: 'jpeg', quality: 90, metadata: null } as const
    const echo = join(folder, 'echo.js')
    writeFileSync(
      echo,
      `const { parentPort } = require('node:worker_threads')
       parentPort.on('message', ({ planes }) => parentPort.postMessage({ ok: true, result: planes.data }))`,
    )
    const other = new WorkerHost({ file: echo, keptUpTo: 100, heapMegabytes: 64 })
    const planes = picture(2, 2, 1, 16, false)
    expect(await other.run({ kind: 'encode', planes, options }, 4, 30_000)).toEqual(planes.data)
    await other.close()
  })
})
