/** Processes are killed at every operation of the library's acts, and at random moments of many: nothing acknowledged is lost. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { realFiles } from './fileOperations'
import { atMost } from './inTurn'
import { Library } from './library'
import { encodeRun } from './runFile'
import { withFaults } from './testing/faults'
import type { LibraryAct } from './testing/libraryActs'
import { actOn, after, before, contentsOf } from './testing/libraryActs'
import { quickFolder } from './testing/quickFolder'
import { sampleRun, versionOfRun } from './testing/runs'

/** Random kills; more by `DARKROOM_KILLS=1000 npx vitest run src/main/engine/store/libraryCrash.test.ts`. */
const kills = Number(process.env['DARKROOM_KILLS'] ?? 200)
const atATime = 3

let root = ''
let child = ''
let number = 0
beforeAll(async () => {
  root = quickFolder('library-crash-')
  child = join(root, 'built', 'libraryChild.mjs')
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: resolve(import.meta.dirname, 'testing/libraryChild.ts'),
      outDir: join(root, 'built'),
      rollupOptions: { output: { entryFileNames: 'libraryChild.mjs' } },
    },
  })
  const library = new Library({ folder: join(root, 'pristine', 'library') })
  await library.create('first', sampleRun())
  writeFileSync(join(root, 'pristine', 'given.ldm'), encodeRun(sampleRun({ version: 9 })))
})
afterAll(() => rmSync(root, { recursive: true }))

