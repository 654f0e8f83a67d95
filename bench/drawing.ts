/** Small line charts as SVG text: panels side by side with a common legend, from zero on both axes. */

export interface Panel {
  label: string
  lines: { label: string; points: [number, number][] }[]
}

const WIDTH = 300
const HEIGHT = 220
const MARGIN = { left: 52, right: 12, top: 54, bottom: 44 }
const COLOURS = ['#b3261e', '#1f5fa8', '#5a7d2a', '#7a4fa3']

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `largest`. */
function rounded(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest))
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= largest) ?? 10) * power
}

function drawPanel({ label, lines }: Panel, left: number): string {
  const all = lines.flatMap(({ points }) => points)
  const [right, top] = [
    Math.max(...all.map(([x]) => x)),
    rounded(Math.max(...all.map(([, y]) => y))),
  ]
  const inner = {
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  }
  const across = (x: number): string => (left + MARGIN.left + (x / right) * inner.width).toFixed(1)
  const down = (y: number): string => (MARGIN.top + (1 - y / top) * inner.height).toFixed(1)
  const marks = [0, 0.5, 1].map((share) => {
    const y = down(share * top)
    return `<path d="M${across(0)} ${y}H${across(right)}" stroke="#ccc"/><text x="${left + MARGIN.left - 6}" y="${y}" text-anchor="end" dominant-baseline="middle">${Number((share * top).toPrecision(3))}</text>`
  })
  const values = [...new Set(all.map(([x]) => x))].map(
    (x) =>
      `<text x="${across(x)}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${x}</text>`,
  )
  const drawn = lines.map(({ points }, k) => {
    const colour = COLOURS[k % COLOURS.length] as string
    const path = points.map(([x, y]) => `${across(x)} ${down(y)}`).join('L')
    const dots = points.map(
      ([x, y]) => `<circle cx="${across(x)}" cy="${down(y)}" r="3" fill="${colour}"/>`,
    )
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`
  })
  const name = `<text x="${across(right / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`
  return [...marks, ...values, ...drawn, name].join('\n')
}

/** The panels as one SVG document; the first panel's lines give the legend. */
export function drawPanels(title: string, panels: readonly Panel[]): string {
  const legend = (panels[0]?.lines ?? []).map(({ label }, k) => {
    const x = MARGIN.left + k * 90
    const colour = COLOURS[k % COLOURS.length] as string
    return `<circle cx="${x}" cy="36" r="4" fill="${colour}"/><text x="${x + 8}" y="36" dominant-baseline="middle">${label}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * panels.length} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN.left}" y="18" font-size="14">${title}</text>
${legend.join('\n')}
${panels.map((panel, i) => drawPanel(panel, i * WIDTH)).join('\n')}
</svg>
`
}

/** One panel of named points, x on a logarithmic scale, as an SVG document. */
export function drawScatter(
  title: string,
  axes: { x: string; y: string },
  points: readonly { label: string; x: number; y: number }[],
): string {
  const [width, height] = [2 * WIDTH, HEIGHT + 60]
  const logarithms = points.map(({ x }) => Math.log10(x))
  const [left, right] = [Math.floor(Math.min(...logarithms)), Math.ceil(Math.max(...logarithms))]
  const [low, high] = [
    Math.floor(Math.min(...points.map(({ y }) => y))),
    Math.ceil(Math.max(...points.map(({ y }) => y))),
  ]
  const inner = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  }
  const across = (logarithm: number): number =>
    MARGIN.left + ((logarithm - left) / (right - left)) * inner.width
  const down = (y: number): number => MARGIN.top + ((high - y) / (high - low)) * inner.height
  const whole = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const columns = whole(left, right).map(
    (power) =>
      `<path d="M${across(power)} ${down(high)}V${down(low)}" stroke="#ddd"/><text x="${across(power)}" y="${down(low) + 16}" text-anchor="middle">${Number((10 ** power).toPrecision(1))}</text>`,
  )
  const rows = whole(low, high).map(
    (y) =>
      `<path d="M${across(left)} ${down(y)}H${across(right)}" stroke="#ddd"/><text x="${MARGIN.left - 6}" y="${down(y)}" text-anchor="end" dominant-baseline="middle">${y}</text>`,
  )
  const drawn = points.map(({ label, x, y }, k) => {
    const place = across(Math.log10(x))
    const before = k % 2 === 1 || place > width * 0.66 // every second name on the other side, none beyond the edge
    return `<circle cx="${place.toFixed(1)}" cy="${down(y).toFixed(1)}" r="4" fill="${COLOURS[k % COLOURS.length]}"/><text x="${(before ? place - 8 : place + 8).toFixed(1)}" y="${(down(y) + 4).toFixed(1)}" text-anchor="${before ? 'end' : 'start'}">${label}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN.left}" y="18" font-size="14">${title}</text>
<text x="${MARGIN.left}" y="40">${axes.y}</text>
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${axes.x}</text>
${[...columns, ...rows, ...drawn].join('\n')}
</svg>
`
}
