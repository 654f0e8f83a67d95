/** Files of the library are damaged in hundreds of ways: it always lists, what is good stays, what is bad is set aside and named. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeContainer } from './container'
import { realFiles } from './fileOperations'
import { atMost } from './inTurn'
import { Library } from './library'
import { checkOf, containerOf, encodeRun } from './runFile'
import { quickFolder } from './testing/quickFolder'
import { sampleRun, versionOfRun } from './testing/runs'

const mutations = 200
const items = 6

let folder = ''
let root = ''
beforeEach(() => {
  root = quickFolder('damage-')
  folder = join(root, 'library')
})
afterEach(() => rmSync(root, { recursive: true }))

/** Pseudorandom whole numbers below a limit. */
function numbers(seed: number): (limit: number) => number {
  let state = seed + 1
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const changes: Record<string, (bytes: Buffer, random: (limit: number) => number) => Buffer> = {
  truncate: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  flip: (bytes, random) => {
    const at = random(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    return bytes
  },
  'flip early': (bytes, random) => {
    const at = random(Math.min(bytes.length, 2500))
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    return bytes
  },
  zero: (bytes, random) => {
    const at = random(bytes.length)
    return bytes.fill(0, at, Math.min(bytes.length, at + 1 + random(500)))
  },
  swap: (bytes, random) => {
    const [a, b, length] = [random(bytes.length), random(bytes.length), 1 + random(64)]
    const [first, second] = [a, b].map((at) => Buffer.from(bytes.subarray(at, at + length)))
    second?.copy(bytes, a)
    first?.copy(bytes, b)
    return bytes
  },
  lengthen: (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random(100))]),
  replace: (bytes, random) => Buffer.from(bytes.map(() => random(256))),
  empty: () => Buffer.alloc(0),
}

it(`survives ${mutations} mutations of items, index, locks and trash`, async () => {
  const pristine = join(root, 'pristine')
  const first = new Library({ folder: pristine })
  for (let version = 1; version <= items + 1; version++) {
    const { item } = await first.create(`run ${version}`, sampleRun({ version, weights: 512 }))
    if (version > items) await first.trash(item)
  }
  writeFileSync(join(pristine, `${(await first.find('run 1')).item}.lock`), '{"pid":1}')
  const { items: listed } = await first.list()
  await first.index.save(realFiles, true)
  const versions = new Map(listed.map(({ item, name }) => [item, name]))
  expect([versions.size, existsSync(join(pristine, 'index.json'))]).toEqual([items, true])
  const files = readdirSync(pristine, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(pristine, name)).isFile(),
  )

  const counts = { setAside: 0, atReading: 0, harmless: 0 }
  const mutate = async (seed: number): Promise<void> => {
    const folder = join(root, String(seed))
    cpSync(pristine, folder, { recursive: true, preserveTimestamps: true })
    const random = numbers(seed)
    const names = Object.keys(changes)
    const kind = names[seed % names.length] as string
    // Items above all; index and lock in their turn.
    const file = files[random(3) === 0 ? random(files.length) : random(items)] as string
    const path = join(folder, file)
    const about = `${seed}: ${kind} ${file}`
    const { atime, mtime } = statSync(path)
    const original = readFileSync(path)
    const changed = changes[kind]?.(Buffer.from(original), random) ?? original
    writeFileSync(path, changed)
    if (random(2)) utimesSync(path, atime, mtime) // as a failing disk would: nobody wrote

    const library = new Library({ folder })
    const { items: found, setAside } = await library.list()
    await library.trashed()
    const bad = file.endsWith('.ldm') && !file.includes('trash') ? file.slice(0, -4) : null
    for (const [item, name] of versions) {
      if (item === bad) continue
      expect(`run ${versionOfRun(await library.read(item))}`, about).toBe(name)
    }
    if (bad !== null && !changed.equals(original)) {
      if (found.some(({ item }) => item === bad)) {
        counts.atReading++
        await expect(library.read(bad), about).rejects.toHaveProperty('code')
      } else {
        counts.setAside++
        expect(setAside, about).toMatchObject([{ file: `${bad}.ldm` }])
      }
      const after = await new Library({ folder }).list()
      expect(after.setAside, about).toMatchObject([{ file: `${bad}.ldm` }])
      expect(after.setAside[0]?.error.code, about).toMatch(/^model-(damaged|not-ours|newer)$/)
      expect(after.items, about).toHaveLength(versions.size - 1)
    } else {
      counts.harmless++
      expect([found.length, setAside], about).toEqual([versions.size, []])
    }
    rmSync(folder, { recursive: true })
  }
  await atMost(4, [...Array(mutations).keys()], mutate)
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10)
})

