import type { ImageFormat } from '../../../shared/types'
import { damaged, notAnImage, unsupported } from './refusals'

const text = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/**
 * Files with the TIFF structure, or nearly, that hold a camera's raw data: only the name's ending tells
 * them from a picture, so the ending counts for these.
 */
export const rawEndings =
  /\.(3fr|ari|arw|bay|cap|cr2|cr3|crw|dcr|dcs|dng|erf|fff|gpr|iiq|k25|kdc|mef|mos|mrw|nef|nrw|orf|pef|ptx|pxn|raf|raw|rw2|rwl|rwz|sr2|srf|srw|x3f)$/i

/** First bytes of formats that exist and are not read here, with the name a person knows them by. */
const others: [magic: string, at: number, name: string][] = [
  ['GIF8', 0, 'GIF'],
  ['8BPS', 0, 'Photoshop (PSD)'],
  ['\xff\x0a', 0, 'JPEG XL'],
  ['\0\0\0\x0cJXL ', 0, 'JPEG XL'],
  ['\0\0\0\x0cjP  ', 0, 'JPEG 2000'],
  ['\xff\x4f\xff\x51', 0, 'JPEG 2000'],
  ['II\xbc', 0, 'JPEG XR'],
  ['%PDF-', 0, 'PDF'],
  ['%!PS', 0, 'PostScript'],
  ['\xc5\xd0\xd3\xc6', 0, 'PostScript'],
  ['\0\0\x01\0', 0, 'ICO'],
  ['\x76\x2f\x31\x01', 0, 'OpenEXR'],
  ['#?RADIANCE', 0, 'Radiance HDR'],
  ['#?RGBE', 0, 'Radiance HDR'],
  ['DDS ', 0, 'DDS'],
  ['qoif', 0, 'QOI'],
  ['gimp xcf', 0, 'GIMP (XCF)'],
  ['\x8aMNG', 0, 'MNG'],
  ['\x8bJNG', 0, 'JNG'],
  ['SIMPLE  =', 0, 'FITS'],
  ['AT&TFORM', 0, 'DjVu'],
  ['FOVb', 0, 'Camera RAW (X3F)'],
  ['FUJIFILMCCD-RAW', 0, 'Camera RAW (RAF)'],
  ['\0MRM', 0, 'Camera RAW (MRW)'],
  ['II\x1a\0\0\0HEAPCCDR', 0, 'Camera RAW (CRW)'],
  ['IIU\0', 0, 'Camera RAW (RW2)'],
  ['IIRO', 0, 'Camera RAW (ORF)'],
  ['IIRS', 0, 'Camera RAW (ORF)'],
  ['MMOR', 0, 'Camera RAW (ORF)'],
  ['\x1aE\xdf\xa3', 0, 'Video (Matroska)'],
  ['AVI ', 8, 'Video (AVI)'],
  ['PK\x03\x04', 0, 'ZIP'],
]

/** What the brands of an ISO base media file (the box `ftyp`) say it is; the first brand that is known decides. */
const brands: [test: RegExp, name: string][] = [
  [/^avif/, 'AVIF'],
  [/^avis/, 'AVIF (animated)'],
  [/^(heic|heix|hevc|hevx|heim|heis|hevm|hevs)/, 'HEIC'],
  [/^crx /, 'Camera RAW (CR3)'],
  [/^j[px]/, 'JPEG 2000'],
  [/^(isom|iso\d|mp4\d|avc1|M4V|qt|3gp|mmp4|dash)/, 'Video (MP4)'],
]

function brandOf(bytes: Uint8Array): string {
  const end = Math.min(bytes.length, Math.max(16, bytes[3] ?? 0), 128)
  // the major brand first, then (after a version number) the compatible ones
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) {
    const brand = text(bytes, at, at + 4)
    const known = brands.find(([test]) => test.test(brand))
    if (known) return known[1]
  }
  return `ISO media (${text(bytes, 8, 12).replace(/[^ -~]/g, '?')})`
}

/** The formats that have no magic number worth the name: what the text or the ending says. */
function looseKind(bytes: Uint8Array, name: string): string | null {
  const start = text(bytes, 0, Math.min(bytes.length, 512))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(start))
    return 'SVG'
  if (/^P[1-7][\s#]/.test(start)) return 'Netpbm (PNM)'
  if (/^P[Ff]\s/.test(start)) return 'PFM'
  // 'BM' alone is too short to be sure: a bitmap's header also says its own size
  if (start.startsWith('BM') && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14] ?? 0))
    return 'BMP'
  if (/\.tga$/i.test(name) && bytes.length > 18) return 'TGA'
  return null
}

const startsWith = (bytes: Uint8Array, magic: string, at = 0): boolean =>
  bytes.length >= at + magic.length && text(bytes, at, at + magic.length) === magic

const pngSignature = '\x89PNG\r\n\x1a\n'

/**
 * The format of a file by its first bytes; `name` only tells camera RAW from TIFF. Looks at 512 bytes at
 * most and decodes nothing.
 * @throws 'format-unsupported' for what is known and not read here, 'image-damaged' for a PNG whose
 * signature was mangled on its way, 'not-an-image' for anything else.
 */
export function sniff(bytes: Uint8Array, name: string): ImageFormat {
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg'
  if (startsWith(bytes, pngSignature)) return 'png'
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp'
  if (startsWith(bytes, 'ftyp', 4)) {
    const brand = brandOf(bytes)
    if (brand === 'AVIF') return 'avif'
    throw unsupported(brand)
  }
  const other = others.find(([magic, at]) => startsWith(bytes, magic, at))
  if (other) throw unsupported(other[2])
  if (/^(II[*+]\0|MM\0[*+])/.test(text(bytes, 0, Math.min(4, bytes.length)))) {
    const ending = rawEndings.exec(name)?.[1]
    if (ending) throw unsupported(`Camera RAW (${ending.toUpperCase()})`)
    if (startsWith(bytes, 'CR', 8)) throw unsupported('Camera RAW (CR2)')
    return 'tiff'
  }
  const loose = looseKind(bytes, name)
  if (loose) throw unsupported(loose)
  // a signature with one byte changed, or with line ends translated, is still a PNG's
  const kept = [...pngSignature].filter((_, i) => bytes[i] === pngSignature.charCodeAt(i)).length
  if (kept >= 6 || startsWith(bytes, 'PNG', 1)) throw damaged("the PNG's signature was changed")
  throw notAnImage('its first bytes are those of no known format')
}
