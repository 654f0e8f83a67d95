/** For tests only: acts on a library with one run in version 1, each tried under faults and kills at every operation. */
import type { Library } from '../library'
import { sampleRun, versionOfRun } from './runs'

export const libraryActs = ['write', 'create', 'rename', 'trash'] as const
export type LibraryAct = (typeof libraryActs)[number]

/** Does one act. */
export async function actOn(library: Library, act: LibraryAct): Promise<void> {
  const { item } = await library.find('first')
  if (act === 'write') await library.write(item, sampleRun({ version: 2 }))
  else if (act === 'create') await library.create('second', sampleRun({ version: 3 }))
  else if (act === 'rename') await library.rename(item, 'renamed')
  else await library.trash(item)
}

/** Everything in the library and its trash in a few words, read whole: `first 1`, `first 1 (trash)`. */
export async function contentsOf(library: Library): Promise<string[]> {
  const { items, setAside } = await library.list()
  const words = setAside.map(({ file, error }) => `${file} ${error.code}`)
  for (const { item } of items) {
    const file = await library.read(item)
    words.push(`${file.card.name} ${versionOfRun(file)}`)
  }
  const trashed = await library.trashed()
  return [...words, ...trashed.map(({ name }) => `${name} (trash)`)].sort()
}

/** What there is before each act, and after it. */
export const before = ['first 1']
export const after: Record<LibraryAct, string[]> = {
  write: ['first 2'],
  create: ['first 1', 'second 3'],
  rename: ['renamed 1'],
  trash: ['first (trash)'],
}
