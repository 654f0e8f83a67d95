import { damaged, unsupported } from '../refusals'

const clear = 256
const end = 257

/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first, that get longer one
 * code early. Makes `length` bytes, never more, in time linear in them.
 * @throws 'image-damaged' for a code that cannot be, or data too short
 */
export function decodeLzw(data: Uint8Array, length: number): Uint8Array {
  // files from before 1988 store the bits the other way round, which shows in how they must begin
  if (data[0] === 0 && ((data[1] ?? 0) & 1) === 1) throw unsupported('TIFF (old LZW)')
  const out = new Uint8Array(length)
  // each code stands for a piece of what was put out already: where it begins and how long it is
  const starts = new Int32Array(4097)
  const lengths = new Int32Array(4097)
  let next = 258
  let width = 9
  let written = 0
  let lastStart = -1
  let lastLength = 0
  let bits = 0
  let held = 0
  let at = 0
  while (written < length) {
    while (held < width) {
      if (at >= data.length) throw damaged('its compressed data end too early')
      bits = ((bits << 8) | (data[at++] as number)) & 0xffffff
      held += 8
    }
    const code = (bits >>> (held - width)) & ((1 << width) - 1)
    held -= width
    if (code === end) throw damaged('its compressed data end too early')
    if (code === clear) {
      next = 258
      width = 9
      lastStart = -1
      continue
    }
    const start = written
    if (code < 256) {
      out[written++] = code
    } else {
      const known = code < next
      if (!known && (code !== next || lastStart < 0)) throw damaged('its compressed data are wrong')
      // a code that is only being made is the last piece and its own first byte
      const from = known ? (starts[code] as number) : lastStart
      const count = Math.min(known ? (lengths[code] as number) : lastLength + 1, length - written)
      for (let i = 0; i < count; i++) out[written++] = out[from + i] as number
    }
    if (lastStart >= 0 && next < 4096) {
      // the last piece and the first byte of this one, which lie next to each other in the output
      starts[next] = lastStart
      lengths[next] = lastLength + 1
      next++
      if (next === (1 << width) - 1 && width < 12) width++
    }
    lastStart = start
    lastLength = written - start
  }
  return out
}
