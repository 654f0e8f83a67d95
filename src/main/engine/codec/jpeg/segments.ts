import { checkDimensions } from '../limits'
import { damaged, unsupported } from '../refusals'

/** A marker before the first scan, with where its payload lies. */
export interface Segment {
  marker: number
  start: number
  end: number
}

const startOfScan = 0xda
const endOfImage = 0xd9
/** No camera writes as many; a hostile file must not make us list millions. */
const mostSegments = 4096

/**
 * The segments of a JPEG up to its first scan, and where that scan begins.
 * @throws 'image-damaged' when it ends before, or holds something that is no segment
 */
export function readSegments(bytes: Uint8Array): { segments: Segment[]; scan: number } {
  const segments: Segment[] = []
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw damaged(`no marker at byte ${at}`)
    const marker = bytes[at + 1] as number
    if (marker === 0xff) {
      at++ // fill bytes may precede a marker
      continue
    }
    if (marker === endOfImage || marker === 0) break
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2 // these stand alone
      continue
    }
    if (marker === startOfScan) return { segments, scan: at }
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
    if (length < 2 || at + 2 + length > bytes.length)
      throw damaged(`a segment ends outside the file`)
    if (segments.length >= mostSegments) throw damaged('it has thousands of segments')
    segments.push({ marker, start: at + 4, end: at + 2 + length })
    at += 2 + length
  }
  throw damaged('it ends before its picture begins')
}

export interface JpegHeader {
  width: number
  height: number
  components: 1 | 3
  /** Where its first scan begins. */
  scan: number
  segments: Segment[]
}

/** Names for the frames that are not read here, by the marker that begins them. */
const frames: Record<number, string> = {
  0xc3: 'JPEG (lossless)',
  0xc5: 'JPEG (hierarchical)',
  0xc6: 'JPEG (hierarchical)',
  0xc7: 'JPEG (hierarchical)',
  0xc9: 'JPEG (arithmetic coding)',
  0xca: 'JPEG (arithmetic coding)',
  0xcb: 'JPEG (arithmetic coding)',
  0xcd: 'JPEG (hierarchical)',
  0xce: 'JPEG (hierarchical)',
  0xcf: 'JPEG (hierarchical)',
  0xf7: 'JPEG-LS',
}

/**
 * Size and kind of a JPEG from its frame header.
 * @throws 'image-damaged', 'image-too-large', and 'format-unsupported' for CMYK, 12 bits, lossless,
 * hierarchical and arithmetic-coded ones
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const { segments, scan } = readSegments(bytes)
  const frame = segments.find(
    ({ marker }) => (marker >= 0xc0 && marker <= 0xc2) || marker in frames,
  )
  if (!frame) throw damaged('it has no frame header')
  const name = frames[frame.marker]
  if (name) throw unsupported(name)
  if (frame.end - frame.start < 6) throw damaged('its frame header is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset + frame.start, frame.end - frame.start)
  const precision = view.getUint8(0)
  const height = view.getUint16(1)
  const width = view.getUint16(3)
  const components = view.getUint8(5)
  checkDimensions(width, height)
  if (precision !== 8) throw unsupported(`JPEG (${precision} bits)`)
  if (components === 4) throw unsupported('JPEG (CMYK)')
  if (components !== 1 && components !== 3) throw damaged(`it has ${components} colour components`)
  // each block of 8 × 8 samples takes at least one bit, so a few bytes cannot claim to be a large picture
  if (blocksOf(view, width, height, components) > 8 * (bytes.length - scan)) {
    throw damaged('its picture is too short for its size')
  }
  return { width, height, components, scan, segments }
}

/** How many blocks the frame header says there are, by its components' sampling factors. */
function blocksOf(frame: DataView, width: number, height: number, components: number): number {
  const factors = Array.from({ length: components }, (_, i) => frame.getUint8(7 + 3 * i))
  const across = factors.map((factor) => factor >> 4)
  const down = factors.map((factor) => factor & 15)
  if ([...across, ...down].some((factor) => factor < 1 || factor > 4)) {
    throw damaged('its sampling factors are wrong')
  }
  if (components === 1) return Math.ceil(width / 8) * Math.ceil(height / 8)
  const perUnit = across.reduce((sum, factor, i) => sum + factor * (down[i] as number), 0)
  return (
    Math.ceil(width / (8 * Math.max(...across))) *
    Math.ceil(height / (8 * Math.max(...down))) *
    perUnit
  )
}

