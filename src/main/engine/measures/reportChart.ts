/** A chart of a report as SVG, for its HTML file. */
import { isColumns, type Chart, type ChartLine } from '../../../shared/latent'

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

interface Names {
  x: string
  y: string
}

const round = (value: number): string => value.toFixed(1)

const rowOf = (axis: Axis, tick: number): string => {
  const at = axis.place(tick)
  return `<path class="g" d="M${left} ${round(at)}H${width - right}"/><text class="e" x="${left - 8}" y="${round(at + 4)}">${tickText(tick)}</text>`
}

const framed = (content: readonly string[], names: Names, summary: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary}">${content.join('')}` +
  `<text x="${(left + width - right) / 2}" y="${height - 8}">${names.x}</text><text transform="translate(14 ${(top + height - bottom) / 2}) rotate(-90)">${names.y}</text></svg>`

/** Columns from zero, in the line's order; as many of their names as fit. */
function columnsSvg({ x, y }: ChartLine, names: Names, summary: string): string {
  const axis = axisOf([0, ...y], false, height - bottom, top)
  const wide = (width - right - left) / Math.max(1, x.length)
  const every = Math.ceil(28 / wide)
  const columns = x.map((value, i) => {
    const from = left + i * wide
    const [zero, end] = [axis.place(0), axis.place(y[i] ?? 0)]
    const name =
      i % every === 0
        ? `<text x="${round(from + wide / 2)}" y="${height - bottom + 16}">${tickText(value)}</text>`
        : ''
    return `<rect x="${round(from + wide * 0.1)}" y="${round(Math.min(zero, end))}" width="${round(wide * 0.8)}" height="${round(Math.abs(zero - end))}" style="fill:${colourOf(0)}"/>${name}`
  })
  return framed([...axis.ticks.map((tick) => rowOf(axis, tick)), ...columns], names, summary)
}

/** The chart with its axes; `summary` is what is read out in its place. */
export function chartSvg(chart: Chart, names: Names, summary: string): string {
  const [first] = chart.lines
  if (isColumns(chart) && first) return columnsSvg(first, names, summary)
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
  const grid = [
    ...x.ticks.map((tick) => {
      const at = round(x.place(tick))
      return `<path class="g" d="M${at} ${top}V${height - bottom}"/><text x="${at}" y="${height - bottom + 16}">${tickText(tick)}</text>`
    }),
    ...y.ticks.map((tick) => rowOf(y, tick)),
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
  return framed([...grid, ...drawn], names, summary)
}
