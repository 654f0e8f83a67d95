// placeholder until the store's own lands; replace it
import type { Emit, EngineHandlers } from '../../../shared/contract'
import type { Library } from './library'
export type LibraryRequest = 'library.list' | 'library.history' | 'library.preview' | 'library.rename' | 'library.duplicate' | 'library.trash' | 'library.restore' | 'library.trashed' | 'library.export' | 'library.import' | 'library.emptyTrash'
export function libraryHandlers(_library: Library, _services: { pause(item: string, emit: Emit): Promise<void>; exportSavedModel(...args: never[]): Promise<unknown> }): Pick<EngineHandlers, LibraryRequest> {
  return {} as never
}
