/** Figures of the Lab as its table says them. */
import type { LabPicture, LabRow, LabRun } from '../../../../../shared/lab'
import { m } from '../../../../../shared/messages/compiled/messages'
import { labMethodName } from '../../../../../shared/messages/labWords'
import type { LabChoice } from '../../../state/lab.svelte'
import { fixed } from '../../../ui/format'

/** Pixels of the largest part that is compared; the engine takes its middle of what is larger. */
export const largestPart = 1_000_000

export const decibels = (psnr: number | null): string => (psnr === null ? '∞' : fixed(psnr, 2))

export function pictureName(run: LabRun, of: LabPicture): string {
  if (of === 'noisy') return m.layer_noisy()
  return of === 'clean' ? m.lab_clean() : labMethodName(run.rows[of] as LabRow)
}

/** Until a network was opened, the run has only what it is chosen by. */
export function rowName(row: LabRow, choices: readonly LabChoice[]): string {
  const key = JSON.stringify(row.method)
  const choice = choices.find(({ method }) => JSON.stringify(method) === key)
  return row.outcome?.state !== 'done' && choice ? choice.label : labMethodName(row)
}

/** The one number that says most about a picture: its PSNR, or the noise that is left in it. */
export function pictureNote({ rows, input, sigma }: LabRun, of: LabPicture): string {
  if (of === 'clean') return ''
  if (of === 'noisy') return input ? `${decibels(input.psnr)} dB` : `σ ${fixed(sigma, 1)}`
  const outcome = rows[of]?.outcome
  if (outcome?.state !== 'done') return ''
  const { quality, noise } = outcome.figures
  return quality ? `${decibels(quality.psnr)} dB` : `σ ${fixed(noise, 1)}`
}

/** The row with the highest PSNR; null where there is none. */
export function bestOf({ rows }: LabRun): number | null {
  let [best, most] = [null as number | null, -Infinity]
  for (const [index, { outcome }] of rows.entries()) {
    const quality = outcome?.state === 'done' ? outcome.figures.quality : null
    const psnr = quality && (quality.psnr ?? Infinity)
    if (psnr === null || psnr <= most) continue
    best = index
    most = psnr
  }
  return best
}

/** Columns of a grid in which `count` pictures are seen as large as the stage lets them be. */
export function columnsFor(
  count: number,
  picture: { width: number; height: number },
  stage: { width: number; height: number },
): number {
  let [best, most] = [1, 0]
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const across = stage.width / columns / picture.width
    const down = (stage.height / rows - captionHeight) / picture.height
    const scale = Math.min(across, down)
    if (scale <= most) continue
    best = columns
    most = scale
  }
  return best
}

/** CSS pixels above each picture. */
const captionHeight = 26
