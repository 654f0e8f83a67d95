import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fullLook } from '../../../shared/types'
import { Feed, refreshMilliseconds, type Wish } from './feed'
import type { Pixels } from './types'

const whole = { width: 100, height: 50 }
const part = { x: 0, y: 0, width: 10, height: 10 }
const wish = (changes: Partial<Wish> = {}): Wish => ({
  source: 'photo',
  picture: { kind: 'layer', layer: 'original', look: fullLook },
  content: 'a',
  revision: '0',
  region: { x: 0, y: 0, ...whole },
  size: whole,
  ...changes,
})

/** A feed whose requests are answered by hand, in order. */
function setUp() {
  const open: { wish: Wish; answer: () => void; refuse: (error: Error) => void }[] = []
  const failed = vi.fn()
  const feed = new Feed<string>({
    fetch: (asked) =>
      new Promise<Pixels>((resolve, reject) => {
        open.push({
          wish: asked,
          answer: () => resolve({ ...asked.size, pixels: new Uint8Array() }),
          refuse: reject,
        })
      }),
    convert: (_pixels, asked) => `${asked.content}${asked.revision}`,
    changed: vi.fn(),
    failed,
  })
  const settle = () => vi.advanceTimersByTimeAsync(0)
  return { feed, open, failed, settle }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('one request in flight; of the wishes made meanwhile only the last is asked', async () => {
  const { feed, open, settle } = setUp()
  for (const content of ['a', 'b', 'c']) feed.want(wish({ content }), whole)
  expect(open).toHaveLength(1)
  open[0]?.answer()
  await settle()
  expect(feed.current?.bitmap).toBe('a0')
  expect(open.map(({ wish: { content } }) => content)).toEqual(['a', 'c'])
})

test('the same wish is asked once', async () => {
  const { feed, open, settle } = setUp()
  feed.want(wish(), whole)
  open[0]?.answer()
  await settle()
  feed.want(wish(), whole)
  await settle()
  expect(open).toHaveLength(1)
})

test('a new tile waits its turn, a new setting does not', async () => {
  const { feed, open, settle } = setUp()
  feed.want(wish(), whole)
  open[0]?.answer()
  await settle()
  feed.want(wish({ revision: '1' }), whole)
  feed.want(wish({ revision: '2' }), whole)
  expect(open).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(refreshMilliseconds)
  expect(open[1]?.wish.revision).toBe('2')
  open[1]?.answer()
  await settle()
  feed.want(wish({ revision: '3', content: 'b' }), whole)
  expect(open).toHaveLength(3)
})

test('when only a part is shown, the whole follows once as a backdrop', async () => {
  const { feed, open, settle } = setUp()
  feed.want(wish({ region: part, size: part }), whole)
  open[0]?.answer()
  await settle()
  expect(open[1]?.wish.region).toEqual({ x: 0, y: 0, width: 100, height: 50 })
  open[1]?.answer()
  await settle()
  expect(feed.current?.wish.region).toEqual(part)
  expect(feed.backdrop?.wish.region.width).toBe(100)
  feed.want(wish({ region: { ...part, x: 20 }, size: part }), whole)
  open[2]?.answer()
  await settle()
  expect(open).toHaveLength(3)
  expect(feed.backdrop?.wish.region.width).toBe(100)
})

test('a picture of the photo before is never shown', async () => {
  const { feed, open, settle } = setUp()
  feed.want(wish(), whole)
  open[0]?.answer()
  await settle()
  feed.want(wish({ source: 'other' }), whole)
  expect(feed.current).toBeNull()
  feed.want(wish({ source: 'third' }), whole)
  open[1]?.answer()
  await settle()
  expect(feed.current).toBeNull()
  open[2]?.answer()
  await settle()
  expect(feed.current?.wish.source).toBe('third')
})

test('a failure is reported and does not stop the next wish', async () => {
  const { feed, open, failed, settle } = setUp()
  feed.want(wish(), whole)
  open[0]?.refuse(new Error('gone'))
  await settle()
  expect(failed).toHaveBeenCalledOnce()
  feed.want(wish({ content: 'b' }), whole)
  open[1]?.answer()
  await settle()
  expect(feed.current?.bitmap).toBe('b0')
})
