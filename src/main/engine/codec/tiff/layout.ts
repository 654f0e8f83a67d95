import { largestDeflateRatio } from '../inflate'
import { checkDimensions, limits } from '../limits'
import { damaged, unsupported } from '../refusals'
import { numberOf, numbersOf, type Directory } from './directory'

/** How a TIFF's pixels lie in its blocks: all that decoding needs to know. */
export interface Layout {
  width: number
  height: number
  /** Samples a pixel as stored, colour and others. */
  samples: number
  /** Bits a sample, and whether it is a float. */
  depth: number
  float: boolean
  photometric: number
  compression: number
  predictor: number
  /** Each sample in blocks of its own. */
  planar: boolean
  /** The bits of each byte are stored the other way round. */
  reversed: boolean
  /** A block's size; strips are as wide as the picture, and the last may be lower. */
  tiled: boolean
  blockWidth: number
  blockHeight: number
  offsets: number[]
  lengths: number[]
  /** Which sample is alpha, or -1, and whether colours were multiplied by it. */
  alpha: number
  premultiplied: boolean
  orientation: number
}

export const photometric = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
  ycbcr: 6,
} as const
export const compression = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  oldDeflate: 32946,
  packBits: 32773,
} as const

/** Kinds that exist and are not read, by the name a person may search for. */
const photometricNames: Record<number, string> = {
  4: 'TIFF (mask)',
  8: 'TIFF (CIELAB)',
  9: 'TIFF (ICCLAB)',
  10: 'TIFF (ITULAB)',
  32803: 'Camera RAW (DNG)',
  32844: 'TIFF (LogL)',
  32845: 'TIFF (LogLuv)',
  34892: 'Camera RAW (DNG)',
}
const compressionNames: Record<number, string> = {
  2: 'TIFF (CCITT)',
  3: 'TIFF (CCITT)',
  4: 'TIFF (CCITT)',
  6: 'TIFF (old JPEG)',
  32771: 'TIFF (CCITT)',
  32809: 'TIFF (ThunderScan)',
  33003: 'TIFF (JPEG 2000)',
  33005: 'TIFF (JPEG 2000)',
  34661: 'TIFF (JBIG)',
  34676: 'TIFF (SGILog)',
  34677: 'TIFF (SGILog)',
  34712: 'TIFF (JPEG 2000)',
  34887: 'TIFF (LERC)',
  34925: 'TIFF (LZMA)',
  50000: 'TIFF (Zstandard)',
  50001: 'TIFF (WebP)',
  50002: 'TIFF (JPEG XL)',
  52546: 'TIFF (JPEG XL)',
}

/**
 * The layout that a directory states, checked: sizes within the limits, blocks within the file, and enough
 * bytes in them for the picture.
 * @throws 'image-damaged', 'image-too-large', and 'format-unsupported' for the kinds not read here
 */
export function readLayout(directory: Directory): Layout {
  const width = numberOf(directory, 256, 0)
  const height = numberOf(directory, 257, 0)
  checkDimensions(width, height)
  if (directory.fields.has(50706)) throw unsupported('Camera RAW (DNG)')
  const layout = {
    width,
    height,
    ...codingIn(directory),
    ...samplesIn(directory),
    ...blocksIn(directory, width, height),
    orientation: orientationIn(directory),
  }
  checkKinds(layout, directory)
  checkBlocks(layout, directory)
  return layout
}

function orientationIn(directory: Directory): number {
  const value = numberOf(directory, 274, 1)
  return value >= 1 && value <= 8 ? value : 1
}

function samplesIn(directory: Directory) {
  const samples = numberOf(directory, 277, 1)
  const depths = numbersOf(directory, 258) ?? [1]
  const formats = numbersOf(directory, 339) ?? [1]
  const depth = depths[0] ?? 1
  if (samples < 1 || samples > 32) throw unsupported(`TIFF (${samples} samples a pixel)`)
  if (depths.some((other) => other !== depth)) throw unsupported('TIFF (mixed depths)')
  const format = formats[0] ?? 1
  if (formats.some((other) => other !== format)) throw unsupported('TIFF (mixed sample formats)')
  if (format === 2) throw unsupported('TIFF (signed)')
  if (format === 5 || format === 6) throw unsupported('TIFF (complex)')
  const float = format === 3
  const depthOk = float
    ? [16, 32, 64].includes(depth)
    : (depth >= 1 && depth <= 16) || [24, 32, 64].includes(depth)
  if (!depthOk) throw unsupported(`TIFF (${depth} bits)`)
  const extra = numbersOf(directory, 338) ?? []
  const which = extra.findIndex((kind) => kind === 1 || kind === 2)
  if (extra.length >= samples && which >= 0) throw damaged('it has more extra samples than samples')
  return {
    samples,
    depth,
    float,
    alpha: which < 0 ? -1 : samples - extra.length + which,
    premultiplied: extra[which] === 1,
  }
}

