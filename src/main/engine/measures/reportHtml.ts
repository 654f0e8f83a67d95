/** A report in words, tables and pictures, as the text of an HTML file. Everything from outside is escaped. */
import type { Figure, MeasureReport } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import { measureWords } from '../../../shared/messages/measureWords'
import type { Locale } from '../../../shared/messages'
import { moment, numberOf, page, safe, table } from '../report/page'
import { chartSvg, colourOf } from './reportChart'

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
  const kind = pages[report.request.kind]({}, { locale })
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
  const facts = [report.data, moment(report.created), `${numberOf(report.seconds)} s`]
  const body = `${table(['', kind, m.measure_baselines({}, { locale })].map(safe), report.figures.map(figureRow))}
<h2>${safe(m.measure_protocol({}, { locale }))}</h2><ul>${protocol}</ul>
${charts.join('\n')}
${sheets.length > 0 ? `<h2>${safe(m.measure_sheets({}, { locale }))}</h2><div class="s">${sheets.join('')}</div>` : ''}
${cases.length > 0 ? `<h2>${safe(m.measure_ranking({}, { locale }))}</h2>${table(words, cases.flat())}` : ''}
${report.tables
  .map((each) => {
    const rows = each.rows.map((row) => row.map(cell))
    return `<h2>${name(each.name)}</h2>${table(each.columns.map(name), rows)}`
  })
  .join('\n')}`
  return page(`${kind}: ${report.model}`, facts, body, locale)
}
