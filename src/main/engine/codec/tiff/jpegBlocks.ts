import { decodeStream, mozJpegDecoder } from '../jpeg/decode'
import { readJpegHeader } from '../jpeg/segments'
import { damaged } from '../refusals'
import { instantiate } from '../wasm'
import { storedBlock } from './blocks'
import { fieldBytes, type Directory } from './directory'
import { photometric, samplesPerBlock, type Layout } from './layout'

/** Says that three components are RGB: without it a decoder takes them for YCbCr. */
const adobeRgb = Buffer.from('\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0', 'latin1')

/**
 * A reader of JPEG blocks (TIFF technical note 2): each block is a JPEG stream that lacks the tables, which
 * are stored once and put before each. Gives interleaved 8-bit samples and the width and height that the
 * stream states.
 */
export async function jpegBlockReader(directory: Directory, layout: Layout) {
  const messages: string[] = []
  const decoder = await instantiate(mozJpegDecoder, messages)
  const field = directory.fields.get(347)
  // without its first marker (start of image) and its last (end of image)
  const tables = field ? fieldBytes(directory, field).subarray(2, -2) : new Uint8Array(0)
  const samples = samplesPerBlock(layout)
  const rgb = layout.photometric === photometric.rgb && samples === 3 ? adobeRgb : new Uint8Array(0)

  return (index: number): { samples: Uint8Array; width: number; height: number } => {
    const stored = storedBlock(directory, layout, index)
    if (stored[0] !== 0xff || stored[1] !== 0xd8) throw damaged('a block is no JPEG')
    const stream = Buffer.concat([stored.subarray(0, 2), rgb, tables, stored.subarray(2)])
    const { width, height } = readJpegHeader(stream)
    if (width > layout.blockWidth || height > layout.blockHeight)
      throw damaged('its sizes disagree')
    messages.length = 0
    const { data } = decodeStream(decoder, stream, messages)
    if (data.length !== 4 * width * height) throw damaged('its sizes disagree')
    const out = new Uint8Array(width * height * samples)
    for (let i = 0; i < width * height; i++) {
      for (let s = 0; s < samples; s++) out[i * samples + s] = data[4 * i + s] as number
    }
    return { samples: out, width, height }
  }
}
