/**
 * NumPy's array format, version 1.0 (NumPy Enhancement Proposal 1): "\x93NUMPY", version, length of the header, the
 * header (a Python dictionary, filled with spaces to a multiple of 64 bytes, ending in a line feed), then the values in
 * little-endian order, the last axis fastest.
 */

const types = {
  float32: { descr: '<f4', bytes: 4 },
  /** Numbers 0–255. */
  uint8: { descr: '|u1', bytes: 1 },
} as const

const magic = [0x93, ...Buffer.from('NUMPY'), 1, 0]
const alignment = 64

/** The bytes of a `.npy` file. `values` are in row-major order. */
export function npyOf(values: Float32Array | Uint8Array, shape: readonly number[]): Uint8Array {
  const { descr, bytes } = values instanceof Uint8Array ? types.uint8 : types.float32
  const count = shape.reduce((product, side) => product * side, 1)
  if (count !== values.length)
    throw new Error(`Expected ${count} values. Received ${values.length}.`)
  const sides = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`
  const described = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${sides}, }`
  const opening = magic.length + 2
  const length = Math.ceil((opening + described.length + 1) / alignment) * alignment
  const header = `${described.padEnd(length - opening - 1)}\n`
  const file = new Uint8Array(length + count * bytes)
  const view = new DataView(file.buffer)
  file.set(magic)
  view.setUint16(magic.length, header.length, true)
  file.set(Buffer.from(header, 'latin1'), opening)
  if (values instanceof Uint8Array) file.set(values, length)
  else values.forEach((value, i) => view.setFloat32(length + 4 * i, value, true))
  return file
}
