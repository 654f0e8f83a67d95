/** A run of the Lab as one HTML file that needs nothing else. */
import { basename } from 'node:path'
import type { LabPicture } from '../../../shared/lab'
import type { Locale } from '../../../shared/messages'
import type { Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { planesFromRgba } from '../codec/planes'
import { pngOf } from '../imaging/sheet'
import { dataUrl } from '../report/page'
import { writeFileAtomically } from '../store/atomicWriter'
import { renderLab, type Lab } from './lab'
import { labHtml, type LabPictures } from './labHtml'

export interface LabExport {
  path: string
  language: Locale
  /** What is shown enlarged, in pixels of the compared region; null for its middle. */
  detail: Region | null
  gain: number
}

/** The longest side of a picture in the file, and what is looked at closely when nobody chose: 3:2. */
const longest = 480
const closeUp = { width: 192, height: 128 }

/** @throws DarkroomError `target-unwritable`, `disk-full` */
export async function exportLab(
  lab: Lab,
  { path, language, detail, gain }: LabExport,
): Promise<{ name: string; bytes: number }> {
  const { width, height } = lab.noisy
  const whole = { x: 0, y: 0, width, height }
  const close = detail ?? middle(width, height)
  const shown: LabPicture[] = [
    ...(lab.clean ? (['clean'] as const) : []),
    'noisy',
    ...lab.made.flatMap((made, index) => (made ? [index] : [])),
  ]
  const pictures: LabPictures[] = []
  for (const of of shown) {
    pictures.push({
      of,
      whole: await pictureOf(lab, of, null, whole),
      detail: await pictureOf(lab, of, null, close),
      residual: of === 'noisy' ? null : await pictureOf(lab, of, gain, close),
    })
  }
  const html = Buffer.from(labHtml(lab.run, pictures, { detail: close, gain }, language), 'utf8')
  await writeFileAtomically(path, html)
  return { name: basename(path), bytes: html.length }
}

function middle(width: number, height: number): Region {
  const size = { width: Math.min(closeUp.width, width), height: Math.min(closeUp.height, height) }
  return { x: (width - size.width) >> 1, y: (height - size.height) >> 1, ...size }
}

/** A part of a picture, made smaller where it is large, as an address that holds it. */
async function pictureOf(
  lab: Lab,
  of: LabPicture,
  gain: number | null,
  region: Region,
): Promise<string> {
  const scale = Math.min(1, longest / Math.max(region.width, region.height))
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  const size = { width: side(region.width), height: side(region.height) }
  const rgba = renderLab(lab, of, gain, region, size)
  const { channels } = lab.noisy
  const planes: Planes = planesFromRgba(rgba, size.width, size.height, 8, channels, 'none')
  return dataUrl(await pngOf(planes))
}
