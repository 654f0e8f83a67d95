import { expect, it, vi } from 'vitest'
import { levelMapOf } from './levelMap'

/** An image of one channel whose left part is dark and whose right part is bright. */
function parted(width: number, height: number, cut: number) {
  const data = Float32Array.from({ length: width * height }, (_, i) =>
    i % width < cut ? 0.1 : 0.9,
  )
  const rows = (y: number, count: number) => data.subarray(y * width, (y + count) * width)
  return { width, height, channels: 1, rows } as const
}
const level = [4, 6, 12]

it('one σ is that of every tile, whatever the image', async () => {
  const map = await levelMapOf(parted(10, 10, 5), 7.3)
  expect([map.sigma, map.of({ x: 0, y: 0, width: 8, height: 8 })]).toEqual([7.3, 7.3])
})

it('each place has the σ of the brightness around it, and the image their mean square', async () => {
  const map = await levelMapOf(parted(96, 40, 48), level)
  const tile = map.of({ x: 0, y: 0, width: 96, height: 40 }) as Float32Array
  expect([tile[0], tile[20], tile[27], tile[47]]).toEqual([4, 4, 12, 12])
  expect(tile[24]).toBeGreaterThan(7)
  expect(tile[24]).toBeLessThan(12)
  expect(map.sigma).toBeCloseTo(Math.sqrt((4 ** 2 + 12 ** 2) / 2), 5)
})

it('is the same for a place in every region that shows it, over the edge too', async () => {
  const map = await levelMapOf(parted(83, 61, 37), level)
  const whole = map.of({ x: 0, y: 0, width: 96, height: 64 }) as Float32Array
  const part = map.of({ x: 20, y: 12, width: 40, height: 52 }) as Float32Array
  for (let y = 0; y < 26; y++)
    expect(part.subarray(y * 20, (y + 1) * 20)).toEqual(
      whole.subarray((y + 6) * 48 + 10, (y + 6) * 48 + 30),
    )
  expect(whole.slice(-1)).toEqual(Float32Array.of(12))
})

it('takes images smaller than a block, and lets others have their turn', async () => {
  const turn = vi.fn(() => Promise.resolve())
  const map = await levelMapOf(parted(3, 3, 3), level, turn)
  expect(map.of({ x: 0, y: 0, width: 4, height: 4 })).toEqual(new Float32Array(4).fill(4))
  await levelMapOf(parted(8, 80, 8), level, turn)
  expect(turn).toHaveBeenCalledTimes(11)
})
