import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { ModelExport, ResultOf, WindowRequests } from '../../../shared/contract'
import { m } from '../../../shared/messages/compiled/messages'
import type { LibraryItem, Preview } from '../../../shared/training'
import type { Ask } from '../bridge'
import { dataSetsOf } from './dataSets'
import { coalesced } from './frames'
import type { Notices } from './notices.svelte'

type Listing = ResultOf<WindowRequests, 'library.list'>
export type LibraryView = 'items' | 'data' | 'trash'

/** What a notice can do: bring back what was just put into the trash, show where a file went. */
interface Surroundings {
  ask: Ask
  notices: Notices
}

/** What is in the library, and what can be done with it. */
export class LibraryState {
  items = $state.raw<readonly LibraryItem[]>([])
  setAside = $state.raw<Listing['setAside']>([])
  /** What all of it takes on disk: the items as they are now, and the rest as it was when the list was read. */
  readonly bytes = $derived.by(() => ownBytes(this.items) + this.#otherBytes)
  trashed = $state.raw<readonly LibraryItem[]>([])
  loaded = $state(false)
  view = $state.raw<LibraryView>('items')
  selected = $state.raw<string | null>(null)
  /** The item whose name is being changed in its place. */
  renaming = $state.raw<string | null>(null)
  /** What each model makes, as far as it was asked for; null where there is nothing to show yet. */
  readonly previews = new SvelteMap<string, Preview | null>()
  /** What is being written or read, in words. */
  working = $state.raw<(() => string) | null>(null)
  readonly active = $derived(this.find(this.selected))
  readonly dataSets = $derived(dataSetsOf(this.items))
  /** Notices that offer to take something out of the trash again, by the item. */
  readonly #undoable = new SvelteMap<string, number>()
  #otherBytes = $state.raw(0)
  readonly #around: Surroundings
  readonly #reload: () => void
  #queue: Promise<void> = Promise.resolve()
  #wanted = new SvelteSet<string>()

  constructor(around: Surroundings) {
    this.#around = around
    this.#reload = coalesced(() => void this.load().catch(around.notices.fail))
  }

  async load(): Promise<void> {
    const [listing, trashed] = await Promise.all([
      this.#around.ask('library.list', {}),
      this.#around.ask('library.trashed', {}),
    ])
    this.items = listing.items
    this.setAside = listing.setAside
    this.#otherBytes = Math.max(0, listing.bytes - ownBytes(listing.items))
    this.trashed = trashed
    this.loaded = true
  }

  find(item: string | null): LibraryItem | null {
    return this.items.find((each) => each.item === item) ?? null
  }

  /** Main says that something changed: one item, or something else, so that the list is asked for. */
  changed(item: LibraryItem | null): void {
    if (item) this.put(item)
    else this.#reload()
  }

  /** An item as the engine has just given it. */
  put(item: LibraryItem): void {
    const known = this.items.some((each) => each.item === item.item)
    this.items = known
      ? this.items.map((each) => (each.item === item.item ? item : each))
      : [item, ...this.items]
    this.forgetPreview(item.item)
  }

  /** Asks for a thumbnail, one after another; what was asked for already is not asked for again. */
  want(item: string): void {
    if (this.#wanted.has(item)) return
    this.#wanted.add(item)
    this.#queue = this.#queue.then(async () => {
      try {
        const preview = await this.#around.ask('library.preview', { item })
        this.previews.set(item, preview)
      } catch {
        this.previews.set(item, null) // no picture: the list names what is damaged
      }
    })
  }

  /** The next look at it asks anew; until then the old picture stays. */
  forgetPreview(item: string): void {
    this.#wanted.delete(item)
  }

  beginRenaming(item: string): void {
    this.renaming = item
  }

  rename(item: string, name: string): Promise<boolean> {
    return this.#try(async () => this.put(await this.#around.ask('library.rename', { item, name })))
  }

  duplicate(item: string): Promise<boolean> {
    return this.#try(async () => {
      const copy = await this.#around.ask('library.duplicate', { item })
      this.put(copy)
      this.selected = copy.item
    })
  }

  trash({ item, name }: LibraryItem): Promise<boolean> {
    return this.#try(async () => {
      await this.#around.ask('library.trash', { item })
      const next = neighbour(this.items, item)
      if (this.selected === item) this.selected = next
      await this.load()
      const notice = this.#around.notices.add({
        kind: 'information',
        text: () => m.library_trashed({ name }),
        action: { label: m.undo, run: () => void this.restore(item) },
      })
      this.#undoable.set(item, notice)
    })
  }

  restore(item: string): Promise<boolean> {
    return this.#try(async () => {
      this.#noLongerUndoable(item)
      const restored = await this.#around.ask('library.restore', { item })
      await this.load()
      this.put(restored)
      this.selected = restored.item
    })
  }

  emptyTrash(): Promise<boolean> {
    return this.#try(async () => {
      for (const item of this.#undoable.keys()) this.#noLongerUndoable(item)
      await this.#around.ask('library.emptyTrash', {})
      await this.load()
    })
  }

  /** Asks for a place and writes there; tells where it went. */
  export(item: LibraryItem, as: ModelExport): Promise<boolean> {
    const { ask, notices } = this.#around
    return this.#try(async () => {
      const suggestedName = exportName(item.name, as)
      const target = await ask('files.chooseModelExport', { suggestedName, as })
      if (!target) return
      this.working = () => m.library_exporting({ name: target.name })
      await ask('library.export', { item: item.item, as, file: target.file })
      const reveal = () => void this.#try(() => ask('files.reveal', { file: target.file }))
      notices.add({
        kind: 'success',
        text: () => m.library_exported({ name: target.name }),
        action: { label: m.export_reveal, run: reveal },
      })
    })
  }

  async chooseAndImport(): Promise<void> {
    await this.#try(async () => {
      const chosen = await this.#around.ask('files.chooseFile', { kind: 'model' })
      if (chosen) await this.import([chosen])
    })
  }

  /** Takes files in, one after another; one that fails is named and does not stop the others. */
  async import(files: readonly { file: string; name: string }[]): Promise<void> {
    for (const { file, name } of files) {
      await this.#try(async () => {
        this.working = () => m.library_importing({ name })
        const imported = await this.#around.ask('library.import', { file })
        this.put(imported)
        this.view = 'items'
        this.selected = imported.item
        this.#around.notices.add({
          kind: 'success',
          text: () => m.library_imported({ name: imported.name }),
        })
      })
    }
  }

  #noLongerUndoable(item: string): void {
    const notice = this.#undoable.get(item)
    if (notice !== undefined) this.#around.notices.dismiss(notice)
    this.#undoable.delete(item)
  }

  /** True when it went well; a failure is told. */
  async #try(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      this.#around.notices.failAsked(error)
      return false
    } finally {
      this.working = null
    }
  }
}

/** `mnist-vae`, `mnist-vae-encoder`: the name of a file or folder to be proposed. */
function exportName(name: string, as: ModelExport): string {
  const parts: Record<ModelExport, string> = {
    model: '.ldm',
    run: '-run.ldm',
    savedmodel: '-savedmodel',
    'savedmodel-encoder': '-encoder',
    'savedmodel-decoder': '-decoder',
  }
  return name + parts[as]
}

const ownBytes = (items: readonly LibraryItem[]): number =>
  items.reduce((sum, { bundled, bytes }) => (bundled ? sum : sum + bytes), 0)

/** What is to be looked at when an item is gone. */
function neighbour(items: readonly LibraryItem[], item: string): string | null {
  const index = items.findIndex((each) => each.item === item)
  return (items[index + 1] ?? items[index - 1])?.item ?? null
}
