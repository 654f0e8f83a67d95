import {
  chmodSync,
  copyFileSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeContainer, readContainer } from './container'
import { Library } from './library'
import type { RunFile } from './runFile'
import { containerOf, encodeRun, readRun } from './runFile'
import { sampleDenoiser } from './testing/denoisers'
import { sampleRun, versionOfRun } from './testing/runs'

let root = ''
let folder = ''
let library = new Library({ folder: '' })
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'library-'))
  folder = join(root, 'library')
  library = new Library({ folder })
})
afterEach(() => rmSync(root, { recursive: true }))

const names = async (of = library): Promise<string[]> =>
  (await of.list()).items.map(({ name }) => name)
const ldm = (item: string): string => join(folder, `${item}.ldm`)
const refusal = (code: string): unknown => expect.objectContaining({ code })

describe('items', () => {
  it('are made, listed newest first, read and written', async () => {
    expect(await library.list()).toEqual({ items: [], setAside: [], bytes: 0 })
    const old = await library.create('old', sampleRun({ created: 1 }))
    const young = await library.create('young', sampleRun({ created: 2, state: 'finished' }))
    expect(await names()).toEqual(['young', 'old'])
    expect(young).toMatchObject({ kind: 'autoencoder', bundled: false, readOnly: false })
    await library.write(old.item, sampleRun({ version: 7, created: 1, name: 'not this' }))
    const read = await library.read(old.item)
    expect([versionOfRun(read), read.card.name]).toEqual([7, 'old'])
    const { items, bytes } = await library.list()
    expect(bytes).toBe(statSync(ldm(old.item)).size + statSync(ldm(young.item)).size)
    expect(items).toEqual([await library.item(young.item), await library.item(old.item)])
  })

  it('get names of their own', async () => {
    const made = async (name: string): Promise<string> =>
      (await library.create(name, sampleRun())).name
    expect(await made('run')).toBe('run')
    expect(await made('run')).toBe('run 2')
    expect(await made('RUN 2')).toBe('RUN 3')
    expect(await made('  run ')).toBe('run 4')
    expect(await made('epoch 10')).toBe('epoch 10')
    expect(await made('epoch 10')).toBe('epoch 10 2')
    expect(await made('é'.normalize('NFD'))).toBe('é'.normalize('NFD'))
    expect(await made('é'.normalize('NFC'))).toBe('é 2')
    expect((await made('x'.repeat(80))).length).toBe(80)
    expect(await made('x'.repeat(80))).toBe(`${'x'.repeat(78)} 2`)
  })

  it('get names of their own when many are made at once, by two programs', async () => {
    const other = new Library({ folder })
    const all = Array.from({ length: 12 }, (_, index) =>
      (index % 2 ? library : other).create('run', sampleRun()),
    )
    const made = (await Promise.all(all)).map(({ name }) => name)
    expect(new Set(made).size).toBe(12)
    expect((await names()).sort()).toEqual(made.sort())
  })

  it('are found by id, by name, and by a name in other letters', async () => {
    const { item } = await library.create('Blue', sampleRun())
    for (const wanted of [item, 'Blue', 'blue ']) {
      expect((await library.find(wanted)).item).toBe(item)
    }
    await expect(library.find('green')).rejects.toEqual(refusal('item-unknown'))
  })

  it.each(['none', '', '.', '..', '../library', '/etc/passwd', 'a/b', 'a\\b', '.hidden', 'a\0'])(
    'are unknown: %j',
    async (item) => {
      for (const ask of [
        () => library.item(item),
        () => library.read(item),
        () => library.trash(item),
        () => library.restore(item),
        () => library.rename(item, 'x'),
        () => library.duplicate(item),
        () => library.exportFile(item, join(root, 'x'), 'run'),
      ]) {
        await expect(ask()).rejects.toEqual(refusal('item-unknown'))
      }
      expect(readdirSync(root)).toEqual([]) // to ask changes nothing
    },
  )

  it('keep the mode of their file, and their id, when they are renamed', async () => {
    const { item } = await library.create('one', sampleRun({ version: 3 }))
    chmodSync(ldm(item), 0o600)
    expect(await library.rename(item, ' two ')).toMatchObject({ item, name: 'two' })
    await library.write(item, sampleRun({ version: 4 }))
    expect(statSync(ldm(item)).mode & 0o777).toBe(0o600)
    expect((await readRun(ldm(item))).card.name).toBe('two')
    await library.create('three', sampleRun())
    await expect(library.rename(item, 'Three')).rejects.toEqual(refusal('name-taken'))
    expect(await library.rename(item, 'TWO')).toMatchObject({ name: 'TWO' })
  })

  it('are copied with their weights, and the copy does not run', async () => {
    const { item } = await library.create('run', sampleRun({ version: 9, state: 'running' }))
    const copy = await library.duplicate(item)
    expect(copy).toMatchObject({ name: 'run 2', progress: { state: 'stopped' } })
    expect(copy.created).toBeGreaterThan((await library.item(item)).created)
    expect(versionOfRun(await library.read(copy.item))).toBe(9)
  })
})

