/** A report as one HTML file that needs nothing else: pictures are in it, styles too, and no script. */
import { basename } from 'node:path'
import type { MeasureReport } from '../../../shared/latent'
import type { Locale } from '../../../shared/messages'
import type { Pictures } from '../../../shared/training'
import { encodeImage, type Planes } from '../codec'
import { writeFileAtomically } from '../store/atomicWriter'
import { reportHtml } from './reportHtml'

/** @throws DarkroomError `target-unwritable`, `disk-full` */
export async function exportReport(
  report: MeasureReport,
  path: string,
  language: Locale,
): Promise<{ name: string; bytes: number }> {
  const images = await Promise.all(
    report.sheets.map(({ pictures, columns }) => pngOf(sheetOf(pictures, columns))),
  )
  const html = Buffer.from(reportHtml(report, images, language), 'utf8')
  await writeFileAtomically(path, html)
  return { name: basename(path), bytes: html.length }
}

async function pngOf(planes: Planes): Promise<string> {
  const bytes = await encodeImage(planes, { format: 'png', bits: 8, quality: 100, metadata: null })
  return `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`
}

/** Pictures in rows of `columns`, with a pixel of mid grey between them. */
export function sheetOf(pictures: Pictures, columns: number): Planes {
  const { count, channels, pixels } = pictures
  const across = Math.max(1, Math.min(columns, count))
  const down = Math.max(1, Math.ceil(count / across))
  const [w, h] = [pictures.width, pictures.height]
  const [width, height] = [across * (w + 1) - 1, down * (h + 1) - 1]
  const data = new Uint8Array(width * height * channels).fill(128)
  for (let index = 0; index < count; index++) {
    const [left, top] = [(index % across) * (w + 1), Math.floor(index / across) * (h + 1)]
    for (let y = 0; y < h; y++) {
      const from = (index * h + y) * w * channels
      data.set(pixels.subarray(from, from + w * channels), ((top + y) * width + left) * channels)
    }
  }
  return { width, height, channels, bits: 8, data, alpha: null }
}
