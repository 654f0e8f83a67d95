/** Draws the pictures that have arrived where the view wants them, and asks for those it lacks. */
import type { Picture } from '../../../shared/contract'
import { toBitmap } from './bitmap'
import { Feed, type Held, type Wish } from './feed'
import { nearestAbove, placement, requestSize } from './geometry'
import type { Rect, Side, ViewerSource } from './types'
import type { View } from './view.svelte'

type Bitmap = OffscreenCanvas
type Slot = 'first' | 'second' | 'difference'

/** What is to be shown: one picture, or two. */
export interface Scene {
  source: ViewerSource
  first: Side
  second: Side | null
}

interface Colours {
  light: string
  dark: string
}

/** CSS pixels of a square behind transparent pixels. */
const chequer = 8

export class Stage {
  readonly #context: CanvasRenderingContext2D | null
  readonly #feeds: Record<Slot, Feed<Bitmap>>
  readonly #colours: Colours
  #source: ViewerSource | null = null

  constructor(
    canvas: HTMLCanvasElement,
    colours: Colours,
    changed: () => void,
    failed: (error: unknown) => void,
  ) {
    this.#context = canvas.getContext('2d')
    this.#colours = colours
    const feed = () =>
      new Feed<Bitmap>({
        fetch: ({ picture, region, size }) => this.#fetch(picture, region, size),
        convert: (pixels, wish) => toBitmap(pixels, this.#colourSpace(wish)),
        changed,
        failed,
      })
    this.#feeds = { first: feed(), second: feed(), difference: feed() }
  }

  /** Returns whether everything shown is what is wanted, and nothing is still on its way. */
  draw(view: View, scene: Scene): boolean {
    const context = this.#context
    if (!context) return true
    let fresh = true
    this.#source = scene.source
    context.clearRect(0, 0, view.canvas.width, view.canvas.height)
    for (const { slot, pane, clip } of this.#parts(view, scene)) {
      const feed = this.#feeds[slot]
      const wish = this.#wish(slot, view, scene)
      if (wish) feed.want(wish, scene.source)
      if (!clip || clip.width <= 0) continue
      if (wish && !feed.shows(wish)) fresh = false
      context.save()
      context.beginPath()
      context.rect(clip.x, clip.y, clip.width, clip.height)
      context.clip()
      if (scene.source.alpha) this.#drawChequer(view, pane)
      for (const held of [feed.backdrop, feed.current]) {
        if (held?.wish.source === scene.source.key) this.#drawPicture(view, pane, held)
      }
      context.restore()
    }
    if (view.crosshair) for (const pane of view.panes) this.#drawCrosshair(view, pane)
    return fresh
  }

  /** Which picture goes where. A part without a clip is only fetched, to be there when it blinks. */
  #parts(view: View, { second }: Scene): { slot: Slot; pane: Rect; clip: Rect | null }[] {
    const pane = view.panes[0] ?? { x: 0, y: 0, ...view.canvas }
    if (!second) return [{ slot: 'first', pane, clip: pane }]
    switch (view.mode) {
      case 'wipe': {
        const left = { ...pane, width: view.wipeAt }
        const right = { ...pane, x: view.wipeAt, width: pane.width - view.wipeAt }
        return [
          { slot: 'first', pane, clip: left },
          { slot: 'second', pane, clip: right },
        ]
      }
      case 'side': {
        const other = view.panes[1] ?? pane
        return [
          { slot: 'first', pane, clip: pane },
          { slot: 'second', pane: other, clip: other },
        ]
      }
      case 'blink':
        return [
          { slot: 'first', pane, clip: view.blinkSecond ? null : pane },
          { slot: 'second', pane, clip: view.blinkSecond ? pane : null },
        ]
      case 'difference':
        return [{ slot: 'difference', pane, clip: pane }]
    }
  }

  #wish(slot: Slot, view: View, { source, first, second }: Scene): Wish | null {
    const region = view.visible
    const side = slot === 'second' ? second : first
    if (!region || !side) return null
    const at = { source: source.key, region, size: requestSize(region, view.transform.scale) }
    if (slot !== 'difference' || !second) {
      const picture: Picture = { kind: 'layer', layer: side.layer, look: side.look }
      return { ...at, picture, content: side.content, revision: side.revision }
    }
    const { look } = first.layer === 'denoised' ? first : second
    return {
      ...at,
      picture: {
        kind: 'difference',
        between: [first.layer, second.layer],
        gain: view.gain,
        look,
      },
      content: `${first.content} ${second.content} ${view.gain}`,
      revision: `${first.revision} ${second.revision}`,
    }
  }

  #fetch(...[picture, region, size]: Parameters<ViewerSource['view']>) {
    if (!this.#source) return Promise.reject(new Error('No photo is shown'))
    return this.#source.view(picture, region, size)
  }

  #colourSpace(wish: Wish): PredefinedColorSpace {
    return wish.picture.kind === 'layer' ? (this.#source?.colourSpace ?? 'srgb') : 'srgb'
  }

  #drawPicture(view: View, pane: Rect, { bitmap, wish }: Held<Bitmap>): void {
    const context = this.#context
    if (!context) return
    const rect = placement(view.transform, pane, wish.region, bitmap)
    context.imageSmoothingEnabled = view.transform.scale <= nearestAbove
    context.imageSmoothingQuality = 'medium'
    context.drawImage(bitmap, pane.x + rect.x, pane.y + rect.y, rect.width, rect.height)
  }

  #drawChequer(view: View, pane: Rect): void {
    const { shown, ratio } = view
    const context = this.#context
    if (!shown || !context) return
    const side = chequer * ratio
    const tile = new OffscreenCanvas(side * 2, side * 2)
    const paint = tile.getContext('2d')
    const pattern = paint && context.createPattern(tile, 'repeat')
    if (!pattern) return
    paint.fillStyle = this.#colours.light
    paint.fillRect(0, 0, side * 2, side * 2)
    paint.fillStyle = this.#colours.dark
    paint.fillRect(0, 0, side, side)
    paint.fillRect(side, side, side, side)
    context.fillStyle = context.createPattern(tile, 'repeat') ?? this.#colours.light
    context.fillRect(pane.x + shown.x, pane.y + shown.y, shown.width, shown.height)
  }

  /** A cross whose middle is free, so that the pixel that is read stays visible. */
  #drawCrosshair(view: View, pane: Rect): void {
    const context = this.#context
    if (!context) return
    const x = Math.round(pane.x + pane.width / 2) + 0.5
    const y = Math.round(pane.y + pane.height / 2) + 0.5
    const free = Math.max(4 * view.ratio, view.transform.scale / 2)
    const end = free + 10 * view.ratio
    for (const [colour, width] of [
      ['rgb(0 0 0 / 70%)', 3],
      ['#fff', 1],
    ] as const) {
      context.strokeStyle = colour
      context.lineWidth = width * view.ratio
      context.beginPath()
      for (const sign of [-1, 1]) {
        context.moveTo(x + sign * free, y)
        context.lineTo(x + sign * end, y)
        context.moveTo(x, y + sign * free)
        context.lineTo(x, y + sign * end)
      }
      context.stroke()
    }
  }
}
