import { execFileSync } from 'node:child_process'
import { promises } from 'node:fs'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sweepTemporaryFiles, writeFileAtomically } from './atomicWriter'
import type { FileOperations } from './fileOperations'
import { realFiles } from './fileOperations'
import { systemError, withFaults } from './testing/faults'
import { canMount } from './testing/mounting'
import { versionBytes, versionOf } from './testing/versions'

let folder = ''
let target = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writer-'))
  target = join(folder, 'result.png')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The names of the operations of one undisturbed write over an existing file. */
async function operations(): Promise<string[]> {
  const names: string[] = []
  writeFileSync(target, versionBytes(1))
  const files = withFaults(realFiles, { before: (_index, name) => void names.push(name) })
  await writeFileAtomically(target, versionBytes(2), { files })
  return names
}
const failingAt = (at: (index: number) => boolean, code: string): FileOperations =>
  withFaults(realFiles, {
    before: (index) => {
      if (at(index)) throw systemError(code)
    },
  })
const refusal = (code: string): unknown =>
  expect.objectContaining({
    code,
    params: expect.objectContaining({ file: 'result.png' }) as unknown,
  })

describe('an undisturbed write', () => {
  it('makes a file, or replaces one, and leaves nothing else', async () => {
    await writeFileAtomically(target, Buffer.from('one'))
    expect(readFileSync(target, 'utf8')).toBe('one')
    await writeFileAtomically(target, Buffer.from('two, longer'))
    expect(readFileSync(target, 'utf8')).toBe('two, longer')
    await writeFileAtomically(target, new Uint8Array())
    expect(statSync(target).size).toBe(0)
    expect(readdirSync(folder)).toEqual(['result.png'])
  })

  it('syncs the file before the rename and the folder after it', async () => {
    const names = await operations()
    expect(names.indexOf('sync')).toBeGreaterThan(names.lastIndexOf('write'))
    expect(names.indexOf('rename')).toBeGreaterThan(names.indexOf('sync'))
    expect(names.indexOf('folder.sync')).toBeGreaterThan(names.indexOf('rename'))
  })

  it('keeps the mode of the file it replaces', async () => {
    writeFileSync(target, 'old')
    chmodSync(target, 0o640)
    await writeFileAtomically(target, Buffer.from('new'))
    expect(statSync(target).mode & 0o777).toBe(0o640)
  })

  it('replaces what a symbolic link points to, not the link', async () => {
    mkdirSync(join(folder, 'elsewhere'))
    writeFileSync(join(folder, 'elsewhere', 'real.png'), 'old')
    symlinkSync(join(folder, 'elsewhere', 'real.png'), target)
    await writeFileAtomically(target, Buffer.from('new'))
    expect(lstatSync(target).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(folder, 'elsewhere', 'real.png'), 'utf8')).toBe('new')
  })

  it('takes names as long as the file system allows', async () => {
    const long = join(folder, `${'x'.repeat(251)}.png`)
    await writeFileAtomically(long, Buffer.from('new'))
    expect(readFileSync(long, 'utf8')).toBe('new')
  })
})

