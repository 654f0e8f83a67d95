import { newSamples, maximumOf, type Planes, type Samples, type StoredImage } from '../planes'
import { damaged, unsupported } from '../refusals'
import { readBlock } from './blocks'
import { fieldBytes, numbersOf, type Directory } from './directory'
import { exifFromTiff } from './exif'
import { jpegBlockReader } from './jpegBlocks'
import {
  coloursOf,
  compression,
  photometric,
  readLayout,
  samplesPerBlock,
  type Layout,
} from './layout'
import { readPage } from './pages'
import { planesDepth, rowLengthOf, sampleReader, scaler } from './samples'

/**
 * A page of a TIFF (from 1) as stored: grey, RGB, palette and CMYK (without a profile; R = (1 − C)(1 − K)),
 * strips or tiles, interleaved or planar, uncompressed, LZW, Deflate, PackBits or JPEG; classic and BigTIFF
 * of both byte orders. Up to 8 bits become 8, more become 16. Other kinds are refused by name.
 * (The package `tiff`, tried first, reads tiled and planar colour wrongly, and refuses any orientation.)
 */
export async function decodeTiff(bytes: Uint8Array, page = 1): Promise<StoredImage> {
  const { directory, pages } = readPage(bytes, page)
  const layout = readLayout(directory)
  const raw = await readSamples(directory, layout)
  const planes = toPlanes(raw, layout, directory)
  const metadata = (tag: number): Uint8Array | null => {
    const field = directory.fields.get(tag)
    return field ? fieldBytes(directory, field).slice() : null
  }
  return {
    planes,
    file: { fileBits: layout.depth <= 8 ? 8 : layout.depth, float: layout.float, pages },
    orientation: layout.orientation,
    exif: exifFromTiff(directory),
    icc: metadata(34675),
    xmp: metadata(700),
  }
}

/** Which of a pixel's stored samples are kept, in order: its colours, then alpha. */
function keptSamples(layout: Layout): number[] {
  const colours = Array.from({ length: coloursOf(layout) }, (_, i) => i)
  return layout.alpha < 0 ? colours : [...colours, layout.alpha]
}

/** All kept samples, interleaved and scaled (a palette's numbers as they are). */
async function readSamples(directory: Directory, layout: Layout): Promise<Samples> {
  const { width, height, blockWidth, blockHeight } = layout
  const kept = keptSamples(layout)
  const indexed = layout.photometric === photometric.palette
  const out = indexed
    ? new Uint16Array(width * height * kept.length)
    : newSamples(planesDepth(layout), width * height * kept.length)
  const scale = indexed ? (value: number) => value : scaler(layout)
  const across = Math.ceil(width / blockWidth)
  const blocksInPlane = across * Math.ceil(height / blockHeight)
  const perPixel = samplesPerBlock(layout)
  const read = await blockReader(directory, layout)

  const place = (index: number, slots: { from: number; to: number }[]): void => {
    const x = ((index % blocksInPlane) % across) * blockWidth
    const y = Math.floor((index % blocksInPlane) / across) * blockHeight
    const columns = Math.min(blockWidth, width - x)
    const rows = Math.min(blockHeight, height - y)
    const { sample, rowLength } = read(index, columns, rows)
    for (let row = 0; row < rows; row++) {
      for (const { from, to } of slots) {
        let at = ((y + row) * width + x) * kept.length + to
        for (let i = 0; i < columns; i++, at += kept.length) {
          out[at] = scale(sample(row * rowLength, i * perPixel + from))
        }
      }
    }
  }
  if (layout.planar) {
    kept.forEach((stored, to) => {
      for (let i = 0; i < blocksInPlane; i++) place(stored * blocksInPlane + i, [{ from: 0, to }])
    })
  } else {
    const slots = kept.map((from, to) => ({ from, to }))
    for (let i = 0; i < blocksInPlane; i++) place(i, slots)
  }
  return out
}

/** Reads a block and says how to find a sample in it. */
async function blockReader(directory: Directory, layout: Layout) {
  if (layout.compression === compression.jpeg) {
    const readJpeg = await jpegBlockReader(directory, layout)
    return (index: number, columns: number, rows: number) => {
      const { samples, width, height } = readJpeg(index)
      if (width < columns || height < rows) throw damaged('its sizes disagree')
      return {
        sample: (row: number, i: number) => samples[row + i] as number,
        rowLength: width * samplesPerBlock(layout),
      }
    }
  }
  const rowLength = rowLengthOf(layout, layout.blockWidth)
  return (index: number, _columns: number, rows: number) => ({
    sample: sampleReader(
      readBlock(directory, layout, index, rowLength, rows),
      layout,
      directory.little,
    ),
    rowLength,
  })
}

function toPlanes(raw: Samples, layout: Layout, directory: Directory): Planes {
  const { width, height } = layout
  const bits = planesDepth(layout)
  const colours = coloursOf(layout)
  const perPixel = keptSamples(layout).length
  const pixels = width * height
  if (layout.photometric === photometric.palette)
    return fromPalette(raw, layout, directory, perPixel)

  const channels = colours === 1 ? 1 : 3
  const maximum = maximumOf(bits)
  const plain = perPixel === channels && layout.photometric !== photometric.whiteIsZero
  const data = plain ? raw : newSamples(bits, pixels * channels)
  const alpha = layout.alpha < 0 ? null : newSamples(bits, pixels)
  if (plain) return { width, height, channels, bits, data, alpha }

  for (let i = 0; i < pixels; i++) {
    const at = i * perPixel
    const opacity = alpha ? (raw[at + colours] as number) : maximum
    if (alpha) alpha[i] = opacity
    for (let c = 0; c < channels; c++) {
      let value = raw[at + c] as number
      if (layout.photometric === photometric.whiteIsZero) value = maximum - value
      if (layout.photometric === photometric.cmyk) {
        value = Math.round(((maximum - value) * (maximum - (raw[at + 3] as number))) / maximum)
      }
      if (layout.premultiplied && alpha) {
        value = opacity === 0 ? 0 : Math.min(maximum, Math.round((value * maximum) / opacity))
      }
      data[i * channels + c] = value
    }
  }
  return { width, height, channels, bits, data, alpha }
}

/** A palette's colours have 16 bits; 8 are kept, of a palette that was written with 8 by mistake as well. */
function fromPalette(
  raw: Samples,
  { width, height, depth }: Layout,
  directory: Directory,
  perPixel: number,
): Planes {
  if (perPixel !== 1) throw unsupported('TIFF (palette with alpha)')
  const map = numbersOf(directory, 320) ?? []
  const size = 2 ** depth
  if (map.length < 3 * size) throw damaged('its palette is too short')
  const largest = map.reduce((most, value) => Math.max(most, value), 0)
  const divisor = largest < 256 ? 1 : 257
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      data[3 * i + c] = Math.round((map[c * size + (raw[i] as number)] as number) / divisor)
    }
  }
  return { width, height, channels: 3, bits: 8, data, alpha: null }
}
