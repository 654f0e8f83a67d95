/** A chart of a report as SVG, for its HTML file. */
import type { Chart } from '../../../shared/latent'

const [width, height] = [640, 280]
const [left, right, top, bottom] = [64, 16, 12, 44]
/** A line's colour: one of those that the page defines for light and dark. */
export const colourOf = (index: number): string => `var(--curve-${(index % 8) + 1})`

/** A number on an axis. */
export const tickText = (value: number): string => {
  const size = Math.abs(value)
  if (value === 0) return '0'
  return size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}

interface Axis {
  place: (value: number) => number
  ticks: number[]
}

function axisOf(values: readonly number[], logarithmic: boolean, from: number, to: number): Axis {
  const drawn = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0))
  const of = logarithmic ? Math.log10 : (value: number): number => value
  const low = drawn.length === 0 ? 0 : of(Math.min(...drawn))
  const high = drawn.length === 0 ? 1 : of(Math.max(...drawn))
  const margin = (high - low || 1) * 0.05
  const [least, largest] = [low - margin, high + margin]
  const steps = Array.from({ length: 5 }, (_, i) => low + ((high - low) * i) / 4)
  return {
    place: (value) => from + ((of(value) - least) / (largest - least)) * (to - from),
    ticks: [...new Set(steps.map((step) => (logarithmic ? 10 ** step : step)))],
  }
}

export function chartSvg(chart: Chart, names: { x: string; y: string }, summary: string): string {
  const { lines, logarithmicX, logarithmicY } = chart
  const x = axisOf(
    lines.flatMap((line) => line.x),
    logarithmicX,
    left,
    width - right,
  )
  const ys = lines.flatMap((line) =>
    line.y.flatMap((y, i) => [y - (line.interval?.[i] ?? 0), y + (line.interval?.[i] ?? 0)]),
  )
  const y = axisOf(ys, logarithmicY, height - bottom, top)
  const round = (value: number): string => value.toFixed(1)
  const grid = [
    ...x.ticks.map((tick) => {
      const at = round(x.place(tick))
      return `<path class="g" d="M${at} ${top}V${height - bottom}"/><text x="${at}" y="${height - bottom + 16}">${tickText(tick)}</text>`
    }),
    ...y.ticks.map((tick) => {
      const at = y.place(tick)
      return `<path class="g" d="M${left} ${round(at)}H${width - right}"/><text class="e" x="${left - 8}" y="${round(at + 4)}">${tickText(tick)}</text>`
    }),
  ]
  const drawn = lines.map((line, index) => {
    const spots = line.x.flatMap((value, i) => {
      const at = line.y[i]
      const unseen = at === undefined || (logarithmicX && value <= 0) || (logarithmicY && at <= 0)
      return unseen ? [] : [`${round(x.place(value))} ${round(y.place(at))}`]
    })
    const dash = line.baseline ? ' stroke-dasharray="5 4"' : ''
    const colour = colourOf(index)
    const dots =
      spots.length > 24
        ? ''
        : spots
            .map((spot) => {
              const [cx = '', cy = ''] = spot.split(' ')
              return `<circle cx="${cx}" cy="${cy}" r="3" style="fill:${colour}"/>`
            })
            .join('')
    if (spots.length === 0) return ''
    return `<path d="M${spots.join('L')}" fill="none" style="stroke:${colour}" stroke-width="2"${dash}/>${dots}`
  })
  const labels = `<text x="${(left + width - right) / 2}" y="${height - 8}">${names.x}</text><text transform="translate(14 ${(top + height - bottom) / 2}) rotate(-90)">${names.y}</text>`
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary}">${grid.join('')}${drawn.join('')}${labels}</svg>`
}
