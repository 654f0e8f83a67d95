/** What an item can be exported as. */
import type { ModelExport } from '../../../../shared/contract'
import { m } from '../../../../shared/messages/compiled/messages'
import type { LibraryItem } from '../../../../shared/training'

/** A run's whole file only where there is a run; the halves of a network only where it has two. */
export function exportChoices({ kind, config }: LibraryItem): { as: ModelExport; label: string }[] {
  const halves = kind !== 'photo-denoiser' && kind !== 'denoiser'
  const choice = (as: ModelExport, label: string) => ({ as, label })
  return [
    choice('model', m.library_export_model()),
    ...(config ? [choice('run', m.library_export_run())] : []),
    choice('savedmodel', m.library_export_savedmodel()),
    ...(halves
      ? [
          choice('savedmodel-encoder', m.library_export_encoder()),
          choice('savedmodel-decoder', m.library_export_decoder()),
        ]
      : []),
  ]
}
