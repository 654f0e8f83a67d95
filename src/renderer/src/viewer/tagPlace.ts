import type { View } from './view.svelte'

/** CSS pixels from the picture's edges. */
const inset = 10
/** A picture narrower than this has no room for two labels inside. */
const narrow = 420
const gap = 5

/**
 * Where the label of a picture lies, as a style: in its upper corner, the second one's on the right. Beside each
 * other both lie left; over a narrow picture they lean on its middle and reach out of it.
 */
export function tagPlace(view: View, second: boolean, paired: boolean): string {
  const { shown, panes, canvas, ratio, mode } = view
  if (!shown) return ''
  const css = (length: number) => `${length / ratio}px`
  const top = `top: ${shown.y / ratio + inset}px`
  const sideBySide = mode === 'side' && paired
  const left = ((sideBySide && second && panes[1]) || { x: 0 }).x + shown.x
  if (sideBySide || !paired) {
    const room = sideBySide ? view.pane.width - shown.x : canvas.width - shown.x
    return `${top}; left: ${left / ratio + inset}px; max-width: ${room / ratio - 2 * inset}px`
  }
  const middle = shown.x + shown.width / 2
  const far = canvas.width - shown.x - shown.width
  if (shown.width / ratio < narrow) {
    return second
      ? `${top}; left: ${middle / ratio + gap}px; max-width: ${css(canvas.width - middle)}`
      : `${top}; right: ${(canvas.width - middle) / ratio + gap}px; max-width: ${css(middle)}`
  }
  const width = `max-width: ${shown.width / ratio / 2 - 2 * inset}px`
  return second
    ? `${top}; ${width}; right: ${far / ratio + inset}px`
    : `${top}; ${width}; left: ${left / ratio + inset}px`
}
