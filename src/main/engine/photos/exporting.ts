/** Writes layers to a file: encoded in the engine, atomically, never over the file of a photo. */
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { depthIn, exportFormats } from '../../../shared/exportFormats'
import type { ExportBits, ExportFormat, Layer, Look } from '../../../shared/types'
import { encodeImage, joinTiffPages } from '../codec'
import { writeFileAtomically } from '../store/atomicWriter'
import type { OpenPhoto } from './openPhoto'
import type { Photos } from './photos'
import { metadataOf } from './provenance'
import { exportedLayer } from './views'

interface PagesOptions {
  path: string
  layer: Layer
  look: Look
  bits: ExportBits
  keepMetadata: boolean
}
export interface ExportOptions extends PagesOptions {
  format: ExportFormat
  quality: number
}

/**
 * Writes one photo. `bits` is the most that is written: a format that holds less keeps what it holds.
 * @returns the name of the file and its size
 * @throws DarkroomError `target-is-source` when the path is a photo that is open, by whatever name;
 *   `result-missing`, `disk-full`, `target-unwritable`; errors of the encoder, naming the target
 */
export function exportPhoto(
  photos: Photos,
  photo: OpenPhoto,
  options: ExportOptions,
): Promise<{ name: string; bytes: number }> {
  return write(photos, options.path, options.format, () => encoded(photo, options))
}

/** Writes several photos as the pages of one TIFF, in that order. Returns and throws as {@link exportPhoto}. */
export function exportPages(
  photos: Photos,
  pages: readonly OpenPhoto[],
  options: PagesOptions,
): Promise<{ name: string; bytes: number }> {
  return write(photos, options.path, 'tiff', async () => {
    const parts: Uint8Array[] = []
    let start = 0
    for (const photo of pages) {
      const part = await encoded(photo, { ...options, format: 'tiff', quality: 100 }, start)
      parts.push(part)
      start += part.length
    }
    return joinTiffPages(parts)
  })
}

async function encoded(
  photo: OpenPhoto,
  { layer, look, format, bits, quality, keepMetadata }: ExportOptions,
  start = 0,
): Promise<Uint8Array> {
  const planes = await exportedLayer(photo, layer, look)
  const metadata = keepMetadata ? metadataOf(photo, layer, look) : null
  const { white } = photo.original // a sensor's values stay on its scale
  return encodeImage(planes, {
    ...{ format, bits: depthIn(format, bits), quality, metadata, start },
    ...(photo.original.bits === 16 && { white }),
  })
}

async function write(
  photos: Photos,
  path: string,
  format: ExportFormat,
  encode: () => Promise<Uint8Array>,
): Promise<{ name: string; bytes: number }> {
  const name = basename(path)
  const refuseSource = async (): Promise<void> => {
    if (!(await photos.isSource(path))) return
    throw new DarkroomError('target-is-source', `${name} is an original`, { file: name })
  }
  await refuseSource()
  const bytes = await encode().catch((error: unknown) => {
    if (!(error instanceof DarkroomError) || error.code === 'result-missing') throw error
    const params = { ...error.params, file: name, format: exportFormats[format].name }
    throw new DarkroomError(error.code, error.message, params, { cause: error })
  })
  await refuseSource() // encoding took its time, and a photo may have been opened since
  await writeFileAtomically(path, bytes)
  return { name, bytes: bytes.length }
}
