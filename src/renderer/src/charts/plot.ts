/** What uPlot is told for a chart: series by their meaning, colours by their token, so that both themes draw the same. */
import type uPlot from 'uplot'
import { doublingSplits, linearSplits, logarithmicSplits } from './splits'

export interface Series {
  label: string
  /** A custom property, such as `--curve-1`. */
  colour: string
  dashed?: boolean
  width?: number
  /** Marks at the values, for series of few. */
  points?: boolean
  /** On a scale of its own that is not labelled: only its course is shown. */
  quiet?: boolean
  /** Points without a line between them. */
  scattered?: boolean
}

export interface PlotOptions {
  series: readonly Series[]
  /** Without one the axis has no name. */
  xLabel?: string
  yLabel?: string
  logarithmic?: boolean
  /** There is nothing between two whole numbers of x. */
  wholeX?: boolean
  /** Powers of two, for sizes. */
  xLogarithmic?: boolean
}

export type PlotData = (number | null)[][]

const font = '11px system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
const colour = (token: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(token).trim()

/** A number on an axis: short, and the same in every language. */
export function tick(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e5 || size < 1e-4) return value.toExponential(0).replace('e+', 'e').replace('-', '−')
  return String(Number(value.toPrecision(4))).replace('-', '−')
}

/** A value beside a series' name: always as many digits, so that it does not dance. */
export function reading(value: number, { quiet }: Pick<Series, 'quiet'>): string {
  const size = Math.abs(value)
  if (quiet || size === 0 || size >= 1e5 || size < 1e-4) return tick(value)
  return value.toPrecision(4).replace('-', '−')
}

const axis = (label: string | undefined, horizontal: boolean, ticks: number): uPlot.Axis => ({
  stroke: () => colour('--muted'),
  font,
  labelFont: font,
  grid: { stroke: () => colour('--grid'), width: 1 },
  ticks: { show: false },
  border: { show: false },
  gap: 4,
  size: horizontal ? 22 : 52,
  space: ticks,
  values: (_plot, splits) =>
    splits.map((value: number | null) => (value === null ? '' : tick(value))),
  ...(label ? { label, labelSize: 16, labelGap: 0 } : {}),
})

function seriesOf({ label, colour: token, dashed, width, points, quiet, scattered }: Series) {
  return {
    label,
    stroke: () => colour(token),
    width: scattered ? 0 : (width ?? 1.5),
    spanGaps: true,
    scale: quiet ? 'quiet' : 'y',
    ...(dashed ? { dash: [4, 4] } : {}),
    ...(scattered ? { paths: () => null } : {}),
    points: {
      show: points || scattered || false,
      size: 7,
      fill: () => colour(token),
      stroke: () => colour(token),
    },
  } satisfies uPlot.Series
}

/** A little room above and below, so that no line runs along the edge. */
const padded: uPlot.Range.Function = (_plot, least, largest) => {
  if (least === null || largest === null) return [0, 1]
  const margin = (largest - least || Math.abs(largest) || 1) * 0.06
  return [least >= 0 ? Math.max(0, least - margin) : least - margin, largest + margin]
}
const paddedLogarithmic: uPlot.Range.Function = (_plot, least, largest) => {
  if (least === null || largest === null || least <= 0) return [0.1, 1]
  const factor = Math.max(1.03, (largest / least) ** 0.06)
  return [least / factor, largest * factor]
}

const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

/** How many lines of so many pixels' distance there is room for. */
const room = (plot: uPlot, pixels: number): number =>
  Math.max(2, Math.floor(plot.bbox.height / devicePixelRatio / pixels))
const all: uPlot.Axis.Filter = (_plot, splits) => splits

export function plotOptions(
  {
    series,
    xLabel,
    yLabel,
    logarithmic = false,
    wholeX = false,
    xLogarithmic = false,
  }: PlotOptions,
  size: { width: number; height: number },
  oncursor: (index: number | null) => void,
): uPlot.Options {
  const x = axis(xLabel, true, 48)
  const y = axis(yLabel, false, 28)
  return {
    ...size,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 6 } },
    scales: {
      x: xLogarithmic
        ? { time: false, distr: 3, log: 2, range: paddedLogarithmic }
        : { time: false },
      y: logarithmic ? { distr: 3, range: paddedLogarithmic } : { range: padded },
      quiet: { range: (_plot, _least, largest) => [0, (largest || 1) * 2.4] },
    },
    axes: [
      xLogarithmic
        ? {
            ...x,
            splits: (_plot, _axis, least, largest) => doublingSplits(least, largest),
            filter: all,
          }
        : { ...x, ...(wholeX ? { incrs: whole } : {}) },
      {
        ...y,
        splits: (plot, _axis, least, largest) =>
          (logarithmic ? logarithmicSplits : linearSplits)(least, largest, room(plot, 26)),
        filter: all,
      },
    ],
    series: [{}, ...series.map(seriesOf)],
    hooks: { setCursor: [({ cursor }) => oncursor(cursor.idx ?? null)] },
  }
}
