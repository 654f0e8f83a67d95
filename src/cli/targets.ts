/** `--out`: the one file that it names, or a folder with a file for each input. */
import { promises } from 'node:fs'
import { extname, sep } from 'node:path'
import type { Input } from '../main/engine/batch/inputs'
import { Targets, type TargetWish } from '../main/engine/batch/targets'
import { m } from '../shared/messages/compiled/messages'
import { formatOfEnding } from '../shared/exportFormats'
import { usage } from './arguments'

/** Endings that say 'a file', of kinds that cannot be written. */
const unwritten = ['.avif', '.bmp', '.gif', '.heic', '.heif', '.jxl', '.ppm', '.pgm']

/** `out` is what `--out` said: a folder when it is one, ends with a separator, or has no ending of an image. */
interface OutWish extends Omit<TargetWish, 'isFolder'> {
  /** Whether just one file was named as input. */
  single: boolean
}

/**
 * @throws DarkroomError `usage` when several results would go to one file, or to a kind that cannot be written, or
 *   when results are named by a pattern and `--out` is a file
 */
export async function targetsOf(
  sources: readonly Input[],
  { single, ...wish }: OutWish,
): Promise<Targets> {
  const { out, nameOf } = wish
  const ending = extname(out).toLowerCase()
  const exists = await promises.stat(out).catch(() => null)
  const slash = out.endsWith('/') || out.endsWith(sep)
  if (!exists?.isDirectory() && !slash) {
    if (unwritten.includes(ending)) throw usage(m.cli_format_unwritable({ ending }))
    const written = formatOfEnding(ending)
    if ((written && !single) || (nameOf && (written || exists)))
      throw usage(m.cli_out_needs_folder({ out }))
    if (written || exists) return new Targets(sources, { ...wish, isFolder: false })
  }
  return new Targets(sources, { ...wish, isFolder: true })
}
