/** Where the window stands: remembered, and never off the screens there are. */
import { z } from 'zod'

const bounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
})
export type Bounds = z.infer<typeof bounds>

const place = z.object({ bounds, maximized: z.boolean() })
export type Place = z.infer<typeof place>

/** The smallest window in which every screen works. */
export const smallest = { width: 960, height: 640 } as const
const preferred = { width: 1400, height: 880 } as const

const overlap = (start: number, length: number, otherStart: number, otherLength: number) =>
  Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart))

/** The area that both cover. */
const area = (a: Bounds, b: Bounds) =>
  overlap(a.x, a.width, b.x, b.width) * overlap(a.y, a.height, b.y, b.height)

const between = (low: number, value: number, high: number) => Math.max(low, Math.min(value, high))

/**
 * The place to open the window at: the remembered one, moved and shrunk into the screen it overlaps most; when it
 * overlaps none any more, the middle of the first.
 * @param remembered what was read from disk, in any state.
 * @param screens the work areas of the screens, the primary one first.
 */
export function placeOn(remembered: unknown, screens: readonly Bounds[]): Place {
  const parsed = place.safeParse(remembered)
  const wanted = parsed.success ? parsed.data.bounds : null
  const overlapped = wanted
    ? screens
        .filter((screen) => area(screen, wanted) > 0)
        .sort((a, b) => area(b, wanted) - area(a, wanted))[0]
    : undefined
  const screen = overlapped ?? screens[0] ?? { x: 0, y: 0, ...preferred }
  const size = wanted ?? preferred
  const width = Math.min(Math.max(size.width, smallest.width), screen.width)
  const height = Math.min(Math.max(size.height, smallest.height), screen.height)
  const right = screen.x + screen.width - width
  const bottom = screen.y + screen.height - height
  const x = overlapped && wanted ? wanted.x : Math.floor((screen.x + right) / 2)
  const y = overlapped && wanted ? wanted.y : Math.floor((screen.y + bottom) / 2)
  return {
    bounds: { x: between(screen.x, x, right), y: between(screen.y, y, bottom), width, height },
    maximized: parsed.success && parsed.data.maximized,
  }
}
