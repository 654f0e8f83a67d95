/**
 * Image files ↔ pixels. All decoding and encoding happens in worker threads with a deadline; the bytes
 * of a file meet only JavaScript and WebAssembly, never native code (`trust.md`, 'Security').
 */
import { basename } from 'node:path'
import type { Inspection } from '../../../shared/types'
import { readHeader } from './header'
import { WorkerHost } from './host'
import { encodeInBands } from './inBands'
import { decodeDeadline, encodeDeadline } from './limits'
import type { DecodedImage, Planes } from './planes'
import { readImageFile } from './readFile'
import { naming } from './refusals'
import type { EncodeOptions } from './work'
import { workerFile } from './workerFile'

export type { DecodedImage, Metadata, Planes } from './planes'
export type { EncodeOptions } from './work'
export { withSoftware } from './metadata/exif'
export { withProperties } from './metadata/xmp'
export { joinTiffPages } from './tiff/pages'
export { imageFormatOf, readImageFile } from './readFile'

/** Above this many pixels the worker is not kept: its memory would stay as large as its largest picture. */
const keptUpTo = 30_000_000
const heapMegabytes = 512

let host: WorkerHost | null = null
const newHost = (): WorkerHost => new WorkerHost({ file: workerFile(), keptUpTo, heapMegabytes })
const theHost = (): WorkerHost => (host ??= newHost())

/**
 * An image file's pixels, upright, in the file's own depth, with its metadata. Grey stays one channel;
 * alpha is apart. The headers are checked against the limits before anything is decoded.
 * @param name names the file in errors (as `file`), and its ending tells camera RAW from TIFF
 * @param page of a TIFF with several, from 1
 * @throws 'file-empty', 'file-too-large', 'not-an-image', 'format-unsupported' (`format`),
 * 'image-damaged', 'image-too-large' (`width`, `height`, `megapixelLimit`, `sideLimit`),
 * 'page-missing' (`page`, `pages`),
 * 'image-timeout' (`seconds`: 10 s + 0.2 s a megapixel), 'out-of-memory'
 */
export const decodeImage = (bytes: Uint8Array, name: string, page = 1): Promise<DecodedImage> =>
  decodeOwned(new Uint8Array(bytes), name, page)

/**
 * An image file's pixels, as {@link decodeImage}. The file is in memory once, where a caller that reads it for that
 * has it twice.
 * @throws as {@link readImageFile} and {@link decodeImage}
 */
export const decodeImageFile = async (path: string, page = 1): Promise<DecodedImage> =>
  decodeOwned(await readImageFile(path), basename(path), page)

/** Decodes bytes that are handed over to the thread. */
async function decodeOwned(bytes: Uint8Array, name: string, page: number): Promise<DecodedImage> {
  try {
    const { format, width, height } = readHeader(bytes, name, page)
    const pixels = width * height
    const request = { kind: 'decode', bytes, format, page } as const
    return (await theHost().run(request, pixels, decodeDeadline(pixels))) as DecodedImage
  } catch (error) {
    throw naming(name, error)
  }
}

/**
 * A PNG, TIFF, JPEG or WebP file of planes. Deterministic: the same planes and options give the same bytes.
 * PNG and TIFF hold 8 or 16 bits and alpha, TIFF also floats (sample / largest sample, 0 to 1); JPEG 8 bits, alpha laid on white; WebP 8 bits and alpha. Rounding from
 * 16 to 8 bits is round(v / 257). Metadata are written with orientation 1 and without the old thumbnail.
 * A PNG or TIFF is made in bands by several threads; until it is there nobody may write into `planes`.
 * @throws 'image-too-large' for a WebP of more than 16,383 pixels a side; 'out-of-memory'
 */
export async function encodeImage(planes: Planes, options: EncodeOptions): Promise<Uint8Array> {
  const { format, quality, metadata } = options
  if (format === 'png' || format === 'tiff')
    return encodeInBands(planes, { ...options, format }, theHost(), newHost)
  const pixels = planes.width * planes.height
  const request = { kind: 'encode', planes, options: { format, quality, metadata } } as const
  return (await theHost().run(request, pixels, encodeDeadline(pixels))) as Uint8Array
}

/** Ends the worker thread once its requests are done. The next request starts a new one. */
export async function closeCodecs(): Promise<void> {
  await host?.close()
}

/**
 * What a file holds, after a full decode: size upright, channels with alpha counted (1 to 4), bits a
 * sample in the planes (8 or 16) and in the file, pages, orientation as found.
 * @throws as {@link readImageFile} and {@link decodeImage}
 */
export async function inspectImage(path: string): Promise<Inspection> {
  const image = await decodeImageFile(path)
  const { width, height, bits, orientation, fileBits, float, pages } = image
  return {
    path,
    width,
    height,
    channels: image.channels + (image.alpha ? 1 : 0),
    bits,
    fileBits,
    float,
    pages,
    orientation,
  }
}
