/** Writes a layer to a file: encoded in the engine, atomically, never over the file of a photo. */
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { ExportFormat, Layer, Look } from '../../../shared/types'
import { encodeImage } from '../codec'
import { writeFileAtomically } from '../store/atomicWriter'
import type { OpenPhoto } from './openPhoto'
import type { Photos } from './photos'
import { exportedLayer } from './views'

export interface ExportOptions {
  path: string
  layer: Layer
  look: Look
  format: ExportFormat
  bits: 8 | 16
  quality: number
  keepMetadata: boolean
}

const formatNames: Record<ExportFormat, string> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' }

/**
 * @returns the name of the file and its size
 * @throws DarkroomError `target-is-source` when the path is a photo that is open, by whatever name;
 *   `result-missing`, `disk-full`, `target-unwritable`; errors of the encoder, naming the target
 */
export async function exportPhoto(
  photos: Photos,
  photo: OpenPhoto,
  { path, layer, look, format, bits, quality, keepMetadata }: ExportOptions,
): Promise<{ name: string; bytes: number }> {
  const name = basename(path)
  const refuseSource = async (): Promise<void> => {
    if (!(await photos.isSource(path))) return
    throw new DarkroomError('target-is-source', `${name} is an original`, { file: name })
  }
  await refuseSource()
  const metadata = keepMetadata ? photo.original.metadata : null
  const planes = await exportedLayer(photo, layer, look)
  const bytes = await encodeImage(planes, { format, bits, quality, metadata }).catch(
    (error: unknown) => {
      if (!(error instanceof DarkroomError)) throw error
      throw new DarkroomError(
        error.code,
        error.message,
        { ...error.params, file: name, format: formatNames[format] },
        { cause: error },
      )
    },
  )
  await refuseSource() // encoding took its time, and a photo may have been opened since
  await writeFileAtomically(path, bytes)
  return { name, bytes: bytes.length }
}
