/** What results are called, and which inputs are results of an earlier run. */
import { basename, dirname, join, parse, sep } from 'node:path'
import { exportFormats, formatOfEnding } from '../../../shared/exportFormats'
import type { ExportFormat } from '../../../shared/types'
import { imageFormatOf } from '../codec'
import { realPathOf, type Input } from './inputs'
import type { TargetWish } from './targets'

interface Names {
  format: ExportFormat
  /** The paths that the result may get, the best first; by a pattern only one. */
  paths: Iterable<string>
}

/**
 * What the result of an input may be called in a folder: as the input where its ending says the format; else with the
 * format's ending; else with both; else numbered. Of the input only the first bytes are read.
 * @throws DarkroomError as `imageFormatOf`
 */
export async function namesOf({ path, place }: Input, wish: TargetWish): Promise<Names> {
  const { out, nameOf } = wish
  const found = await imageFormatOf(path)
  const format = wish.format ?? (found === 'avif' ? 'png' : found)
  const { dir, name: own, ext } = parse(place)
  const name = nameOf?.(own) ?? own
  const kept = formatOfEnding(ext) === format
  const ending = `.${exportFormats[format].endings[0]}`
  function* paths(): Generator<string> {
    yield join(out, dir, kept ? name + ext : name + ending)
    if (nameOf) return
    yield join(out, dir, name + ext + ending)
    // from 4, as results that are there already are numbered: a later run finds them
    for (let count = 4; ; count++) yield join(out, dir, `${name}${ext}-${count}${ending}`)
  }
  return { format, paths: paths() }
}

/** The inputs that lie where the result of another one goes, each with that other one. */
export async function resultsAmong(
  inputs: readonly Input[],
  wish: TargetWish,
): Promise<Map<Input, Input>> {
  const byPath = new Map<string, Input>()
  for (const input of inputs) byPath.set(await realPathOf(input.path), input)
  const results = new Map<Input, Input>()
  const out = (await realPathOf(wish.out)) + sep
  // not to open thousands of files for nothing: most results go elsewhere
  if (![...byPath.keys()].some((path) => path.startsWith(out))) return results
  const used = new Set<string>()
  for (const [own, input] of byPath) {
    const names = await namesOf(input, wish).catch(() => null) // it will fail by name
    for (const path of names?.paths ?? []) {
      // links to folders are followed, a link to a file is not: what it leads to is no result
      const target = join(await realPathOf(dirname(path)), basename(path))
      if (target === own) break
      if (used.has(target.toLowerCase())) continue
      used.add(target.toLowerCase())
      const there = byPath.get(target)
      if (there) results.set(there, input)
      break
    }
  }
  return results
}