/** A library's folder of its own, with one run in it. */
function newPlace(): string {
  const base = join(root, String(number++))
  mkdirSync(base)
  cpSync(join(root, 'pristine'), base, { recursive: true })
  return join(base, 'library')
}
const start = (folder: string, ...args: string[]): ReturnType<typeof spawn> =>
  spawn(process.execPath, [child, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
/** What a folder must not have in it once the next process has started. */
function expectTidy(folder: string, about: string): void {
  const kept = /^(\d{8}-\d{6}-[0-9a-f]{8}\.ldm|index\.json|trash|set-aside)$/
  expect(
    readdirSync(folder).filter((name) => !kept.test(name)),
    about,
  ).toEqual([])
}

async function operations(act: LibraryAct): Promise<number> {
  let count = 0
  const files = withFaults(realFiles, { before: () => void count++ })
  const library = new Library({ folder: newPlace(), files })
  await library.list()
  count = 0
  await actOn(library, act)
  return count
}

it.each(['write', 'create', 'trash'] as const)(
  'survives a kill at every operation of one %s',
  async (act) => {
    const count = await operations(act)
    let leftBehind = 0
    await atMost(atATime, [...Array(count).keys()], async (index) => {
      const folder = newPlace()
      const [, signal] = (await once(start(folder, 'at', act, String(index)), 'exit')) as [
        unknown,
        string | null,
      ]
      expect(signal, `operation ${index}`).toBe('SIGKILL')
      leftBehind += readdirSync(folder).filter((name) => /\.(part|lock)$/.test(name)).length
      const library = new Library({ folder })
      expect([before, after[act]], `operation ${index}`).toContainEqual(await contentsOf(library))
      expectTidy(folder, `operation ${index}`)
    })
    expect(leftBehind).toBeGreaterThan(0) // there was something to tidy up
  },
)

interface Told {
  act: 'save' | 'make' | 'rename' | 'trash' | 'restore' | 'empty'
  item?: string
  version?: number
  name?: string
}
interface Expected {
  version: number
  names: string[]
  /** Where it may be; `gone` once the trash may have been emptied. */
  places: ('library' | 'trash' | 'gone')[]
}

/** What must be there, of what the child told: what it began and did not end may have happened or not. */
function expectedOf(output: string): Map<string, Expected> {
  const items = new Map<string, Expected>()
  const lines = output.split('\n').slice(0, -1) // the last may be cut
  for (const line of lines) {
    const { begin, done } = JSON.parse(line) as { begin?: Told; done?: Told }
    const { act, item = '', version = 0, name = '' } = (begin ?? done) as Told
    const known = items.get(item)
    const after = act === 'trash' ? 'trash' : 'library'
    if (act === 'empty') {
      for (const each of items.values()) {
        if (each.places.includes('trash')) each.places = begin ? ['trash', 'gone'] : ['gone']
      }
    } else if (done && (act === 'make' || act === 'save')) {
      items.set(item, { version, names: [name], places: ['library'] })
    } else if (known && act === 'rename') {
      known.names = done ? [name] : [...known.names, name]
    } else if (known && act !== 'save') {
      known.places = done ? [after] : [...known.places, after]
    }
  }
  return items
}

it(
  `survives ${kills} kills at random moments, and nothing that was acknowledged is lost`,
  { timeout: 600_000 },
  async () => {
    const acknowledged = { saves: 0, items: 0 }
    await atMost(atATime, [...Array(kills).keys()], async (seed) => {
      const folder = newPlace()
      const running = start(folder, 'loop')
      let output = ''
      running.stdout?.on('data', (data: Buffer) => (output += data.toString()))
      const ended = once(running, 'close')
      await once(running.stdout as NodeJS.ReadableStream, 'data')
      await new Promise((done) => setTimeout(done, (seed * 7919) % 97))
      running.kill('SIGKILL')
      await ended

      const library = new Library({ folder })
      const { items, setAside } = await library.list()
      const trashed = await library.trashed()
      const about = `seed ${seed}: ${output}`
      expect(setAside, about).toEqual([])
      for (const [item, { version, names, places }] of expectedOf(output)) {
        const there = items.find((each) => each.item === item)
        const away = trashed.find((each) => each.item === item)
        expect([there, away].filter(Boolean).length, about).toBeLessThan(2)
        expect(places, about).toContain(there ? 'library' : away ? 'trash' : 'gone')
        if (there ?? away) expect(names, about).toContain((there ?? away)?.name)
        if (there) {
          expect(versionOfRun(await library.read(item)), about).toBeGreaterThanOrEqual(version)
        }
        acknowledged.items++
        acknowledged.saves += version
      }
      for (const { item } of items) {
        expect(versionOfRun(await library.read(item)), about).not.toBeNull()
      }
      expectTidy(folder, about)
      const [main] = items.filter(({ name }) => name === 'first')
      await (
        await library.lock(main?.item ?? '')
      )() // the dead process's lock is no hindrance
      rmSync(resolve(folder, '..'), { recursive: true })
    })
    expect(acknowledged.items).toBeGreaterThan(0)
  },
)

it('is shared by several processes at once, and none loses anything of another', async () => {
  const folder = newPlace()
  const outputs = await Promise.all(
    [1, 2, 3].map(async () => {
      const running = start(folder, 'rounds', '4')
      let output = ''
      running.stdout?.on('data', (data: Buffer) => (output += data.toString()))
      expect(await once(running, 'close')).toEqual([0, null])
      return JSON.parse(output) as { item: string; version: number; name: string }[]
    }),
  )
  const library = new Library({ folder })
  const { items, setAside } = await library.list()
  expect([items.length, setAside]).toEqual([1 + 3 * 4 * 2, []])
  expect(new Set(items.map(({ name }) => name)).size).toBe(items.length)
  for (const { item, version, name } of outputs.flat()) {
    const read = await library.read(item)
    expect([versionOfRun(read), read.card.name]).toEqual([version, name])
  }
  expectTidy(folder, 'shared')
})

it('gives what a killed process had to one of several that want it', async () => {
  const folder = newPlace()
  const hold = async (): Promise<[ReturnType<typeof spawn>, boolean]> => {
    const running = spawn(process.execPath, [child, folder, 'lock', 'first'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = (await once(running.stdout, 'data')) as [Buffer]
    return [running, (JSON.parse(line.toString()) as { got: boolean }).got]
  }
  const [holder, got] = await hold()
  const [other, gotToo] = await hold()
  expect([got, gotToo]).toEqual([true, false])
  holder.kill('SIGKILL')
  other.kill('SIGKILL')
  await once(holder, 'exit')
  const all = await Promise.all([1, 2, 3, 4].map(hold))
  expect(all.filter(([, has]) => has)).toHaveLength(1)
  for (const [running] of all) running.kill('SIGKILL')
})
