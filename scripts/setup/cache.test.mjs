import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  folderSize,
  hashFile,
  isRunning,
  placeLink,
  publishFolder,
  requireSpace,
} from './cache.mjs'
import { SetupError } from './report.mjs'
import { testFolder } from './testFolder.mjs'

/** A process number that no process has: the largest one that Linux gives out is 4,194,304. */
const NOBODY = 99_999_999

describe('publishFolder', () => {
  it('shows the folder only when it is complete', async () => {
    const folder = path.join(testFolder(), 'cache', 'runtime')
    await publishFolder(folder, async (temporary) => {
      fs.writeFileSync(path.join(temporary, 'a'), 'a')
      expect(fs.existsSync(folder)).toBe(false)
    })
    expect(fs.readdirSync(path.dirname(folder))).toEqual(['runtime'])
    expect(fs.readFileSync(path.join(folder, 'a'), 'utf8')).toBe('a')
  })

  it('leaves nothing behind when filling fails, and keeps what was there', async () => {
    const folder = path.join(testFolder(), 'runtime')
    fs.mkdirSync(folder)
    fs.writeFileSync(path.join(folder, 'old'), 'old')
    const failing = publishFolder(folder, async (temporary) => {
      fs.writeFileSync(path.join(temporary, 'half'), 'half')
      throw new Error('the network went away')
    })
    await expect(failing).rejects.toThrow('the network went away')
    expect(fs.readdirSync(path.dirname(folder))).toEqual(['runtime'])
    expect(fs.readdirSync(folder)).toEqual(['old'])
  })

  it('clears what interrupted set-ups left, but not what a running one writes', async () => {
    const folder = path.join(testFolder(), 'runtime')
    fs.mkdirSync(`${folder}.partial-${NOBODY}`)
    fs.mkdirSync(`${folder}.partial-${process.ppid}`)
    await publishFolder(folder, async () => undefined)
    expect(fs.readdirSync(path.dirname(folder)).sort()).toEqual([
      'runtime',
      `runtime.partial-${process.ppid}`,
    ])
  })
})

describe('placeLink', () => {
  it('replaces a link without touching what it pointed at', () => {
    const folder = testFolder()
    for (const name of ['old', 'new']) {
      fs.mkdirSync(path.join(folder, name))
      fs.writeFileSync(path.join(folder, name, 'file'), name)
    }
    const place = path.join(folder, 'deep', 'link')
    placeLink(path.join(folder, 'old'), place)
    placeLink(path.join(folder, 'new'), place)
    expect(fs.readFileSync(path.join(place, 'file'), 'utf8')).toBe('new')
    expect(fs.readFileSync(path.join(folder, 'old/file'), 'utf8')).toBe('old')
  })

  it('replaces a folder', () => {
    const folder = testFolder()
    fs.mkdirSync(path.join(folder, 'place/full'), { recursive: true })
    fs.mkdirSync(path.join(folder, 'target'))
    placeLink(path.join(folder, 'target'), path.join(folder, 'place'))
    expect(fs.readdirSync(path.join(folder, 'place'))).toEqual([])
  })
})

describe('requireSpace', () => {
  it('passes when there is room, also for a folder that is still to be made', async () => {
    await expect(
      requireSpace(path.join(testFolder(), 'a/b'), 1, 'TensorFlow'),
    ).resolves.toBeUndefined()
  })

  it('names what, where and how much when there is none', async () => {
    const failing = requireSpace(testFolder(), 1e18, 'TensorFlow')
    await expect(failing).rejects.toThrow(SetupError)
    await expect(failing).rejects.toThrow(
      /not enough disk space for TensorFlow: 1000000000\.0 GB are needed/,
    )
  })
})

describe('hashFile and folderSize', () => {
  it('give known values', async () => {
    const folder = testFolder()
    fs.writeFileSync(path.join(folder, 'abc'), 'abc')
    fs.mkdirSync(path.join(folder, 'below'))
    fs.writeFileSync(path.join(folder, 'below/four'), 'four')
    fs.symlinkSync('abc', path.join(folder, 'link'))
    expect(await hashFile(path.join(folder, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(folderSize(folder)).toBe(7)
  })
})

describe('isRunning', () => {
  it('knows this process and none that cannot be', () => {
    expect(isRunning(process.pid)).toBe(true)
    expect(isRunning(NOBODY)).toBe(false)
    expect(isRunning(Number.NaN)).toBe(false)
  })
})
