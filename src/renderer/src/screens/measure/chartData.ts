/** Charts of reports as what is drawn, as tables and in words. */
import type { Line, LinePoint } from '../../charts/lines'
import type { Chart, ChartLine } from '../../../../shared/latent'
import { m } from '../../../../shared/messages/compiled/messages'
import { measureWords } from '../../../../shared/messages/measureWords'
import { numberText } from './words'

/** A latent with less carries nothing: its posterior is its prior. */
const silentNats = 0.01

export const columnsOf = ({ lines }: Chart): { label: string; value: number; quiet: boolean }[] =>
  (lines[0]?.x ?? []).map((x, index) => {
    const value = lines[0]?.y[index] ?? 0
    return { label: String(x), value, quiet: value < silentNats }
  })

const pointsOf = ({ x, y, interval }: ChartLine): LinePoint[] =>
  x.map((each, index) => ({
    x: each,
    y: y[index] ?? NaN,
    interval: interval?.[index] ?? null,
  }))

/** What is measured is drawn first and solid, what it is compared with dashed. */
export function linesOf({ lines }: Chart): Line[] {
  return lines.map((line, index) => ({
    label: measureWords('name', line.name),
    colour: `--curve-${(index % 8) + 1}`,
    dashed: line.baseline,
    points: pointsOf(line),
  }))
}

/** A row for each x, a column for each line. */
export function tableOf({ lines, xName }: Chart): {
  columns: string[]
  rows: (string | number | null)[][]
} {
  const xs = [...new Set(lines.flatMap(({ x }) => x))].sort((a, b) => a - b)
  const cell = ({ x, y, interval }: ChartLine, at: number) => {
    const index = x.indexOf(at)
    const value = y[index]
    if (index < 0 || value === undefined) return '–'
    const half = interval?.[index]
    return half ? `${numberText(value)} ± ${numberText(half)}` : numberText(value)
  }
  return {
    columns: [xName, ...lines.map(({ name }) => name)],
    rows: xs.map((x) => [x, ...lines.map((line) => `"${cell(line, x)}"`)]),
  }
}

/** Where each line begins and ends. */
export function summaryOf({ name, lines }: Chart): string {
  const told = lines.flatMap(({ name: line, x, y }) => {
    const [firstX, firstY, lastX, lastY] = [x[0], y[0], x.at(-1), y.at(-1)]
    if (firstX === undefined || firstY === undefined) return []
    if (lastX === undefined || lastY === undefined) return []
    return [
      m.measure_line_summary({
        name: measureWords('name', line),
        first: numberText(firstY),
        from: numberText(firstX),
        last: numberText(lastY),
        to: numberText(lastX),
      }),
    ]
  })
  return [measureWords('name', name), ...told].join('. ')
}
