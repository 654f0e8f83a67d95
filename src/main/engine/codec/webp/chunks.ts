import { checkDimensions } from '../limits'
import { damaged, unsupported } from '../refusals'

/** A chunk of a RIFF file: its four letters and its payload. */
interface Chunk {
  kind: string
  data: Uint8Array
}

const mostChunks = 4096
const flags = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 } as const

const letters = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/**
 * The chunks of a WebP.
 * @throws 'image-damaged' when the file ends before the length it states
 */
export function readChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 8 + view.getUint32(4, true)
  if (end > bytes.length + 1) throw damaged('it was cut off') // some writers count a missing pad byte
  const chunks: Chunk[] = []
  let at = 12
  while (at + 8 <= Math.min(end, bytes.length)) {
    const size = view.getUint32(at + 4, true)
    if (at + 8 + size > bytes.length) throw damaged('a chunk ends outside the file')
    if (chunks.length >= mostChunks) throw damaged('it has thousands of chunks')
    chunks.push({
      kind: letters(bytes.subarray(at, at + 4)),
      data: bytes.subarray(at + 8, at + 8 + size),
    })
    at += 8 + size + (size & 1)
  }
  return chunks
}

const uint24 = (data: Uint8Array, at: number): number =>
  (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16)

/** Size and alpha of one coded picture: VP8 (RFC 6386, 9.1) or VP8L (the lossless format's section 3). */
function pictureIn({ kind, data }: Chunk): { width: number; height: number; alpha: boolean } {
  if (kind === 'VP8 ') {
    if (data.length < 10 || uint24(data, 3) !== 0x2a019d)
      throw damaged('its picture has no start code')
    const view = new DataView(data.buffer, data.byteOffset)
    return {
      width: view.getUint16(6, true) & 0x3fff,
      height: view.getUint16(8, true) & 0x3fff,
      alpha: false,
    }
  }
  if (data.length < 5 || data[0] !== 0x2f) throw damaged('its picture has no signature')
  const bits = new DataView(data.buffer, data.byteOffset).getUint32(1, true)
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    alpha: ((bits >>> 28) & 1) === 1,
  }
}

export interface WebpHeader {
  width: number
  height: number
  alpha: boolean
  chunks: Chunk[]
}

/**
 * Size and kind of a WebP. An extended file states its size twice, and both must agree.
 * @throws 'image-damaged', 'image-too-large', and 'format-unsupported' for an animation
 */
export function readWebpHeader(bytes: Uint8Array): WebpHeader {
  const chunks = readChunks(bytes)
  const extended = chunks[0]?.kind === 'VP8X' ? chunks[0].data : null
  if (extended) {
    if (extended.length < 10) throw damaged('its header is too short')
    checkDimensions(uint24(extended, 4) + 1, uint24(extended, 7) + 1)
    if (((extended[0] as number) & flags.animation) !== 0) throw unsupported('WebP (animated)')
  }
  const picture = chunks.find(({ kind }) => kind === 'VP8 ' || kind === 'VP8L')
  if (!picture) throw damaged('it holds no picture')
  const { width, height, alpha } = pictureIn(picture)
  checkDimensions(width, height)
  if (extended && (uint24(extended, 4) + 1 !== width || uint24(extended, 7) + 1 !== height)) {
    throw damaged('its sizes disagree')
  }
  return { width, height, alpha: alpha || chunks.some(({ kind }) => kind === 'ALPH'), chunks }
}

/** The metadata chunks of a WebP. Some writers put JPEG's prefix before the EXIF block. */
export function webpMetadata(chunks: Chunk[]) {
  const first = (wanted: string) => chunks.find(({ kind }) => kind === wanted)?.data.slice() ?? null
  const exif = first('EXIF')
  return {
    exif: exif && letters(exif.subarray(0, 6)) === 'Exif\0\0' ? exif.slice(6) : exif,
    icc: first('ICCP'),
    xmp: first('XMP '),
  }
}

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8)
  head.write(kind, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length & 1)])
}

/** A WebP with metadata put in: the extended container, with its chunks in the order that it prescribes. */
export function withWebpMetadata(
  webp: Uint8Array,
  metadata: { exif: Uint8Array | null; icc: Uint8Array | null; xmp: Uint8Array | null },
): Uint8Array {
  const { exif, icc, xmp } = metadata
  if (!exif && !icc && !xmp) return webp
  const { width, height, alpha, chunks } = readWebpHeader(webp)
  const header = Buffer.alloc(10)
  header[0] =
    (icc ? flags.icc : 0) |
    (alpha ? flags.alpha : 0) |
    (exif ? flags.exif : 0) |
    (xmp ? flags.xmp : 0)
  header.writeUIntLE(width - 1, 4, 3)
  header.writeUIntLE(height - 1, 7, 3)
  const picture = chunks.filter(({ kind }) => kind === 'ALPH' || kind === 'VP8 ' || kind === 'VP8L')
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', header),
    ...(icc ? [chunk('ICCP', icc)] : []),
    ...picture.map(({ kind, data }) => chunk(kind, data)),
    ...(exif ? [chunk('EXIF', exif)] : []),
    ...(xmp ? [chunk('XMP ', xmp)] : []),
  ])
  return new Uint8Array(chunk('RIFF', body))
}
