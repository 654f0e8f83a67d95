import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realFiles } from './fileOperations'
import { isLocked, removeIfStale, renewLock, takeLock } from './itemLock'
import { isSameProcess, ownStart } from './processes'
import { systemError } from './testing/faults'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  path = join(folder, 'a.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const take = (files = realFiles): Promise<() => Promise<void>> => takeLock(path, 'a', files)
interface Content {
  pid: number
  started: string
  host: string
  token: string
}
/** The lock as it would be of another process. */
async function put(change: Partial<Content>, secondsOld = 0): Promise<void> {
  rmSync(path, { force: true })
  const release = await take()
  const content = JSON.parse(readFileSync(path, 'utf8')) as Content
  await release()
  writeFileSync(path, JSON.stringify({ ...content, token: 'other', ...change }))
  age(secondsOld)
}
function age(seconds: number): void {
  const time = Date.now() / 1000 - seconds
  utimesSync(path, time, time)
}

describe('a lock', () => {
  it('is one file that is gone when it was released', async () => {
    const release = await take()
    expect([readdirSync(folder), await isLocked(path)]).toEqual([['a.lock'], true])
    await expect(take()).rejects.toMatchObject({ code: 'item-busy', params: { model: 'a' } })
    await renewLock(path, 'a')
    await release()
    expect([readdirSync(folder), await isLocked(path)]).toEqual([[], false])
    await expect(renewLock(path, 'a')).rejects.toMatchObject({ code: 'item-busy' })
  })

  it('of which only one of many gets hold', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => take()))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('of a living process stays, of one that is gone or another with its number it is taken over', async () => {
    const sleeper = spawn('sleep', ['60'])
    const pid = sleeper.pid as number
    await put({ pid, started: '' })
    expect(await isLocked(path)).toBe(true)
    await expect(take()).rejects.toMatchObject({ code: 'item-busy' })
    await put({ pid, started: 'before' })
    expect(await isLocked(path)).toBe(false)
    await (
      await take()
    )()
    sleeper.kill('SIGKILL')
    await once(sleeper, 'exit')
    await put({ pid, started: '' })
    expect(await isLocked(path)).toBe(false)
    await (
      await take()
    )()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')(
    'of a process that ended and that nobody collected is taken over',
    async () => {
      // the child outlives the shell, which would collect it; the sleep that takes the shell's place does not
      const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'])
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString())
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /), {
        timeout: 20_000,
      })
      await put({ pid, started: '' })
      await (
        await take()
      )()
      parent.kill('SIGKILL')
    },
  )

  it('with this process’s number, from before it was started, is taken over', async () => {
    await put({ started: 'before' })
    await (
      await take()
    )()
    await put({}) // even with its start: it was not released, and is not held
    await (
      await take()
    )()
  })

  it('of another machine counts for an hour', async () => {
    await put({ host: 'other', pid: 1 })
    await expect(take()).rejects.toMatchObject({ code: 'item-busy' })
    age(7200)
    await (
      await take()
    )()
  })

  it.each(['', 'text', '{}', '[1', '{"pid":-1,"started":"","host":"","token":""}'])(
    'that cannot be read (%j) is taken over once it is not just being written',
    async (text) => {
      writeFileSync(path, text)
      await expect(take()).rejects.toMatchObject({ code: 'item-busy' })
      expect(await removeIfStale(path, realFiles)).toBe(false)
      age(60)
      await (
        await take()
      )()
      expect(readdirSync(folder)).toEqual([])
    },
  )

  it('that was taken from us is not removed by us, and we are told', async () => {
    const release = await take()
    const content = JSON.parse(readFileSync(path, 'utf8')) as Content
    writeFileSync(path, JSON.stringify({ ...content, pid: process.ppid, started: '', token: 'x' }))
    await expect(renewLock(path, 'a')).rejects.toMatchObject({ code: 'item-busy' })
    await release()
    expect(existsSync(path)).toBe(true)
  })

  it('works on a file system without links', async () => {
    const files = { ...realFiles, link: () => Promise.reject(systemError('EPERM')) }
    const release = await take(files)
    expect(await isLocked(path)).toBe(true)
    await release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('that cannot be written is a typed error, and nothing is held', async () => {
    for (const [system, code] of [
      ['ENOSPC', 'disk-full'],
      ['EROFS', 'target-unwritable'],
    ] as const) {
      const files = { ...realFiles, create: () => Promise.reject(systemError(system)) }
      await expect(take(files)).rejects.toMatchObject({ code })
    }
    await (
      await take()
    )()
  })

  it('in place of a stale one belongs to one of many', async () => {
    await put({ pid: 2 ** 30 })
    const many = await Promise.allSettled([
      removeIfStale(path, realFiles),
      take(),
      removeIfStale(path, realFiles),
    ])
    expect(many.map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'))
    expect(await isLocked(path)).toBe(true)
  })
})

describe('processes', () => {
  it('are known by number and start', async () => {
    expect(await isSameProcess(process.pid, await ownStart())).toBe(true)
    expect(await isSameProcess(process.pid, 'before')).toBe(false)
    expect(await isSameProcess(2 ** 30, '')).toBe(false)
    expect(await ownStart()).not.toBe('')
  })
})
