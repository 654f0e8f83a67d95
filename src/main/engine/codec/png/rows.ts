import { inflateBounded } from '../inflate'
import { damaged } from '../refusals'
import { rowBytes, type PngHeader } from './chunks'

/** A reduced picture: every `stepX`th pixel from `x` of every `stepY`th row from `y`. */
export interface Pass {
  x: number
  y: number
  stepX: number
  stepY: number
  width: number
  height: number
}

/** Adam7: x, y, step in x, step in y. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** The passes a picture is stored in, without those that hold no pixel: one, or up to seven when interlaced. */
export function passesOf({ width, height, interlaced }: PngHeader): Pass[] {
  if (!interlaced) return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }]
  return adam7
    .map(([x, y, stepX, stepY]) => ({
      x,
      y,
      stepX,
      stepY,
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0)
}

/**
 * Inflates the picture row by row and takes the filters off, so that besides the output only two rows are
 * in memory. `receive` gets each row's bytes (valid until it returns), its pass, and its number in it.
 * @throws 'image-damaged' when the data are too short or wrong
 */
export function readRows(
  header: PngHeader,
  picture: Uint8Array[],
  receive: (row: Uint8Array, pass: Pass, y: number) => void,
): void {
  const passes = passesOf(header)
  const total = passes.reduce(
    (sum, pass) => sum + pass.height * (rowBytes(header, pass.width) + 1),
    0,
  )
  const pixelBytes = Math.max(1, (header.samples * header.depth) >> 3)
  let pass = 0
  let y = 0
  let filled = 0
  let current = new Uint8Array(0)
  let previous = new Uint8Array(0)
  const startPass = (): void => {
    const length = 1 + rowBytes(header, passes[pass]?.width ?? 0)
    current = new Uint8Array(length)
    previous = new Uint8Array(length)
  }
  const finishRow = (): void => {
    const now = passes[pass] as Pass
    unfilter(current, previous, pixelBytes)
    receive(current.subarray(1), now, y)
    ;[current, previous] = [previous, current]
    filled = 0
    if (++y === now.height) {
      y = 0
      pass++
      startPass()
    }
  }
  startPass()
  const received = inflateBounded(picture, total, (bytes) => {
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, current.length - filled)
      current.set(bytes.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled === current.length) finishRow()
    }
  })
  if (received < total) throw damaged('its picture is cut off')
}

/** Takes the filter off a row in place (PNG, section 9). Byte 0 is the filter's number in both rows. */
function unfilter(row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  const length = row.length
  const first = 1 + pixelBytes
  switch (row[0] as number) {
    case 0:
      return
    case 1: // left
      for (let i = first; i < length; i++) row[i]! += row[i - pixelBytes]!
      return
    case 2: // above
      for (let i = 1; i < length; i++) row[i]! += above[i]!
      return
    case 3: // mean of both
      for (let i = 1; i < Math.min(first, length); i++) row[i]! += above[i]! >> 1
      for (let i = first; i < length; i++) row[i]! += (row[i - pixelBytes]! + above[i]!) >> 1
      return
    case 4: // Paeth's choice
      for (let i = 1; i < Math.min(first, length); i++) row[i]! += above[i]!
      for (let i = first; i < length; i++) {
        row[i]! += paeth(row[i - pixelBytes]!, above[i]!, above[i - pixelBytes]!)
      }
      return
    default:
      throw damaged(`an unknown filter ${row[0]}`)
  }
}

/** Of left, above and above left, the one nearest to left + above − above left. */
export function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