describe('a library', () => {
  it('lists whatever else lies in its folder', async () => {
    const library = new Library({ folder })
    const { item } = await library.create('mine', sampleRun())
    mkdirSync(join(folder, 'folder.ldm'))
    mkdirSync(join(folder, 'index.json'))
    mkdirSync(join(folder, `${item}.lock`))
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    writeFileSync(join(folder, '.hidden.ldm'), 'x')
    copyFileSync(join(folder, `${item}.ldm`), join(folder, 'Copy of mine.ldm'))
    writeFileSync(join(folder, 'photo.ldm'), '\x89PNG')
    const fresh = new Library({ folder })
    const { items, setAside } = await fresh.list()
    expect(items.map(({ name }) => name)).toEqual(['mine', 'mine'])
    expect(setAside.map(({ file, error }) => [file, error.code])).toEqual([
      ['photo.ldm', 'model-not-ours'],
    ])
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true)
  })

  it('names files of a newer version and leaves them where they are', async () => {
    const newer = Buffer.from(encodeRun(sampleRun())).fill(2, 8, 9)
    mkdirSync(folder)
    writeFileSync(join(folder, 'newer.ldm'), newer)
    for (let round = 0; round < 2; round++) {
      const { items, setAside } = await new Library({ folder }).list()
      expect(items).toEqual([])
      expect(setAside).toMatchObject([{ file: 'newer.ldm', error: { code: 'model-newer' } }])
    }
    expect(readdirSync(folder)).toEqual(['newer.ldm'])
  })

  it('sets aside files of the same name one beside the other', async () => {
    mkdirSync(folder)
    const library = new Library({ folder })
    for (const text of ['one', 'two', 'three']) {
      writeFileSync(join(folder, 'same.ldm'), text)
      await library.list()
    }
    const { setAside } = await new Library({ folder }).list()
    expect(setAside.map(({ file }) => file)).toEqual(['2-same.ldm', '3-same.ldm', 'same.ldm'])
    expect(readFileSync(join(folder, 'set-aside', '3-same.ldm'), 'utf8')).toBe('three')
    rmSync(join(folder, 'set-aside', 'same.ldm.reason'))
    rmSync(join(folder, 'set-aside', '2-same.ldm'))
    const { setAside: left } = await new Library({ folder }).list()
    expect(left.map(({ file }) => file)).toEqual(['3-same.ldm', 'same.ldm'])
    expect(readdirSync(join(folder, 'set-aside'))).not.toContain('2-same.ldm.reason')
  })

  it('can be a folder that is missing, a file, or one that cannot be written', async () => {
    writeFileSync(join(root, 'file'), '')
    const file = new Library({ folder: join(root, 'file') })
    expect((await file.list()).items).toEqual([])
    await expect(file.create('x', sampleRun())).rejects.toMatchObject({
      code: 'target-unwritable',
      params: { file: 'x' },
    })
    await expect(file.emptyTrash()).resolves.toEqual([])
  })

  it('reads its index only where it is whole and the files are the same', async () => {
    const library = new Library({ folder })
    for (let index = 0; index < 12; index++) await library.create('run', sampleRun())
    const { items } = await new Library({ folder }).list()
    const index = join(folder, 'index.json')
    const text = readFileSync(index, 'utf8')
    writeFileSync(index, text.replace('"run 2"', '"RUN 2"'))
    expect((await new Library({ folder }).list()).items).toEqual(items)
    expect(readFileSync(index, 'utf8')).toContain('"run 2"') // made anew
    await new Library({ folder }).rename(items[0]?.item ?? '', 'renamed')
    expect((await new Library({ folder }).list()).items[0]?.name).toBe('renamed')
  })

  it('opens items of a later format, and writes none', async () => {
    const library = new Library({ folder })
    const { item } = await library.create('mine', sampleRun({ version: 3 }))
    const { header, tensors } = containerOf(sampleRun({ version: 3 }))
    const later: typeof header = { ...header, format: 2 }
    const { kind: _, config, card, check: __, ...rest } = later
    const shapes = [...tensors].map(([name, { shape }]) => ({ name, shape }))
    const check = checkOf(config, card, rest, shapes)
    writeFileSync(library.pathOf(item), encodeContainer({ header: { ...later, check }, tensors }))
    expect(await library.item(item)).toMatchObject({ readOnly: true })
    expect(versionOfRun(await library.read(item))).toBe(3)
    await expect(library.write(item, sampleRun())).rejects.toMatchObject({ code: 'item-read-only' })
    await expect(library.lock(item)).rejects.toMatchObject({ code: 'item-read-only' })
    await expect(library.importFile(library.pathOf(item))).rejects.toMatchObject({
      code: 'model-newer',
    })
  })
})
