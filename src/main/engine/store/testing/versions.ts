/** For tests only: file contents that tell whether they are whole, and which version they are. */

const values = 40_000

/** Version `version` of the file: its number, over and over. 160,000 bytes. */
export function versionBytes(version: number): Uint8Array {
  return new Uint8Array(Uint32Array.from({ length: values }, () => version).buffer)
}

/** The version that these bytes are, or `null` when they are not whole. */
export function versionOf(bytes: Uint8Array): number | null {
  if (bytes.length !== values * 4) return null
  const numbers = new Uint32Array(new Uint8Array(bytes).buffer)
  const [first = 0] = numbers
  return numbers.every((number) => number === first) ? first : null
}
