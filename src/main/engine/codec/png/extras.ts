/** What else a PNG can hold: a text, and several frames (APNG 1.0). Works on files that `encodeImage` made. */
import { crc32 } from './chunks'

interface Chunk {
  kind: string
  data: Uint8Array
}

const signatureBytes = 8

function chunkOf({ kind, data }: Chunk): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length)
  chunk.write(kind, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

/** The chunks of a PNG file, up to the first that does not fit in. */
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const chunks: Chunk[] = []
  for (let at = signatureBytes; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    if (at + 12 + length > bytes.length) break
    const kind = bytes.toString('latin1', at + 4, at + 8)
    chunks.push({ kind, data: bytes.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

const joined = (png: Uint8Array, chunks: Chunk[]): Uint8Array =>
  new Uint8Array(Buffer.concat([png.subarray(0, signatureBytes), ...chunks.map(chunkOf)]))

/** The file with a text (UTF-8) under a keyword of 1–79 Latin letters, as an iTXt chunk behind the header. */
export function withText(png: Uint8Array, keyword: string, text: string): Uint8Array {
  const [header, ...rest] = chunksOf(png) as [Chunk, ...Chunk[]]
  const data = Buffer.concat([
    Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'),
    Buffer.from(text, 'utf8'),
  ])
  return joined(png, [header, { kind: 'iTXt', data }, ...rest])
}

/** The text under a keyword, or null where there is none or it is compressed. */
export function textOf(png: Uint8Array, keyword: string): string | null {
  const head = `${keyword}\0\0\0\0\0`
  for (const { kind, data } of chunksOf(png)) {
    if (kind !== 'iTXt') continue
    const bytes = Buffer.from(data)
    if (bytes.toString('latin1', 0, head.length) === head)
      return bytes.toString('utf8', head.length)
  }
  return null
}

/**
 * An animated PNG of frames of one size, that plays for ever.
 * @param milliseconds how long each frame is shown
 */
export function animationOf(frames: readonly Uint8Array[], milliseconds: number): Uint8Array {
  const first = frames[0]
  if (!first) throw new Error('Expected at least one frame. Received none.')
  const control = Buffer.alloc(8) // number of frames, number of plays (0: for ever)
  control.writeUInt32BE(frames.length)
  const [header, ...rest] = chunksOf(first) as [Chunk, ...Chunk[]]
  const extras = rest.filter(({ kind }) => kind !== 'IDAT' && kind !== 'IEND')
  const size = Buffer.from(header.data).subarray(0, 8)
  const chunks: Chunk[] = [header, { kind: 'acTL', data: control }, ...extras]
  let sequence = 0
  frames.forEach((frame, index) => {
    const frameControl = Buffer.alloc(26)
    frameControl.writeUInt32BE(sequence++)
    size.copy(frameControl, 4) // width and height; the offsets behind them stay 0
    frameControl.writeUInt16BE(milliseconds, 20)
    frameControl.writeUInt16BE(1000, 22)
    chunks.push({ kind: 'fcTL', data: frameControl })
    for (const { kind, data } of chunksOf(frame)) {
      if (kind !== 'IDAT') continue
      if (index === 0) chunks.push({ kind, data })
      else {
        const number = Buffer.alloc(4)
        number.writeUInt32BE(sequence++)
        chunks.push({ kind: 'fdAT', data: Buffer.concat([number, data]) })
      }
    }
  })
  return joined(first, [...chunks, { kind: 'IEND', data: new Uint8Array(0) }])
}
