/** Which key does what to the view. */
import { gains, type View, type ViewMode } from './view.svelte'

interface Key {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** Does something to the view; `coarse` is a held shift key. */
type Act = (view: View, coarse: boolean) => void

const mode =
  (next: ViewMode): Act =>
  (view) => {
    view.mode = next
  }
const gainStep =
  (by: 1 | -1): Act =>
  (view) => {
    const next = gains[gains.indexOf(view.gain) + by]
    if (next !== undefined) view.gain = next
  }

/** Keys of one character, by what they write. */
const characters: Record<string, Act> = {
  f: (view) => view.fit(),
  '1': (view) => view.zoomTo(1),
  '2': (view) => view.zoomTo(2),
  '+': (view) => view.zoomStep(1),
  '=': (view) => view.zoomStep(1),
  '-': (view) => view.zoomStep(-1),
  _: (view) => view.zoomStep(-1),
  w: mode('wipe'),
  s: mode('side'),
  d: mode('difference'),
  b: (view) => {
    if (view.mode === 'blink') view.swap()
    else view.mode = 'blink'
  },
  p: (view) => {
    view.blinkPaused = !view.blinkPaused
  },
  x: (view) => {
    view.crosshair = !view.crosshair
  },
  '[': (view) => view.moveWipe(-1),
  ']': (view) => view.moveWipe(1),
  '{': (view) => view.moveWipe(-10),
  '}': (view) => view.moveWipe(10),
  ',': gainStep(-1),
  '.': gainStep(1),
}

/** Keys that move, for when no control needs them itself. */
const arrows: Record<string, Act> = {
  ArrowLeft: (view, coarse) => view.look(-1, 0, view.crosshair && !coarse),
  ArrowRight: (view, coarse) => view.look(1, 0, view.crosshair && !coarse),
  ArrowUp: (view, coarse) => view.look(0, -1, view.crosshair && !coarse),
  ArrowDown: (view, coarse) => view.look(0, 1, view.crosshair && !coarse),
}

/** What the key does to the view, or null. */
export function actOf(event: Key, allowed: { characters: boolean; arrows: boolean }): Act | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const character = allowed.characters ? characters[event.key.toLowerCase()] : undefined
  const arrow = allowed.arrows ? arrows[event.key] : undefined
  return character ?? arrow ?? null
}