/**
 * Whether the entropy-coded data run to an end-of-image marker. Within them 0xFF is always followed by a
 * zero or a restart marker, so a file without that marker was cut off.
 */
export function isComplete(bytes: Uint8Array, scan: number): boolean {
  for (let at = bytes.indexOf(0xff, scan); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === endOfImage) return true
  }
  return false
}

const prefixes = {
  exif: 'Exif\0\0',
  xmp: 'http://ns.adobe.com/xap/1.0/\0',
  icc: 'ICC_PROFILE\0',
} as const

function payloads(
  bytes: Uint8Array,
  segments: Segment[],
  marker: number,
  prefix: string,
): Uint8Array[] {
  return segments
    .filter((segment) => segment.marker === marker)
    .map(({ start, end }) => bytes.subarray(start, end))
    .filter((data) => Buffer.from(data.subarray(0, prefix.length)).toString('latin1') === prefix)
    .map((data) => data.subarray(prefix.length))
}

/** The metadata of a JPEG. An ICC profile of which a part is missing is left out. */
export function jpegMetadata(bytes: Uint8Array, segments: Segment[]) {
  return {
    exif: payloads(bytes, segments, 0xe1, prefixes.exif)[0]?.slice() ?? null,
    xmp: payloads(bytes, segments, 0xe1, prefixes.xmp)[0]?.slice() ?? null,
    icc: joinProfile(payloads(bytes, segments, 0xe2, prefixes.icc)),
  }
}

/** A profile is spread over numbered parts: number, count, data. */
function joinProfile(parts: Uint8Array[]): Uint8Array | null {
  const count = parts[0]?.[1] ?? 0
  const data: Uint8Array[] = []
  for (let number = 1; number <= count; number++) {
    const part = parts.find((part) => part[0] === number && part[1] === count)
    if (!part) return null
    data.push(part.subarray(2))
  }
  return data.length > 0 ? new Uint8Array(Buffer.concat(data)) : null
}

const largestPayload = 65533

/** One APPn segment. */
function segment(marker: number, prefix: string, data: Uint8Array): Uint8Array {
  const head = Buffer.from(`\xff${String.fromCharCode(marker)}\0\0${prefix}`, 'latin1')
  head.writeUInt16BE(2 + prefix.length + data.length, 2)
  return Buffer.concat([head, data])
}

/**
 * A JPEG with metadata put in after its JFIF segment: EXIF and XMP as APP1, the profile as APP2 in as many
 * parts as it needs. EXIF or XMP that do not fit into one segment (65,533 bytes), and a profile that needs
 * more than 255 parts, are left out: the format has no other place for them.
 */
export function withJpegMetadata(
  jpeg: Uint8Array,
  metadata: { exif: Uint8Array | null; icc: Uint8Array | null; xmp: Uint8Array | null },
): Uint8Array {
  const { segments } = readSegments(jpeg)
  const first = segments[0]
  const at = first?.marker === 0xe0 ? first.end : 2
  const added: Uint8Array[] = []
  for (const kind of ['exif', 'xmp'] as const) {
    const data = metadata[kind]
    if (data && data.length + prefixes[kind].length <= largestPayload) {
      added.push(segment(0xe1, prefixes[kind], data))
    }
  }
  const { icc } = metadata
  const room = largestPayload - prefixes.icc.length - 2
  const count = icc ? Math.ceil(icc.length / room) : 0
  if (icc && count <= 255) {
    for (let i = 0; i < count; i++) {
      const part = Buffer.concat([
        Buffer.from([i + 1, count]),
        icc.subarray(i * room, (i + 1) * room),
      ])
      added.push(segment(0xe2, prefixes.icc, part))
    }
  }
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, at), ...added, jpeg.subarray(at)]))
}
