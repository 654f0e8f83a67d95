/** A process is killed at every operation of a write, and at random moments of many: the file is always whole. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeFileAtomically } from './atomicWriter'
import { realFiles } from './fileOperations'
import { sweepJournal, useJournal } from './journal'
import { sweepTemporaryFiles } from './temporaryFiles'
import { withFaults } from './testing/faults'
import { versionBytes, versionOf } from './testing/versions'

/** Random kills; more by `DARKROOM_KILLS=1000 npx vitest run src/main/engine/store/crash.test.ts`. */
const kills = Number(process.env['DARKROOM_KILLS'] ?? 200)

let root = ''
let child = ''
let number = 0
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'crash-'))
  child = join(root, 'built', 'crashChild.mjs')
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: resolve(import.meta.dirname, 'testing/crashChild.ts'),
      outDir: join(root, 'built'),
      rollupOptions: { output: { entryFileNames: 'crashChild.mjs' } },
    },
  })
})
afterAll(() => rmSync(root, { recursive: true }))

interface Place {
  folder: string
  target: string
  journal: string
}
const newPlace = (): Place => {
  const base = join(root, String(number++))
  const folder = join(base, 'photos')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'result.png'), versionBytes(0))
  return { folder, target: join(folder, 'result.png'), journal: join(base, 'journal') }
}
const start = (place: Place, ...args: string[]): ReturnType<typeof spawn> =>
  spawn(process.execPath, [child, place.target, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, JOURNAL: place.journal },
  })

it('survives a kill at every operation of one write', async () => {
  const names: string[] = []
  const first = newPlace()
  const files = withFaults(realFiles, { before: (_index, name) => void names.push(name) })
  await writeFileAtomically(first.target, versionBytes(1), { files })
  let leftBehind = 0
  for (const [index, name] of names.entries()) {
    const place = newPlace()
    const [, signal] = (await once(start(place, 'at', String(index)), 'exit')) as [
      unknown,
      string | null,
    ]
    expect(signal, name).toBe('SIGKILL')
    expect(versionOf(readFileSync(place.target)), name).toBe(
      index > names.indexOf('rename') ? 1 : 0,
    )
    leftBehind += readdirSync(place.folder).length - 1
    await sweepJournal(place.journal)
    expect(readdirSync(place.folder), name).toEqual(['result.png'])
    expect(await readdir(place.journal).catch(() => []), name).toEqual([])
  }
  expect(leftBehind).toBeGreaterThan(0) // the sweep did have something to do
})

it(
  `survives ${kills} kills at random moments, and no reported write is lost`,
  { timeout: 600_000 },
  async () => {
    const one = async (seed: number): Promise<void> => {
      const place = newPlace()
      const running = start(place, 'loop')
      let reported = ''
      running.stdout?.on('data', (data: Buffer) => (reported += data.toString()))
      const ended = once(running, 'close')
      await once(running.stdout as NodeJS.ReadableStream, 'data')
      await new Promise((done) => setTimeout(done, (seed * 7919) % 30))
      running.kill('SIGKILL')
      await ended
      const version = versionOf(readFileSync(place.target))
      expect(version).toBeGreaterThanOrEqual(reported.trim().split('\n').length)
      await sweepTemporaryFiles(place.folder)
      expect(readdirSync(place.folder)).toEqual(['result.png'])
      rmSync(resolve(place.folder, '..'), { recursive: true })
    }
    const seeds = Array.from({ length: kills }, (_, index) => index)
    const worker = async (): Promise<void> => {
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) await one(seed)
    }
    await Promise.all([worker(), worker(), worker()])
  },
)

describe('sweeping', () => {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  const name = (of: string, processId: number): string =>
    `.latent-darkroom-${of}-${processId}-0123456789ab.part`
  const deadProcess = 2 ** 31 - 1
  let folder = ''
  beforeEach(() => (folder = newPlace().folder))
  const put = (file: string, hoursOld = 0): void => {
    const path = join(folder, file)
    writeFileSync(path, 'x')
    const time = Date.now() / 1000 - hoursOld * 3600
    utimesSync(path, time, time)
  }

  it('takes what dead processes of this machine left, and nothing else', async () => {
    put(name(host, deadProcess))
    put(name(host, 1)) // alive: it may be writing right now
    put(name('00000000', deadProcess)) // of another machine: nobody here knows
    put(name('00000000', deadProcess).replace('0123456789ab', 'ba9876543210'), 2)
    put('.latent-darkroom-notes.txt', 1000)
    put('photo.part', 1000)
    mkdirSync(join(folder, name(host, deadProcess - 1)))
    expect((await sweepTemporaryFiles(folder)).sort()).toEqual(
      [
        name(host, deadProcess),
        name('00000000', deadProcess).replace('0123456789ab', 'ba9876543210'),
      ].sort(),
    )
    expect(readdirSync(folder)).toHaveLength(6)
  })

  it('does not mind a folder that is missing', async () => {
    expect(await sweepTemporaryFiles(join(folder, 'missing'))).toEqual([])
    expect(await sweepJournal(join(folder, 'missing'))).toEqual([])
  })

  it('leaves alone what this process is writing', async () => {
    const swept: string[][] = []
    const files = withFaults(realFiles, {
      before: async () => void swept.push(await sweepTemporaryFiles(folder)),
    })
    await writeFileAtomically(join(folder, 'result.png'), versionBytes(5), { files })
    expect(swept.flat()).toEqual([])
    expect(versionOf(readFileSync(join(folder, 'result.png')))).toBe(5)
  })

  it('follows a note only to a file of our own pattern', async () => {
    const journal = join(folder, 'journal')
    mkdirSync(journal)
    writeFileSync(join(journal, 'photo.png'), folder)
    writeFileSync(join(journal, name(host, deadProcess)), folder)
    put('photo.png')
    put(name(host, deadProcess))
    expect(await sweepJournal(journal)).toEqual([join(folder, name(host, deadProcess))])
    expect(readdirSync(folder).sort()).toEqual(['journal', 'photo.png', 'result.png'])
    expect(readdirSync(journal)).toEqual(['photo.png'])
  })

  it('goes on without a journal when that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    useJournal(join(folder, 'file', 'journal'))
    await writeFileAtomically(join(folder, 'result.png'), versionBytes(6))
    useJournal(null)
    expect(versionOf(readFileSync(join(folder, 'result.png')))).toBe(6)
  })
})
