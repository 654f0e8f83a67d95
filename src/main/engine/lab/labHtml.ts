/** A run of the Lab in a table and pictures, as the text of an HTML file. */
import type { LabPicture, LabRow, LabRun } from '../../../shared/lab'
import { m } from '../../../shared/messages/compiled/messages'
import { labMethodName } from '../../../shared/messages/labWords'
import { errorText, type Locale } from '../../../shared/messages'
import type { Region } from '../../../shared/types'
import { moment, page, safe, table } from '../report/page'

/** Addresses that hold the pictures themselves. */
export interface LabPictures {
  of: LabPicture
  whole: string
  detail: string
  /** |noisy − picture| · gain; null for the noisy one itself. */
  residual: string | null
}

export function labHtml(
  run: Omit<LabRun, 'job'>,
  pictures: readonly LabPictures[],
  { detail, gain }: { detail: Region; gain: number },
  locale: Locale,
): string {
  const options = { locale }
  const nameOf = (of: LabPicture): string => {
    if (of === 'noisy') return m.layer_noisy({}, options)
    if (of === 'clean') return m.lab_clean({}, options)
    return labMethodName(run.rows[of] as LabRow, locale)
  }
  const grid = (title: string, kind: 'whole' | 'detail' | 'residual', style: string): string => {
    const figures = pictures.flatMap(({ of, [kind]: address }) => {
      const itself = kind === 'residual' && of === 'clean'
      const name = safe(itself ? m.lab_noise_itself({}, options) : nameOf(of))
      return address === null
        ? []
        : [`<figure><img src="${address}" alt="${name}"><figcaption>${name}</figcaption></figure>`]
    })
    return `<h2>${safe(title)}</h2><div class="${style}">${figures.join('')}</div>`
  }
  const { region, photoWidth, photoHeight, sigma } = run
  const size = `${region.width} × ${region.height}`
  const place = { size, whole: `${photoWidth} × ${photoHeight}` }
  const level = { sigma: sigma.toFixed(1) }
  const facts = [
    moment(Date.now()),
    region.width === photoWidth && region.height === photoHeight
      ? size
      : m.lab_middle(place, options),
    run.sigmaEstimated ? m.lab_level_estimated(level, options) : m.lab_level_given(level, options),
  ]
  const close = {
    size: `${detail.width} × ${detail.height}`,
    x: region.x + detail.x,
    y: region.y + detail.y,
  }
  const body = [
    figuresTable(run, locale),
    `<p class="m">${safe(run.clean ? m.lab_note_clean({}, options) : m.lab_note_blind({}, options))}</p>`,
    grid(m.lab_detail(close, options), 'detail', 's'),
    grid(m.lab_residual_times({ gain }, options), 'residual', 's'),
    grid(m.lab_whole({}, options), 'whole', 's w'),
  ]
  return page(`${m.lab_title({}, options)}: ${run.name}`, facts, body.join('\n'), locale)
}

function figuresTable(run: Omit<LabRun, 'job'>, locale: Locale): string {
  const options = { locale }
  const columns = [
    m.lab_method({}, options),
    ...(run.clean ? ['PSNR', 'SSIM'] : []),
    m.lab_noise_left({}, options),
    m.lab_residual_correlation({}, options),
    m.lab_seconds({}, options),
  ]
  const quality = (of: LabRun['input']): string[] => {
    if (!run.clean) return []
    return of ? [`${of.psnr?.toFixed(2) ?? '∞'} dB`, of.ssim.toFixed(4)] : ['–', '–']
  }
  const rows = run.rows.map((row) => {
    const { outcome } = row
    const name = safe(labMethodName(row, locale))
    if (outcome?.state !== 'done') {
      const why = outcome ? errorText(outcome.error, locale) : m.lab_not_run({}, options)
      return [`${name}<br><span class="m">${safe(why)}</span>`, ...columns.slice(1).map(() => '–')]
    }
    const { figures } = outcome
    const structured = figures.residualStructured ? ` (${m.residual_structured({}, options)})` : ''
    return [
      name,
      ...quality(figures.quality),
      figures.noise.toFixed(1),
      figures.residualCorrelation.toFixed(2) + safe(structured),
      figures.seconds.toFixed(2),
    ]
  })
  const noisy = [
    safe(m.layer_noisy({}, options)),
    ...quality(run.input),
    run.sigma.toFixed(1),
    '–',
    '–',
  ]
  return table(columns.map(safe), [noisy, ...rows])
}
