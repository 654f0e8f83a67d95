import { expect, it, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import { Kept } from './kept'

/** A promise that a test settles. */
function later<T>() {
  let settle = {} as { resolve: (value: T) => void; reject: (cause: Error) => void }
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }))
  return { promise, ...settle }
}

it('calculates once, whoever comes meanwhile waits for it', async () => {
  const kept = new Kept<string, number>()
  const { promise, resolve } = later<number>()
  const work = vi.fn(() => promise)
  const both = Promise.all([kept.get('a', work), kept.get('a', work)])
  const other = await kept.get('b', () => Promise.resolve(2))
  resolve(1)
  expect([...(await both), other, await kept.get('a', work)]).toEqual([1, 1, 2, 1])
  expect(work).toHaveBeenCalledTimes(1)
})

it('begins anew for whoever waited for what was cancelled', async () => {
  const kept = new Kept<string, number>()
  const { promise, reject } = later<number>()
  const first = kept.get('a', () => promise)
  const second = kept.get('a', () => Promise.resolve(2))
  reject(new DarkroomError('cancelled', 'cancelled'))
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  expect(await second).toBe(2)
})

it('lets one who waits go at once, while the work goes on', async () => {
  const kept = new Kept<string, number>()
  const { promise, resolve } = later<number>()
  const first = kept.get('a', () => promise)
  const stop = new AbortController()
  const second = kept.get('a', () => Promise.resolve(2), stop.signal)
  stop.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  resolve(1)
  expect(await first).toBe(1)
})
