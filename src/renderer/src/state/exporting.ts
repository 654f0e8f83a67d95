import type { FileHandle, TargetKind } from '../../../shared/contract'
import { m } from '../../../shared/messages/compiled/messages'
import type { Ask } from '../bridge'
import type { Notices } from './notices.svelte'

type Around = { ask: Ask; notices: Notices }

/** Tells in `text` of a file that was written, with a button that shows where it is. */
export function tellWritten({ ask, notices }: Around, file: string, text: () => string): void {
  const reveal = () => void ask('files.reveal', { file }).catch(notices.failAsked)
  notices.add({ kind: 'success', text, action: { label: m.export_reveal, run: reveal } })
}

/**
 * Asks where to, writes there, and tells of it with a button that shows the file. Nothing is written where no place was
 * chosen; a failure is told.
 * @param said what is told of a file's name
 */
export async function exportTo(
  around: Around,
  target: { suggestedName: string; kind: TargetKind },
  write: (chosen: FileHandle) => Promise<{ name: string }>,
  said: (words: { name: string }) => string = m.export_done,
): Promise<void> {
  try {
    const chosen = await around.ask('files.chooseTarget', target)
    if (!chosen) return
    const { name } = await write(chosen)
    tellWritten(around, chosen.file, () => said({ name }))
  } catch (error) {
    around.notices.failAsked(error)
  }
}