describe('a lock', () => {
  it('keeps other writers away until it is released, and lets its own process write', async () => {
    const { item } = await library.create('run', sampleRun())
    const release = await library.lock(item)
    await library.write(item, sampleRun({ version: 2 }))
    await library.rename(item, 'renamed while it trains')
    await library.write(item, sampleRun({ version: 3 }))
    expect((await library.read(item)).card.name).toBe('renamed while it trains')
    await expect(library.lock(item)).rejects.toEqual(refusal('item-busy'))
    await expect(library.trash(item)).rejects.toEqual(refusal('item-busy'))
    await release()
    await release()
    await library.trash(item)
    expect(readdirSync(folder).filter((name) => name.includes('.lock'))).toEqual([])
  })

  it('can be taken before its item is made', async () => {
    const item = library.newItem()
    const release = await library.lock(item)
    await library.create('run', sampleRun({ state: 'running' }), item)
    expect(await library.interrupted()).toEqual([])
    await release()
    expect((await library.interrupted()).map((each) => each.item)).toEqual([item])
  })
})

describe('the trash', () => {
  it('takes items and gives them back as they were', async () => {
    const { item } = await library.create('run', sampleRun({ version: 5 }))
    const before = readFileSync(ldm(item))
    await library.trash(item)
    expect([await names(), (await library.trashed()).map(({ name }) => name)]).toEqual([
      [],
      ['run'],
    ])
    expect(await library.restore(item)).toMatchObject({ item, name: 'run' })
    expect(readFileSync(ldm(item))).toEqual(before)
    expect(await library.trashed()).toEqual([])
  })

  it('gives them another name where theirs was taken meanwhile', async () => {
    const { item } = await library.create('run', sampleRun({ version: 5 }))
    await library.trash(item)
    await library.create('run', sampleRun())
    expect(await library.restore(item)).toMatchObject({ item, name: 'run 2' })
    expect(versionOfRun(await library.read(item))).toBe(5)
  })

  it('is emptied into files that are called what the items were', async () => {
    for (const name of ['same', 'a/b:c']) {
      await library.trash((await library.create(name, sampleRun())).item)
    }
    await library.trash((await library.create('same', sampleRun())).item)
    writeFileSync(join(folder, 'trash', 'damaged.ldm'), 'x')
    const files = await library.emptyTrash()
    expect(files.map((file) => file.slice(folder.length)).sort()).toEqual(
      ['a_b_c', 'damaged', 'same 2', 'same'].map((name) => `/trash/emptied/${name}.ldm`),
    )
    expect(files.every(existsSync)).toBe(true)
    expect(await library.trashed()).toEqual([])
    expect(await library.emptyTrash({ remove: true })).toEqual([])
    expect(readdirSync(join(folder, 'trash', 'emptied'))).toEqual([])
  })
})

