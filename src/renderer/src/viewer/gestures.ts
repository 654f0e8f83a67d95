/** Wheel, drag and pinch on the canvas, as zoom and pan of the view. */
import type { View } from './view.svelte'

interface Point {
  x: number
  y: number
}

/** The zoom of a wheel's movement: a notch of 100 is a fifth, a pinch on a touchpad is finer and reported as ctrl + wheel. */
export function wheelFactor(event: {
  deltaY: number
  deltaMode: number
  ctrlKey: boolean
}): number {
  const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : 33) // lines, where a system counts those
  return Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0018))
}

/** Listens on `element` (the canvas) until the returned function is called. */
export function listenToGestures(element: HTMLElement, view: View): () => void {
  const held = new Map<number, Point>()
  const stopping = new AbortController()
  const options = { signal: stopping.signal }

  const place = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect()
    return { x: (event.clientX - box.x) * view.ratio, y: (event.clientY - box.y) * view.ratio }
  }
  const release = (event: PointerEvent) => {
    held.delete(event.pointerId)
    element.classList.toggle('grabbed', held.size > 0)
  }

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      view.zoomBy(wheelFactor(event), view.inPane(place(event)))
      view.pointAt(place(event))
    },
    { ...options, passive: false },
  )
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1) return
      element.setPointerCapture(event.pointerId)
      held.set(event.pointerId, place(event))
      element.classList.add('grabbed')
    },
    options,
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const now = place(event)
      const before = held.get(event.pointerId)
      if (before) {
        const others = [...held].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
        if (others[0]) pinch(view, before, now, others[0])
        else view.panBy(now.x - before.x, now.y - before.y)
        held.set(event.pointerId, now)
      }
      if (event.pointerType !== 'touch') view.pointAt(now)
    },
    options,
  )
  element.addEventListener('pointerup', release, options)
  element.addEventListener('pointercancel', release, options)
  element.addEventListener('pointerleave', () => view.pointAt(null), options)
  return () => stopping.abort()
}

/** One finger moves while another rests: the distance zooms about their middle, the middle pans. */
function pinch(view: View, before: Point, now: Point, other: Point): void {
  const distance = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y)
  const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
  view.panBy((now.x - before.x) / 2, (now.y - before.y) / 2)
  view.zoomBy(distance(now) / Math.max(1, distance(before)), view.inPane(middle))
}
