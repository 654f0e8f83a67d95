/** What uPlot is told for a chart: series by their meaning, colours by their token, so that both themes draw the same. */
import type uPlot from 'uplot'

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
  xLabel: string
  yLabel?: string
  logarithmic?: boolean
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
  const room = (largest - least || Math.abs(largest) || 1) * 0.06
  return [least >= 0 ? Math.max(0, least - room) : least - room, largest + room]
}
const paddedLogarithmic: uPlot.Range.Function = (_plot, least, largest) => {
  if (least === null || largest === null || least <= 0) return [0.1, 1]
  const factor = Math.max(1.03, (largest / least) ** 0.06)
  return [least / factor, largest * factor]
}

/** Round numbers between two, on a logarithmic scale: 1, 2, 5 where there is room for them. */
export function logarithmicSplits(least: number, largest: number): number[] {
  const decades = Math.log10(largest / least)
  const steps =
    decades > 3 ? [1] : decades > 1.2 ? [1, 2, 5] : decades > 0.5 ? [1, 1.5, 2, 3, 5, 7] : null
  if (!steps) return linearSplits(least, largest)
  const splits: number[] = []
  for (
    let power = Math.floor(Math.log10(least));
    power <= Math.ceil(Math.log10(largest));
    power += 1
  )
    for (const step of steps) {
      const value = Number((step * 10 ** power).toPrecision(6))
      if (value >= least && value <= largest) splits.push(value)
    }
  return splits
}

function linearSplits(least: number, largest: number): number[] {
  const rough = (largest - least) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power
  const splits: number[] = []
  for (let value = Math.ceil(least / step) * step; value <= largest; value += step)
    splits.push(Number(value.toPrecision(6)))
  return splits
}

const doubling = (least: number, largest: number): number[] => {
  const splits: number[] = []
  for (let value = 2 ** Math.ceil(Math.log2(least)); value <= largest; value *= 2)
    splits.push(value)
  return splits
}

export function plotOptions(
  { series, xLabel, yLabel, logarithmic = false, xLogarithmic = false }: PlotOptions,
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
            splits: (_plot, _i, least, largest) => doubling(least, largest),
            filter: (_plot, splits) => splits,
          }
        : x,
      logarithmic
        ? {
            ...y,
            splits: (_plot, _i, least, largest) => logarithmicSplits(least, largest),
            filter: (_plot, splits) => splits,
          }
        : y,
    ],
    series: [{ label: xLabel }, ...series.map(seriesOf)],
    hooks: { setCursor: [({ cursor }) => oncursor(cursor.idx ?? null)] },
  }
}
