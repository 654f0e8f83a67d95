import { inflateAtMost } from '../inflate'
import { orientationOf } from '../metadata/exif'
import { newSamples, type Planes, type StoredImage } from '../planes'
import { damaged } from '../refusals'
import { colourType, readPng, type PngChunk, type PngFile } from './chunks'
import { readRows } from './rows'

/** No profile or packet is larger; a small chunk that inflates to more is not meant well. */
const largestMetadata = 16 * 1024 * 1024

/**
 * A PNG as stored: 16 bits where the file has them, else 8 (1, 2 and 4 bits are spread over 0–255); grey
 * stays one channel; a palette becomes RGB; `tRNS` becomes alpha. `gAMA` and its like are not applied. All
 * fifteen kinds, plain and interlaced. (`fast-png`, tried first, reads interlaced pictures of fewer than 8
 * bits wrongly and inflates without a limit.)
 */
export function decodePng(bytes: Uint8Array): StoredImage {
  const file = readPng(bytes)
  const planes = emptyPlanes(file)
  const write = rowWriter(file, planes)
  const { width } = file.header
  readRows(file.header, file.picture, (row, pass, y) => {
    write(row, (pass.y + y * pass.stepY) * width + pass.x, pass.stepX, pass.width)
  })
  const metadata = pngMetadata(file.extras)
  return { planes, orientation: orientationOf(metadata.exif), ...metadata }
}

function emptyPlanes({ header, transparency }: PngFile): Planes {
  const { width, height, depth } = header
  const bits = depth === 16 ? 16 : 8
  const grey = header.colourType === colourType.grey || header.colourType === colourType.greyAlpha
  const channels = grey ? 1 : 3
  const hasAlpha = header.colourType >= colourType.greyAlpha || transparency !== null
  return {
    width,
    height,
    channels,
    bits,
    data: newSamples(bits, width * height * channels),
    alpha: hasAlpha ? newSamples(bits, width * height) : null,
  }
}

/** Writes `count` pixels of a row to every `step`th pixel from `first`. */
type RowWriter = (row: Uint8Array, first: number, step: number, count: number) => void

/** Sample `i` of a row. */
function sampleReader(depth: number): (row: Uint8Array, i: number) => number {
  if (depth === 16) return (row, i) => ((row[2 * i] as number) << 8) | (row[2 * i + 1] as number)
  if (depth === 8) return (row, i) => row[i] as number
  const perByte = 8 / depth
  const mask = 2 ** depth - 1
  return (row, i) =>
    ((row[Math.floor(i / perByte)] as number) >> (8 - depth * ((i % perByte) + 1))) & mask
}

function rowWriter(file: PngFile, planes: Planes): RowWriter {
  if (file.header.colourType === colourType.palette) return paletteWriter(file, planes)
  const { depth, samples } = file.header
  const { channels, data, alpha } = planes
  const sample = sampleReader(depth)
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1
  if (samples > channels && alpha) {
    return (row, first, step, count) => {
      for (let i = 0, pixel = first; i < count; i++, pixel += step) {
        for (let c = 0; c < channels; c++) data[pixel * channels + c] = sample(row, i * samples + c)
        alpha[pixel] = sample(row, i * samples + channels)
      }
    }
  }
  const key = alpha && keyOf(file)
  return (row, first, step, count) => {
    if (depth === 8 && step === 1) data.set(row, first * channels)
    else {
      for (let i = 0, pixel = first; i < count; i++, pixel += step) {
        for (let c = 0; c < channels; c++) {
          data[pixel * channels + c] = sample(row, i * channels + c) * scale
        }
      }
    }
    if (!alpha || !key) return
    const opaque = planes.bits === 8 ? 255 : 65535
    for (let i = 0, pixel = first; i < count; i++, pixel += step) {
      const transparent = key.every((value, c) => sample(row, i * channels + c) === value)
      alpha[pixel] = transparent ? 0 : opaque
    }
  }
}

/** The one colour that `tRNS` makes transparent, in the file's own depth. */
function keyOf({ header, transparency }: PngFile): number[] {
  if (!transparency || transparency.length < 2 * header.samples)
    throw damaged('its transparency is wrong')
  const mask = 2 ** header.depth - 1
  return Array.from(
    { length: header.samples },
    (_, c) => (((transparency[2 * c] as number) << 8) | (transparency[2 * c + 1] as number)) & mask,
  )
}

function paletteWriter({ header, palette, transparency }: PngFile, planes: Planes): RowWriter {
  const colours = palette as Uint8Array // `readPng` made sure
  const size = colours.length / 3
  const { data, alpha } = planes
  const sample = sampleReader(header.depth)
  return (row, first, step, count) => {
    for (let i = 0, pixel = first; i < count; i++, pixel += step) {
      const index = sample(row, i)
      if (index >= size) throw damaged('a pixel has a colour that is not in the palette')
      data[3 * pixel] = colours[3 * index] as number
      data[3 * pixel + 1] = colours[3 * index + 1] as number
      data[3 * pixel + 2] = colours[3 * index + 2] as number
      if (alpha) alpha[pixel] = transparency?.[index] ?? 255
    }
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** The metadata chunks. One that cannot be read is left out: the picture is sound without it. */
function pngMetadata(extras: PngChunk[]) {
  const exif = extras.find(({ kind }) => kind === 'eXIf')?.data.slice() ?? null
  const icc = extras.find(({ kind }) => kind === 'iCCP')
  const xmp = extras.find(
    ({ kind, data }) => kind === 'iTXt' && latin1(data.subarray(0, 18)) === 'XML:com.adobe.xmp\0',
  )
  return {
    exif,
    icc: icc ? profileIn(icc.data) : null,
    xmp: xmp ? packetIn(xmp.data) : null,
  }
}

/** iCCP: a name of at most 79 characters, a zero, the method 0, the compressed profile. */
function profileIn(data: Uint8Array): Uint8Array | null {
  const name = data.subarray(0, 80).indexOf(0)
  return name > 0 && data[name + 1] === 0 ? inflated(data.subarray(name + 2)) : null
}

/** iTXt: keyword, zero, whether compressed, method, language, zero, translated keyword, zero, text. */
function packetIn(data: Uint8Array): Uint8Array | null {
  const compressed = data[18] === 1
  const language = data.indexOf(0, 20)
  const text = language < 0 ? -1 : data.indexOf(0, language + 1)
  if (text < 0) return null
  const packet = data.subarray(text + 1)
  return compressed ? inflated(packet) : packet.slice()
}

function inflated(data: Uint8Array): Uint8Array | null {
  try {
    return inflateAtMost(data, largestMetadata)
  } catch {
    return null
  }
}
