import type { ExportFormat } from '../../../shared/types'
import type { BandedFormat } from './band'
import type { Adler } from './png/adler'
import { pngBands } from './png/encode'
import { tiffBands } from './tiff/encode'

/** Formats that are made in bands. */
export type BandedName = Extract<ExportFormat, 'png' | 'tiff'>

/** What one of them notes of its bands. */
export type Note = Adler | number[]

export const bandedFormats: Record<BandedName, BandedFormat<Note>> = {
  png: pngBands,
  tiff: tiffBands,
}
