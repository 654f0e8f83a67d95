/** A file of the library is a run, or a model of the Denoise screen that was imported. */
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { ModelCard } from '../../../shared/types'
import { modelCard } from '../../../shared/types'
import type { Container } from './container'
import { damaged, encodeContainer, readContainer } from './container'
import type { RunFile } from './runFile'
import { encodeRun, isNewer, runOf } from './runFile'

export type LibraryFile =
  | { kind: 'run'; run: RunFile; newer: boolean }
  | { kind: 'denoiser'; container: Container; card: ModelCard }

/** Reads a file, whole and checked. @throws DarkroomError as `readRun` */
export async function readLibraryFile(path: string): Promise<LibraryFile> {
  const { header, tensors } = await readContainer(path)
  const file = basename(path)
  if (header.kind === 'denoiser') {
    return {
      kind: 'denoiser',
      container: { header, tensors },
      card: denoiserCard(header.card, file),
    }
  }
  return { kind: 'run', run: runOf({ header, tensors }, file), newer: isNewer(header['format']) }
}

/** The card of a denoiser's header. @throws DarkroomError `model-damaged` */
export function denoiserCard(given: unknown, file: string): ModelCard {
  const card = modelCard.safeParse(given)
  if (!card.success) throw damaged(file, `it has no proper card: ${card.error.message}`)
  return card.data
}

export const nameOf = (file: LibraryFile): string =>
  file.kind === 'run' ? file.run.card.name : file.card.name

/** The bytes of a file under a name. */
export function encodeLibraryFile(file: LibraryFile, name: string): Uint8Array {
  if (file.kind === 'run') return encodeRun({ ...file.run, card: { ...file.run.card, name } })
  const { header, tensors } = file.container
  return encodeContainer({ header: { ...header, card: { ...file.card, name } }, tensors })
}

/** The error of what only a run can do. */
export function notARun(name: string): DarkroomError {
  const reason = 'it is a denoiser of photos'
  return new DarkroomError('model-unsuitable', `${name}: ${reason}`, { model: name, reason })
}
