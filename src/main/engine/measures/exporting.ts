/** A report as one HTML file that needs nothing else: pictures are in it, styles too, and no script. */
import { basename } from 'node:path'
import type { MeasureReport } from '../../../shared/latent'
import type { Locale } from '../../../shared/messages'
import { pngOf, sheetOf } from '../imaging/sheet'
import { writeFileAtomically } from '../store/atomicWriter'
import { dataUrl } from '../report/page'
import { reportHtml } from './reportHtml'

/** Pictures are told apart on light and dark ground alike. */
const between = { gap: 1, background: 128 }

/** @throws DarkroomError `target-unwritable`, `disk-full` */
export async function exportReport(
  report: MeasureReport,
  path: string,
  language: Locale,
): Promise<{ name: string; bytes: number }> {
  const images = await Promise.all(
    report.sheets.map(async ({ pictures, columns }) =>
      dataUrl(await pngOf(sheetOf(pictures, columns, between))),
    ),
  )
  const html = Buffer.from(reportHtml(report, images, language), 'utf8')
  await writeFileAtomically(path, html)
  return { name: basename(path), bytes: html.length }
}
