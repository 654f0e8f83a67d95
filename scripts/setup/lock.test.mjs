import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'
import { testFolder } from './testFolder.mjs'

describe('withLock', () => {
  it('runs one job at a time and says once that it waits', async () => {
    const lock = path.join(testFolder(), 'locks', 'a')
    /** @type {string[]} */
    const order = []
    let release = () => undefined
    const first = withLock(
      lock,
      () => new Promise((resolve) => (release = () => void resolve(order.push('first')))),
    )
    const second = withLock(
      lock,
      async () => order.push('second'),
      () => {
        order.push('waits')
        release()
      },
    )
    await Promise.all([first, second])
    expect(order).toEqual(['waits', 'first', 'second'])
    expect(fs.existsSync(lock)).toBe(false)
  })

  it('takes over the lock of a process that is gone', async () => {
    const lock = path.join(testFolder(), 'a')
    fs.mkdirSync(lock)
    fs.writeFileSync(path.join(lock, 'owner'), '99999999')
    expect(await withLock(lock, async () => 'done')).toBe('done')
  })

  it('is free again after a failure', async () => {
    const lock = path.join(testFolder(), 'a')
    const failing = withLock(lock, async () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await withLock(lock, async () => 'done')).toBe('done')
  })
})