describe('a target that cannot be', () => {
  it.each([
    ['a folder', () => folder],
    ['in a folder that is missing', () => join(folder, 'missing', 'result.png')],
    ['below a file', () => join(folder, 'file', 'result.png')],
    ['a device', () => '/dev/null'],
    ['a name that is too long', () => join(folder, 'x'.repeat(256))],
  ])('is refused: %s', async (_what, path) => {
    writeFileSync(join(folder, 'file'), 'old')
    await expect(writeFileAtomically(path(), Buffer.from('new'))).rejects.toMatchObject({
      code: 'target-unwritable',
    })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('leaves a device what it is', async () => {
    await expect(writeFileAtomically('/dev/null', Buffer.from('new'))).rejects.toThrow(/regular/)
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

describe('a fault at any one operation', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EIO', 'target-unwritable'],
    ['EROFS', 'target-unwritable'],
    ['EMFILE', 'target-unwritable'],
    ['EACCES', 'target-unwritable'],
  ])('%s is told as %s, the old file is intact and nothing is left', async (system, code) => {
    const names = await operations()
    for (const [at, name] of names.entries()) {
      writeFileSync(target, versionBytes(1))
      const files = failingAt((index) => index === at, system)
      const outcome = writeFileAtomically(target, versionBytes(2), { files })
      // Only after the rename can the new file be there: its bytes are whole, the folder's sync is what failed.
      if (name === 'folder.close') await outcome
      else await expect(outcome, name).rejects.toEqual(refusal(code))
      expect(versionOf(readFileSync(target)), name).toBe(
        name.startsWith('folder.') && at > names.indexOf('rename') ? 2 : 1,
      )
      expect(readdirSync(folder), name).toEqual(['result.png'])
    }
  })

  it('that lasts leaves at most a temporary file, which the next start sweeps', async () => {
    const names = await operations()
    for (const from of names.keys()) {
      writeFileSync(target, versionBytes(1))
      const outcome = writeFileAtomically(target, versionBytes(2), {
        files: failingAt((index) => index >= from, 'EIO'),
      })
      if (names[from] === 'folder.close') await outcome
      else await expect(outcome).rejects.toEqual(refusal('target-unwritable'))
      expect(versionOf(readFileSync(target))).not.toBeNull()
      await sweepTemporaryFiles(folder)
      expect(readdirSync(folder)).toEqual(['result.png'])
    }
  })

  it('makes no file where there was none', async () => {
    const names = await operations()
    for (const at of names.slice(0, names.indexOf('rename') - 1).keys()) {
      rmSync(target, { force: true })
      await expect(
        writeFileAtomically(target, versionBytes(2), {
          files: failingAt((index) => index === at, 'ENOSPC'),
        }),
      ).rejects.toEqual(refusal('disk-full'))
      expect(readdirSync(folder)).toEqual([])
    }
  })
})

describe('short writes', () => {
  it('are continued until every byte is written', async () => {
    const files = withFaults(realFiles, {
      before: () => undefined,
      take: (wanted) => Math.min(wanted, 7001),
    })
    await writeFileAtomically(target, versionBytes(3), { files })
    expect(versionOf(readFileSync(target))).toBe(3)
  })

  it('that take nothing mean a full disk', async () => {
    writeFileSync(target, versionBytes(1))
    let room = 50_000
    const take = (wanted: number): number => {
      const taken = Math.min(wanted, room)
      room -= taken
      return taken
    }
    await expect(
      writeFileAtomically(target, versionBytes(2), {
        files: withFaults(realFiles, { before: () => undefined, take }),
      }),
    ).rejects.toEqual(refusal('disk-full'))
    expect(versionOf(readFileSync(target))).toBe(1)
    expect(readdirSync(folder)).toEqual(['result.png'])
  })
})

describe('a file that reads back differently', () => {
  it.each([
    ['too short', { size: () => Promise.resolve(12) }],
    ['other bytes', { read: (into: Uint8Array) => Promise.resolve(into.fill(7).length) }],
    ['nothing', { read: () => Promise.resolve(0) }],
  ])('is not put in place: %s', async (_what, lie) => {
    writeFileSync(target, versionBytes(1))
    const files: FileOperations = {
      ...realFiles,
      create: async (path) => ({ ...(await realFiles.create(path)), ...lie }),
    }
    await expect(writeFileAtomically(target, versionBytes(2), { files })).rejects.toEqual(
      refusal('target-unwritable'),
    )
    expect(versionOf(readFileSync(target))).toBe(1)
    expect(readdirSync(folder)).toEqual(['result.png'])
  })
})

describe('on Windows', () => {
  const held = (times: number): { files: FileOperations; pauses: number[] } => {
    const pauses: number[] = []
    let left = times
    const rename: FileOperations['rename'] = (from, to) =>
      left-- > 0 ? Promise.reject(systemError('EPERM')) : realFiles.rename(from, to)
    const openFolder = (): Promise<never> => Promise.reject(systemError('EPERM'))
    return { files: { ...realFiles, rename, openFolder }, pauses }
  }
  const write = ({ files, pauses }: ReturnType<typeof held>): Promise<void> =>
    writeFileAtomically(target, versionBytes(2), {
      files,
      platform: 'win32',
      pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    })

  it('a rename is tried again while another program holds the file', async () => {
    const case3 = held(3)
    await write(case3)
    expect(case3.pauses).toHaveLength(3)
    expect(versionOf(readFileSync(target))).toBe(2)
  })

  it('and given up after some seconds, the old file intact', async () => {
    writeFileSync(target, versionBytes(1))
    await expect(write(held(1000))).rejects.toEqual(refusal('target-unwritable'))
    expect(versionOf(readFileSync(target))).toBe(1)
    expect(readdirSync(folder)).toEqual(['result.png'])
  })
})

describe('a disk that is really full', () => {
  it.skipIf(!canMount())(
    'a tmpfs of 1 MiB: the old file is intact, nothing is left, and there is room again',
    async () => {
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
      try {
        const path = join(disk, 'result.png')
        await writeFileAtomically(path, versionBytes(1))
        await expect(writeFileAtomically(path, new Uint8Array(2_000_000))).rejects.toEqual(
          refusal('disk-full'),
        )
        expect(versionOf(readFileSync(path))).toBe(1)
        expect(readdirSync(disk)).toEqual(['result.png'])
        // Filled to the last page, where a write takes a part of the bytes and reports success.
        await promises.writeFile(join(disk, 'filler'), new Uint8Array(800_000))
        await expect(writeFileAtomically(path, versionBytes(2))).rejects.toEqual(
          refusal('disk-full'),
        )
        expect(versionOf(readFileSync(path))).toBe(1)
        rmSync(join(disk, 'filler'))
        await writeFileAtomically(path, versionBytes(3))
        expect(versionOf(readFileSync(path))).toBe(3)
      } finally {
        execFileSync('umount', [disk])
      }
    },
  )
})
