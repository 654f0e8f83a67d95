/** Pointer, wheel and keys on a map. What they come to is told; the camera is moved here. */
import type { Spot } from './camera'
import type { PointsStage } from './stage'

export interface Happenings {
  /** Null: no point any more. */
  hovered: (point: number | null, by: 'pointer' | 'keyboard') => void
  opened: (point: number) => void
  /** A place without a point. */
  decoded: (place: Spot) => void
  selected: (points: Int32Array) => void
  toggled: (point: number) => void
  /** Whether a drag draws a lasso. */
  lassoing: () => boolean
}

/** Pixels up to which a press is a click. */
const still = 4
const step = { fine: 8, coarse: 48 }

export function listen(element: HTMLElement, stage: PointsStage, tell: Happenings): () => void {
  const stopping = new AbortController()
  const options = { signal: stopping.signal }
  let drag: { from: Spot; last: Spot; kind: 'pan' | 'lasso' | 'place'; moved: boolean } | null =
    null
  let lasso: Spot[] = []

  const pixel = (event: MouseEvent): Spot => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.x, y: event.clientY - box.y }
  }
  const onPlace = (at: Spot): boolean => {
    const place = stage.place && stage.pixelOf(stage.place)
    return place !== null && Math.hypot(place.x - at.x, place.y - at.y) < 12
  }
  const choose = (at: Spot): void => {
    const point = stage.pointAt(at)
    if (point === null) tell.decoded(stage.placeOf(at))
    else tell.opened(point)
  }
  const finish = (at: Spot | null): void => {
    const ended = drag
    drag = null
    element.classList.remove('grabbed')
    if (ended?.kind === 'lasso') {
      if (at && lasso.length > 2) tell.selected(stage.pointsInside(lasso))
      lasso = []
      stage.setOverlay({ lasso })
    }
    if (ended && at && !ended.moved && ended.kind !== 'place') choose(at)
  }

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : 33)
      stage.zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0018)), pixel(event))
    },
    { ...options, passive: false },
  )
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1) return
      element.setPointerCapture(event.pointerId)
      const from = pixel(event)
      const wantsLasso = event.button === 0 && (tell.lassoing() || event.shiftKey)
      const kind = wantsLasso ? 'lasso' : onPlace(from) ? 'place' : 'pan'
      drag = { from, last: from, kind, moved: false }
      lasso = wantsLasso ? [from] : []
      stage.setOverlay({ cursor: null })
    },
    options,
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const at = pixel(event)
      if (!drag) {
        tell.hovered(stage.pointAt(at), 'pointer')
        return
      }
      if (!drag.moved && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) < still) return
      if (!drag.moved) tell.hovered(null, 'pointer')
      if (drag.kind === 'pan') {
        element.classList.add('grabbed')
        stage.pan(at.x - drag.last.x, at.y - drag.last.y)
      } else if (drag.kind === 'place') tell.decoded(stage.placeOf(at))
      else {
        lasso.push(at)
        stage.setOverlay({ lasso })
      }
      drag = { ...drag, last: at, moved: true }
    },
    options,
  )
  element.addEventListener('pointerup', (event) => finish(pixel(event)), options)
  element.addEventListener('pointercancel', () => finish(null), options)
  element.addEventListener('pointerleave', () => !drag && tell.hovered(null, 'pointer'), options)
  element.addEventListener(
    'keydown',
    (event) => {
      if (event.target === element && press(event, stage, tell)) event.preventDefault()
    },
    options,
  )
  element.addEventListener('blur', () => stage.setOverlay({ cursor: null }), options)
  return () => stopping.abort()
}

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** True for keys that mean something here. */
function press(event: KeyboardEvent, stage: PointsStage, tell: Happenings): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const arrow = arrows[event.key]
  const at = stage.cursor ? stage.pixelOf(stage.cursor) : null
  if (arrow) {
    const by = event.shiftKey ? step.coarse : step.fine
    tell.hovered(stage.pointAt(stage.moveCursor(arrow[0] * by, arrow[1] * by)), 'keyboard')
    return true
  }
  switch (event.key) {
    case '+':
    case '=':
      stage.zoom(1.5, at ?? undefined)
      return true
    case '-':
      stage.zoom(1 / 1.5, at ?? undefined)
      return true
    case '0':
    case 'f':
      stage.showAll()
      return true
    case 'Enter': {
      if (!at || !stage.cursor) return false
      const point = stage.pointAt(at)
      if (point === null) tell.decoded(stage.cursor)
      else tell.opened(point)
      return true
    }
    case ' ': {
      const point = at && stage.pointAt(at)
      if (point !== null) tell.toggled(point)
      return true
    }
    case 'Escape':
      if (!stage.cursor) return false
      stage.setOverlay({ cursor: null })
      tell.hovered(null, 'keyboard')
      return true
    default:
      return false
  }
}
