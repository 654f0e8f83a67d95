import type { DataCard, LibraryItem } from '../../../shared/training'

/** A data set that items were made with. */
export interface DataSet {
  card: DataCard
  users: LibraryItem[]
}

/** Each data set once, by its hash, with the items that were made with it. */
export function dataSetsOf(items: readonly LibraryItem[]): DataSet[] {
  const sets = new Map<string, DataSet>()
  for (const item of items) {
    if (!item.data) continue
    const known = sets.get(item.data.hash)
    if (known) known.users.push(item)
    else sets.set(item.data.hash, { card: item.data, users: [item] })
  }
  return [...sets.values()]
}
