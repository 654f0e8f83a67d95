import type { ExportBits, ExportFormat, PhotoInfo } from './types'

interface Written {
  /** What people call it. */
  name: string
  /** What its files may end in, the usual ending first. */
  endings: readonly [string, ...string[]]
  /** The depths that it holds, from the smallest. */
  depths: readonly [ExportBits, ...ExportBits[]]
}

/** The formats that are written, for the window and the command line alike. */
export const exportFormats: Record<ExportFormat, Written> = {
  png: { name: 'PNG', endings: ['png'], depths: [8, 16] },
  tiff: { name: 'TIFF', endings: ['tif', 'tiff'], depths: [8, 16, 32] },
  jpeg: { name: 'JPEG', endings: ['jpg', 'jpeg', 'jpe'], depths: [8] },
  webp: { name: 'WebP', endings: ['webp'], depths: [8] },
}

/** The format of a file by its ending, with its dot or without; undefined for one that is not written. */
export function formatOfEnding(ending: string): ExportFormat | undefined {
  const wanted = ending.replace(/^\./, '').toLowerCase()
  const formats = Object.keys(exportFormats) as ExportFormat[]
  return formats.find((format) => exportFormats[format].endings.includes(wanted))
}

/** The depth that a format keeps of `wanted`: the largest that it holds and that is not more. */
export function depthIn(format: ExportFormat, wanted: ExportBits): ExportBits {
  const { depths } = exportFormats[format]
  const held = depths.filter((depth) => depth <= wanted)
  return held[held.length - 1] ?? depths[0]
}

/** The depth at which a format keeps most of a photo: its own where the format holds it, floats as floats. */
export const depthFor = (
  format: ExportFormat,
  { bits, float }: Pick<PhotoInfo, 'bits' | 'float'>,
): ExportBits => depthIn(format, float ? 32 : bits)
