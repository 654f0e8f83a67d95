/**
 * Codes of a data set as files: what other programs learn from.
 *
 * CSV (RFC 4180, line feeds): a header `index,label,z0,z1,…`, then a line an image; `label` is the label's words and is
 * left empty where there are none. NPY: float32 [images, latent] in the images' order; where there are labels, a second
 * file beside it, `<name>.labels.npy`, uint8 [images], numbers as in the data (MNIST's digits; a folder's subfolders in
 * alphabetical order). A variational model's code is the mean of q(z|x).
 */
import { basename, extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { DataPart } from '../../../shared/latent'
import { writeFileAtomically } from '../store/atomicWriter'
import { npyOf } from './npy'
import type { Calculation } from './calculated'
import { partOf, type Space } from './spaces'

const linesAtOnce = 1000

export type CodesFormat = 'npy' | 'csv'

export interface WrittenCodes {
  /** Bytes of all files together. */
  bytes: number
  images: number
  latent: number
  /** The file with the labels; null where there is none of its own. */
  labels: string | null
}

/** Where the labels of codes at `path` go. */
export const labelsPath = (path: string): string =>
  `${path.slice(0, path.length - extname(path).length)}.labels.npy`

/**
 * Writes the codes of a part of the model's data.
 * @throws DarkroomError `data-missing`; `data-too-few` where the part has no images; `disk-full`, `target-unwritable`,
 *   `cancelled`
 */
export async function exportCodes(
  space: Space,
  target: { part: DataPart; format: CodesFormat; path: string },
  options: Calculation = {},
): Promise<WrittenCodes> {
  const { part, format, path } = target
  const set = await space.set()
  const { labels, count } = partOf(set, part)
  const file = set.card.name
  if (count === 0) {
    const params = { file, images: 0, least: 1 }
    throw new DarkroomError('data-too-few', `${file} has no ${part} images`, params)
  }
  const { mean } = await space.codes(part, options)
  const { latent } = space.config
  const names = set.card.labels
  if (format === 'csv') {
    const words = labels && Array.from(labels, (label) => names?.[label] ?? String(label))
    const bytes = await csvOf(mean, latent, words)
    await writeFileAtomically(path, bytes)
    return { bytes: bytes.length, images: count, latent, labels: null }
  }
  const codes = npyOf(mean, [count, latent])
  const beside = labels && npyOf(labels, [count])
  // labels first: where codes are there, their labels are too
  if (beside) await writeFileAtomically(labelsPath(path), beside)
  await writeFileAtomically(path, codes)
  const bytes = codes.length + (beside?.length ?? 0)
  return { bytes, images: count, latent, labels: beside && basename(labelsPath(path)) }
}

/** Codes as CSV, a thousand lines between two moments for others. */
export async function csvOf(
  codes: Float32Array,
  latent: number,
  labels: readonly string[] | null,
): Promise<Uint8Array> {
  const header = ['index', 'label', ...Array.from({ length: latent }, (_, j) => `z${j}`)]
  let lines = [header.join(',')]
  const parts: Buffer[] = []
  const count = codes.length / latent
  for (let i = 0; i < count; i++) {
    const numbers = Array.from(codes.subarray(i * latent, (i + 1) * latent), digits)
    lines.push([i, field(labels?.[i] ?? ''), ...numbers].join(','))
    if (lines.length < linesAtOnce) continue
    parts.push(Buffer.from(`${lines.join('\n')}\n`))
    lines = []
    await setImmediate()
  }
  if (lines.length > 0) parts.push(Buffer.from(`${lines.join('\n')}\n`))
  return Buffer.concat(parts)
}

/** Nine significant digits tell every float32 from every other. */
const digits = (value: number): string => String(Number(value.toPrecision(9)))

/** A field in quotation marks where it has to be. */
const field = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
