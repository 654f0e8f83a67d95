import { DarkroomError } from '../../../../shared/errors'
import { pageMissing } from '../refusals'
import { numberOf, readDirectory, readFirstDirectory, type Directory } from './directory'

/** No stack that fits into a file that is opened has as many. */
const mostPages = 65_535
/** A reduced copy (1) or a mask (4) of another page is none to be worked on (TIFF 6.0, NewSubfileType). */
const notAPage = 1 | 4
/** A classic TIFF states all places with 32 bits. */
const largestFile = 2 ** 32 - 1

/**
 * The directory of page `page`, from 1, and how many pages there are. The first directory is always a page; of the
 * others, thumbnails and masks are left out. A chain that leads nowhere, or back, ends there.
 * @throws 'page-missing', 'image-damaged' when there is no first directory
 */
export function readPage(bytes: Uint8Array, page: number): { directory: Directory; pages: number } {
  const first = readFirstDirectory(bytes)
  const found = [first]
  const seen = new Set([offsetOfFirst(first)])
  for (let last = first; found.length < mostPages;) {
    const { next } = last
    if (next < 8 || next + 2 > bytes.length || seen.has(next) || seen.size > mostPages) break
    seen.add(next)
    try {
      last = readDirectory(first, next)
    } catch {
      break // what other readers do with a broken end of the chain
    }
    if ((numberOf(last, 254, 0) & notAPage) === 0) found.push(last)
  }
  const directory = found[page - 1]
  if (!directory) throw pageMissing(page, found.length)
  return { directory, pages: found.length }
}

/** Where the file says that its first directory is. */
const offsetOfFirst = ({ view, little, big }: Directory): number =>
  big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little)

/**
 * One file of pages that `encodeImage` made, each for the place (`start`) where it now comes to lie: each directory
 * is told where the next one is.
 * @throws 'export-too-large' above 4 GB (`pages`)
 */
export function joinTiffPages(pages: readonly Uint8Array[]): Uint8Array {
  const length = pages.reduce((sum, page) => sum + page.length, 0)
  checkTiffSize(length)
  const file = new Uint8Array(length)
  const view = new DataView(file.buffer)
  let at = 0
  for (const page of pages) {
    file.set(page, at)
    const little = view.getUint16(0) === 0x4949
    const directory = at === 0 ? 8 : at
    const next = at + page.length
    const nextAt = directory + 2 + 12 * view.getUint16(directory, little)
    if (next < length) view.setUint32(nextAt, next, little)
    at = next
  }
  return file
}

/** @throws 'export-too-large' for a file that cannot state its own places */
export function checkTiffSize(bytes: number): void {
  if (bytes <= largestFile) return
  throw new DarkroomError('export-too-large', `${bytes} bytes; a TIFF holds ${largestFile}`)
}
