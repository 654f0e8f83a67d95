import type { FileHandle, TargetKind } from '../../../shared/contract'
import { m } from '../../../shared/messages/compiled/messages'
import type { Ask } from '../bridge'
import type { Notices } from './notices.svelte'

/**
 * Asks where to, writes there, and tells of it with a button that shows the file. Nothing is written where no place was
 * chosen; a failure is told.
 * @param said what is told of a file's name
 */
export async function exportTo(
  { ask, notices }: { ask: Ask; notices: Notices },
  target: { suggestedName: string; kind: TargetKind },
  write: (chosen: FileHandle) => Promise<{ name: string }>,
  said: (words: { name: string }) => string = m.export_done,
): Promise<void> {
  try {
    const chosen = await ask('files.chooseTarget', target)
    if (!chosen) return
    const { name } = await write(chosen)
    const reveal = () => void ask('files.reveal', { file: chosen.file }).catch(notices.fail)
    notices.add({
      kind: 'success',
      text: () => said({ name }),
      action: { label: m.export_reveal, run: reveal },
    })
  } catch (error) {
    notices.failAsked(error)
  }
}