function codingIn(directory: Directory) {
  const kind = numberOf(directory, 262, -1)
  const method = numberOf(directory, 259, compression.none)
  const named = compressionNames[method] ?? photometricNames[kind]
  if (named) throw unsupported(named)
  return {
    photometric: kind,
    compression: method,
    predictor: numberOf(directory, 317, 1),
    planar: numberOf(directory, 284, 1) === 2,
    reversed: numberOf(directory, 266, 1) === 2,
  }
}

function blocksIn(directory: Directory, width: number, height: number) {
  const tiled = directory.fields.has(322)
  const blockWidth = tiled ? numberOf(directory, 322, 0) : width
  const blockHeight = tiled
    ? numberOf(directory, 323, 0)
    : Math.min(height, numberOf(directory, 278, height))
  if (blockWidth < 1 || blockHeight < 1) throw damaged('its blocks have no size')
  const offsets = numbersOf(directory, 324) ?? numbersOf(directory, 273) ?? []
  const lengths = numbersOf(directory, 325) ?? numbersOf(directory, 279) ?? []
  return { tiled, blockWidth, blockHeight, offsets, lengths }
}

/** Samples of a pixel that one block holds. */
export const samplesPerBlock = (layout: Layout): number => (layout.planar ? 1 : layout.samples)

/** Bytes of one row of a block, uncompressed. */
export const blockRowBytes = (layout: Layout): number =>
  Math.ceil((layout.blockWidth * samplesPerBlock(layout) * layout.depth) / 8)

const colours: Record<number, number> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 }

/** How many of a pixel's samples are colour. */
export const coloursOf = (layout: Layout): number => colours[layout.photometric] ?? 1

function checkKinds(layout: Layout, directory: Directory): void {
  const { photometric: kind, compression: method, depth, float } = layout
  if (!(kind in colours)) throw unsupported(`TIFF (photometric ${kind})`)
  if (!Object.values<number>(compression).includes(method))
    throw unsupported(`TIFF (compression ${method})`)
  if (layout.samples < coloursOf(layout)) throw damaged('it has too few samples a pixel')
  if (kind === photometric.cmyk && directory.fields.has(34675)) {
    throw unsupported('TIFF (CMYK with a profile)') // naive colours would be wrong
  }
  if (kind === photometric.cmyk && (method === compression.jpeg || float))
    throw unsupported('TIFF (CMYK)')
  if (kind === photometric.ycbcr && method !== compression.jpeg) throw unsupported('TIFF (YCbCr)')
  if (method === compression.jpeg) {
    if (depth !== 8 || float) throw unsupported(`TIFF (JPEG, ${depth} bits)`)
    if (![1, 3].includes(samplesPerBlock(layout))) throw unsupported('TIFF (JPEG with alpha)')
    if (layout.planar && kind === photometric.ycbcr) throw unsupported('TIFF (YCbCr)')
  }
  if (layout.alpha >= 0 && layout.alpha < coloursOf(layout)) throw damaged('its alpha is a colour')
  if (kind === photometric.palette && (float || depth > 16 || !directory.fields.has(320))) {
    throw damaged('it has no palette')
  }
  checkPredictor(layout)
}

function checkPredictor({ predictor, compression: method, depth, float }: Layout): void {
  if (predictor === 1 || method === compression.jpeg) return
  const undone = method !== compression.none && method !== compression.packBits
  const differences = predictor === 2 && [8, 16, 32].includes(depth) && !float
  const floatBytes = predictor === 3 && float
  // without compression some readers undo it and some do not: there is no telling what was meant
  if (!undone || !(differences || floatBytes)) {
    throw unsupported(`TIFF (predictor ${predictor})`)
  }
}

/** How many bytes at most come from one, by the method; JPEG has its own header and end. */
const largestRatio: Record<number, number> = {
  1: 1,
  5: 1366,
  8: largestDeflateRatio,
  32946: largestDeflateRatio,
  32773: 64,
}

function checkBlocks(layout: Layout, directory: Directory): void {
  const { width, height, blockWidth, blockHeight, offsets, lengths } = layout
  if (blockWidth > limits.side || blockWidth * blockHeight > limits.pixels) {
    throw damaged('its tiles are larger than any picture')
  }
  const across = Math.ceil(width / blockWidth)
  const down = Math.ceil(height / blockHeight)
  const count = across * down * (layout.planar ? layout.samples : 1)
  if (lengths.length === 0 && layout.compression === compression.none) {
    lengths.push(...offsets.map(() => blockRowBytes(layout) * blockHeight)) // some writers leave them out
  }
  if (offsets.length < count || lengths.length < count)
    throw damaged('parts of the picture are missing')
  let held = 0
  for (let i = 0; i < count; i++) {
    // the last strip of a picture may be lower than the others; what is really needed is checked when it is read
    const start = offsets[i] as number
    if (start >= directory.bytes.length) throw damaged('it was cut off')
    lengths[i] = Math.min(lengths[i] as number, directory.bytes.length - start)
    held += lengths[i] as number
  }
  const ratio = largestRatio[layout.compression]
  const needed = ((width * height * layout.depth) / 8) * layout.samples
  if (ratio && held * ratio + 1024 < needed) throw damaged('its picture is too short for its size')
}