describe('files from elsewhere', () => {
  const give = (name: string, bytes: Uint8Array): string => {
    const path = join(root, name)
    writeFileSync(path, bytes)
    return path
  }
  const photos = (file: RunFile): RunFile => {
    const data = { kind: 'folder' as const, path: "/home/me/it's", name: 'holiday' }
    const size = { width: 8, height: 8, channels: 1 as const, fit: 'crop' as const }
    file.config = { ...file.config, data: { ...data, ...size } }
    file.card.command = `cli train --data '/home/me/it'\\''s' --name x`
    file.progress.error = {
      code: 'data-missing',
      message: "/home/me/it's is missing",
      params: { place: "/home/me/it's" },
    }
    return file
  }

  it('come in as items that do not start by themselves', async () => {
    const path = give('given.ldm', encodeRun(sampleRun({ name: 'given', state: 'running' })))
    await library.create('given', sampleRun())
    const item = await library.importFile(path)
    expect(item).toMatchObject({ name: 'given 2', progress: { state: 'paused' } })
    expect(await library.interrupted()).toEqual([])
    expect(existsSync(path)).toBe(true)
  })

  it('come in as denoisers too', async () => {
    const path = give('mine.ldm', encodeContainer(sampleDenoiser('mine')))
    const item = await library.importFile(path)
    expect(item).toMatchObject({ name: 'mine', kind: 'denoiser', config: null, progress: null })
    expect(await library.rename(item.item, 'ours')).toMatchObject({ name: 'ours' })
    expect(await library.duplicate(item.item)).toMatchObject({ name: 'ours 2', kind: 'denoiser' })
    await expect(library.read(item.item)).rejects.toEqual(refusal('model-unsuitable'))
    await library.exportFile(item.item, join(root, 'out.ldm'), 'model')
    expect((await readContainer(join(root, 'out.ldm'))).header.card).toMatchObject({ name: 'ours' })
  })

  it('are refused by name, and nothing changes', async () => {
    const whole = encodeRun(sampleRun())
    const later = containerOf(sampleRun())
    later.header['format'] = 2
    const cases: [string, Uint8Array, string][] = [
      ['photo.png', Buffer.from('\x89PNG and more'), 'model-not-ours'],
      ['cut.ldm', whole.subarray(0, -1), 'model-damaged'],
      [
        'flipped.ldm',
        Buffer.from(whole).fill(1, whole.length - 100, whole.length - 99),
        'model-damaged',
      ],
      ['newer.ldm', Buffer.from(whole).fill(9, 8, 9), 'model-newer'],
      ['later.ldm', encodeContainer(later), 'model-damaged'], // its header's checksum
      [
        'other.ldm',
        encodeContainer({
          header: { kind: 'denoiser-checkpoint', config: {}, card: null },
          tensors: new Map(),
        }),
        'model-not-ours',
      ],
    ]
    for (const [name, bytes, code] of cases) {
      await expect(library.importFile(give(name, bytes)), name).rejects.toMatchObject({
        code,
        params: { file: name },
      })
    }
    await expect(library.importFile(join(root, 'none.ldm'))).rejects.toEqual(
      refusal('file-not-found'),
    )
    expect(await library.list()).toEqual({ items: [], setAside: [], bytes: 0 })
  })

  it('leave as a run: all of it, but no path of this machine', async () => {
    const { item } = await library.create('run', photos(sampleRun({ version: 4 })))
    const path = join(root, 'out.ldm')
    expect(await library.exportFile(item, path, 'run')).toEqual({
      name: 'out.ldm',
      bytes: statSync(path).size,
    })
    const out = await readRun(path)
    expect(out.config.data).toMatchObject({ path: '', name: 'holiday' })
    expect(out.card.command).toBe("cli train --data 'holiday' --name x")
    expect(readFileSync(path, 'latin1')).not.toContain('home/me')
    const { hash: _, bytes: __, ...rest } = out
    expect(versionOfRun(rest)).toBe(4)
    expect((await library.importFile(path)).name).toBe('run 2')
  })

  it('leave as a model: the best weights, and no pictures of a person’s own', async () => {
    const best = async (file: RunFile): Promise<string[]> => {
      const { item } = await library.create('run', file)
      await library.exportFile(item, join(root, 'out.ldm'), 'model')
      const { tensors, position, progress } = await readRun(join(root, 'out.ldm'))
      expect([position, progress.state]).toEqual([null, 'finished'])
      return [...tensors.keys()]
    }
    expect(await best(photos(sampleRun({ state: 'running' })))).toEqual(['best/w'])
    expect(await best(sampleRun())).toEqual(['best/w', 'preview/inputs', 'preview/outputs'])
    const early = sampleRun()
    early.tensors.delete('best/w')
    expect(await best(early)).toContain('best/w')
  })

  it('never leave over a file of the library', async () => {
    const { item } = await library.create('run', sampleRun())
    for (const path of [ldm(item), join(folder, 'new.ldm')]) {
      await expect(library.exportFile(item, path, 'run')).rejects.toEqual(
        refusal('target-is-source'),
      )
    }
    await expect(library.exportFile(item, join(root, 'no', 'x.ldm'), 'run')).rejects.toEqual(
      refusal('target-unwritable'),
    )
  })
})

describe('models that came with the program', () => {
  it('are listed, read and copied, never changed', async () => {
    const bundled = join(root, 'models')
    mkdirSync(bundled)
    writeFileSync(
      join(bundled, 'digits.ldm'),
      encodeRun(sampleRun({ name: 'digits', state: 'finished', version: 6 })),
    )
    writeFileSync(join(bundled, 'broken.ldm'), 'x')
    library = new Library({ folder, bundled })
    const { items, setAside, bytes } = await library.list()
    expect(items).toMatchObject([{ item: 'digits', bundled: true, readOnly: true }])
    expect([setAside[0]?.file, bytes]).toEqual(['broken.ldm', 0])
    for (const change of [
      () => library.rename('digits', 'x'),
      () => library.trash('digits'),
      () => library.write('digits', sampleRun()),
      () => library.lock('digits'),
    ]) {
      await expect(change()).rejects.toEqual(refusal('item-read-only'))
    }
    const copy = await library.duplicate('digits')
    expect(copy).toMatchObject({ name: 'digits 2', bundled: false, readOnly: false })
    expect(versionOfRun(await library.read(copy.item))).toBe(6)
    expect(readdirSync(bundled)).toEqual(['broken.ldm', 'digits.ldm'])
    copyFileSync(ldm(copy.item), ldm('digits'))
    expect((await library.list()).items.map(({ bundled: is }) => is)).toEqual([false, false])
  })
})
