/** A report in words, tables and pictures, as the text of an HTML file. Everything from outside is escaped. */
import type { Figure, MeasureReport } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import { measureWords } from '../../../shared/messages/measureWords'
import type { Locale } from '../../../shared/messages'
import { chartSvg, colourOf } from './reportChart'

const style = `body{max-width:920px;margin:32px auto;padding:0 24px;background:#fff;color:#1d1d1f;font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:22px}h2{margin-top:32px;font-size:16px}p,li{max-width:72ch}
.m{color:#5c5c63}table{border-collapse:collapse;margin:8px 0}th,td{padding:3px 24px 3px 0;text-align:right;font-weight:400}
th:first-child,td:first-child{text-align:left}thead th{color:#5c5c63}tbody tr{border-top:1px solid #d2d2d6}
svg{display:block;width:100%}svg text{fill:#5c5c63;font-size:11px;text-anchor:middle}svg .e{text-anchor:end}svg .g{stroke:#dcdce0}
.o{font-weight:600}.s{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:24px}.s img{width:100%;image-rendering:pixelated}
figure{margin:0}.l i{display:inline-block;width:14px;margin:0 6px 3px 16px;border-top:3px solid}`

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const safe = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

/** A number with the digits that mean something. */
export function numberOf(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e6) return value.toPrecision(3)
  return value.toFixed(size >= 1000 ? 0 : size >= 10 ? 2 : 4)
}

/**
 * @param images of the report's sheets, in their order, as addresses that hold the picture itself
 */
export function reportHtml(
  report: MeasureReport,
  images: readonly string[],
  locale: Locale,
): string {
  const name = (of: string): string => safe(measureWords('name', of, {}, locale))
  const pages = {
    anomaly: m.measure_page_anomaly,
    compress: m.measure_page_compress,
    features: m.measure_page_features,
    likelihood: m.measure_page_likelihood,
  }
  const page = pages[report.request.kind]({}, { locale })
  const title = safe(`${page}: ${report.model}`)
  const date = new Date(report.created).toISOString().slice(0, 16).replace('T', ' ')
  const cell = (of: number | string | null): string =>
    of === null ? '–' : typeof of === 'number' ? numberOf(of) : name(of)
  const figureRow = ({ name: of, value, unit, baselines }: Figure): string[] => [
    safe(measureWords('figure', of, {}, locale)),
    `<span class="o">${numberOf(value)}</span> ${safe(unit)}`,
    baselines.map((each) => `${name(each.name)} ${numberOf(each.value)}`).join('<br>'),
  ]
  const charts = report.charts.map((chart) => {
    const legend = chart.lines
      .map((line, index) => `<i style="color:${colourOf(index)}"></i>${name(line.name)}`)
      .join('')
    const names = { x: name(chart.xName), y: name(chart.yName) }
    return `<h2>${name(chart.name)}</h2><p class="m l">${legend}</p>${chartSvg(chart, names, name(chart.name))}`
  })
  const sheets = report.sheets.map((sheet, index) => {
    const facts = sheet.facts
      .map((fact) => `${name(fact.name)} ${numberOf(fact.value)} ${safe(fact.unit)}`)
      .join('<br>')
    const caption = safe(measureWords('sheet', sheet.name, {}, locale))
    return `<figure><img src="${images[index] ?? ''}" alt="${caption}"><figcaption><b>${caption}</b><br><span class="m">${facts}</span></figcaption></figure>`
  })
  const cases = report.cases.map(({ label, auroc, averagePrecision }) =>
    Object.keys(auroc).map((score) => [
      safe(label),
      name(score),
      numberOf(auroc[score] ?? NaN),
      numberOf(averagePrecision[score] ?? NaN),
    ]),
  )
  const words = [
    m.measure_case({}, { locale }),
    m.measure_score({}, { locale }),
    'AUROC',
    m.measure_average_precision({}, { locale }),
  ].map(safe)
  const protocol = report.protocol
    .map((line) => `<li>${safe(measureWords('protocol', line.name, line.values, locale))}</li>`)
    .join('')
  return `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${title}</title><style>${style}</style></head>
<body>
<h1>${title}</h1>
<p class="m">${safe(report.data)} · ${date} UTC · ${numberOf(report.seconds)} s · ${safe(m.app_name({}, { locale }))}</p>
${table(['', page, m.measure_baselines({}, { locale })].map(safe), report.figures.map(figureRow))}
<h2>${safe(m.measure_protocol({}, { locale }))}</h2><ul>${protocol}</ul>
${charts.join('\n')}
${sheets.length > 0 ? `<h2>${safe(m.measure_sheets({}, { locale }))}</h2><div class="s">${sheets.join('')}</div>` : ''}
${cases.length > 0 ? `<h2>${safe(m.measure_ranking({}, { locale }))}</h2>${table(words, cases.flat())}` : ''}
${report.tables
  .map((each) => {
    const rows = each.rows.map((row) => row.map(cell))
    return `<h2>${name(each.name)}</h2>${table(each.columns.map(name), rows)}`
  })
  .join('\n')}
</body>
</html>
`
}

/** Cells are HTML already. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((each) => `<td>${each}</td>`).join('')}</tr>`)
    .join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}
