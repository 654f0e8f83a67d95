/**
 * ICC profiles are carried byte for byte; only the name for the reader and the colour space are read.
 * (ICC.1:2022, sections 7.2 'profile header', 10.15 'multiLocalizedUnicodeType'; v2's 'textDescriptionType'.)
 */

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Whether bytes may be an ICC profile: long enough, its own length in its header, the signature 'acsp'. */
export function isProfile(icc: Uint8Array): boolean {
  if (icc.length < 132 || latin1(icc.subarray(36, 40)) !== 'acsp') return false
  const stated = new DataView(icc.buffer, icc.byteOffset).getUint32(0)
  return stated >= 132 && stated <= icc.length
}

/** The colour space of the profile's device side: 'RGB', 'GRAY', 'CMYK' and so on. */
export const profileSpace = (icc: Uint8Array): string => latin1(icc.subarray(16, 20)).trim()

/**
 * The profile's description, such as 'Display P3': English where there is a choice. Null when there is
 * no profile, no description, or the profile cannot be read.
 */
export function profileNameOf(icc: Uint8Array | null): string | null {
  if (!icc || !isProfile(icc)) return null
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength)
  const count = Math.min(view.getUint32(128), 100, Math.floor((icc.length - 132) / 12))
  for (let i = 0; i < count; i++) {
    const entry = 132 + 12 * i
    if (latin1(icc.subarray(entry, entry + 4)) !== 'desc') continue
    const offset = view.getUint32(entry + 4)
    const size = view.getUint32(entry + 8)
    if (offset + size > icc.length) return null
    return tidy(descriptionIn(icc.subarray(offset, offset + size)))
  }
  return null
}

function descriptionIn(data: Uint8Array): string | null {
  if (data.length < 16) return null
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const type = latin1(data.subarray(0, 4))
  if (type === 'desc') return latin1(data.subarray(12, 12 + view.getUint32(8)))
  if (type !== 'mluc') return null
  const records = Math.min(view.getUint32(8), Math.floor((data.length - 16) / 12))
  let chosen: string | null = null
  for (let i = 0; i < records; i++) {
    const at = 16 + 12 * i
    const length = view.getUint32(at + 4)
    const offset = view.getUint32(at + 8)
    if (offset + length > data.length) continue
    const english = latin1(data.subarray(at, at + 2)) === 'en'
    if (chosen !== null && !english) continue
    // the text is UTF-16, big end first
    chosen = Buffer.from(data.subarray(offset, offset + (length & ~1)))
      .swap16()
      .toString('utf16le')
    if (english) break
  }
  return chosen
}

/** One line: v2 profiles close the text with a zero, and nothing after a control character is for reading. */
function tidy(name: string | null): string | null {
  const characters = [...(name ?? '')]
  const end = characters.findIndex((character) => character < ' ' || character === '\x7f')
  const text = characters
    .slice(0, end < 0 ? 200 : Math.min(200, end))
    .join('')
    .trim()
  return text ? text : null
}
