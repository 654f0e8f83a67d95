/** Every I/O operation of the library's acts fails once: what was there stays, the error is typed, nothing is left over. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileOperations } from './fileOperations'
import { realFiles } from './fileOperations'
import { Library } from './library'
import type { Before } from './testing/faults'
import { systemError, withFaults } from './testing/faults'
import type { LibraryAct } from './testing/libraryActs'
import { actOn, after, before, contentsOf, libraryActs } from './testing/libraryActs'
import { canMount } from './testing/mounting'
import { quickFolder } from './testing/quickFolder'
import { sampleRun } from './testing/runs'

let root = ''
beforeEach(async () => {
  root = quickFolder('faults-')
  const library = new Library({ folder: join(root, 'pristine') })
  await library.create('first', sampleRun())
})
afterEach(() => rmSync(root, { recursive: true }))

let number = 0
/** A library of its own with one run, whose operations are announced once it is listed. */
async function libraryWith(
  before: Before,
  take?: (wanted: number) => number,
): Promise<{ library: Library; folder: string }> {
  const folder = join(root, String(number++))
  cpSync(join(root, 'pristine'), folder, { recursive: true })
  let armed = false
  let index = 0
  const files: FileOperations = withFaults(realFiles, {
    before: (_index, name) => (armed ? before(index++, name) : undefined),
    ...(take ? { take: (wanted) => (armed ? take(wanted) : wanted) } : {}),
  })
  const library = new Library({ folder, files })
  await library.list()
  armed = true
  return { library, folder }
}
async function operations(act: LibraryAct): Promise<string[]> {
  const names: string[] = []
  const { library } = await libraryWith((_index, name) => void names.push(name))
  await actOn(library, act)
  return names
}
const leftovers = (folder: string): string[] =>
  [folder, join(folder, 'trash')]
    .filter(existsSync)
    .flatMap((each) => readdirSync(each))
    .filter((name) => /\.(part|lock)$/.test(name))

describe.each(libraryActs)('%s', (act) => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EIO', 'target-unwritable'],
    ['EROFS', 'target-unwritable'],
    ['EMFILE', 'target-unwritable'],
  ])('with %s at any one operation', async (system, code) => {
    const count = (await operations(act)).length
    expect(count).toBeGreaterThan(10)
    let refused = 0
    for (let at = 0; at < count; at++) {
      const { library, folder } = await libraryWith((index) => {
        if (index === at) throw systemError(system)
      })
      const outcome = await actOn(library, act).then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
      expect(['done', code], `operation ${at}`).toContain(outcome)
      refused += outcome === 'done' ? 0 : 1
      const fresh = new Library({ folder })
      const contents = await contentsOf(fresh)
      // Refused or not, there is the old or the new, whole; what was reported done is the new.
      const allowed = outcome === 'done' ? [after[act]] : [before, after[act]]
      expect(allowed, `operation ${at}`).toContainEqual(contents)
      expect(leftovers(folder), `operation ${at}`).toEqual([])
    }
    expect(refused).toBeGreaterThan(3)
  })

  it('with faults that last from any operation on', async () => {
    const count = (await operations(act)).length
    for (let from = 0; from < count; from++) {
      const { library, folder } = await libraryWith((index) => {
        if (index >= from) throw systemError('EIO')
      })
      await actOn(library, act).catch(() => undefined)
      const fresh = new Library({ folder })
      expect([before, after[act]], `from ${from}`).toContainEqual(await contentsOf(fresh))
      // A process that could not even remove its lock may still be alive, so the lock is its own.
      expect(leftovers(folder).filter((name) => name.endsWith('.part'))).toEqual([])
      await fresh.create('next', sampleRun())
    }
  })
})

describe('short writes', () => {
  it('are continued', async () => {
    const { library } = await libraryWith(
      () => undefined,
      (wanted) => Math.min(wanted, 1001),
    )
    await actOn(library, 'write')
    expect(await contentsOf(library)).toEqual(after.write)
  })

  it.each(libraryActs.filter((act) => act !== 'trash'))(
    'that take nothing any more mean a full disk: %s',
    async (act) => {
      let room = 10_000
      const { library, folder } = await libraryWith(
        () => undefined,
        (wanted) => {
          const taken = Math.min(wanted, room)
          room -= taken
          return taken
        },
      )
      await expect(actOn(library, act)).rejects.toMatchObject({ code: 'disk-full' })
      expect(await contentsOf(new Library({ folder }))).toEqual(before)
      expect(leftovers(folder)).toEqual([])
    },
  )
})

describe('a disk that is really full', () => {
  it.skipIf(!canMount())('a tmpfs of 1 MiB: saves fail, nothing is lost, and go on', async () => {
    const disk = join(root, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      const folder = join(disk, 'library')
      const library = new Library({ folder })
      const { item } = await library.create('first', sampleRun())
      const large = sampleRun({ version: 2, weights: 100_000 })
      const full = { code: 'disk-full', params: { file: 'first' } }
      await expect(library.write(item, large)).rejects.toMatchObject(full)
      await expect(library.create('large', large)).rejects.toMatchObject({ code: 'disk-full' })
      expect(await contentsOf(library)).toEqual(before)
      // To the last page: not even a lock has room. Listing and reading go on.
      execFileSync('sh', ['-c', 'cat /dev/zero > "$0" 2>/dev/null || true', join(disk, 'filler')])
      await expect(library.write(item, sampleRun({ version: 2 }))).rejects.toMatchObject({
        code: 'disk-full',
      })
      expect(await contentsOf(new Library({ folder }))).toEqual(before)
      expect(leftovers(folder)).toEqual([])
      rmSync(join(disk, 'filler'))
      await library.write(item, sampleRun({ version: 2 }))
      expect(await contentsOf(library)).toEqual(after.write)
    } finally {
      execFileSync('umount', [disk])
    }
  })
})
