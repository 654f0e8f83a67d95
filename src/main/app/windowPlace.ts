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

const shared = (a: Bounds, b: Bounds) =>
  overlap(a.x, a.width, b.x, b.width) * overlap(a.y, a.height, b.y, b.height)

const between = (low: number, value: number, high: number) => Math.max(low, Math.min(value, high))

/**
 * The place to open the window at. What was remembered is moved and shrunk into the screen it overlaps most; when
 * it overlaps none, or nothing was remembered, the window stands in the middle of the first.
 * @param remembered what was read from disk, in any state.
 * @param screens the work areas of the screens, the primary one first.
 */
export function placeOn(remembered: unknown, screens: readonly Bounds[]): Place {
  const first = screens[0] ?? { x: 0, y: 0, ...preferred }
  const parsed = place.safeParse(remembered)
  const wanted = parsed.success ? parsed.data : null
  const [screen = first] = wanted
    ? screens
        .filter((candidate) => shared(candidate, wanted.bounds) > 0)
        .sort((a, b) => shared(b, wanted.bounds) - shared(a, wanted.bounds))
    : []
  const onScreen = wanted && shared(screen, wanted.bounds) > 0 ? wanted.bounds : null
  const width = Math.min(Math.max(onScreen?.width ?? preferred.width, smallest.width), screen.width)
  const height = Math.min(
    Math.max(onScreen?.height ?? preferred.height, smallest.height),
    screen.height,
  )
  const middle = {
    x: screen.x + Math.floor((screen.width - width) / 2),
    y: screen.y + Math.floor((screen.height - height) / 2),
  }
  return {
    bounds: {
      x: between(screen.x, onScreen?.x ?? middle.x, screen.x + screen.width - width),
      y: between(screen.y, onScreen?.y ?? middle.y, screen.y + screen.height - height),
      width,
      height,
    },
    maximized: wanted?.maximized ?? false,
  }
}
