/** Files of the library that cannot be used lie in a folder of their own, each with the reason beside it. */
import { promises } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import type { DarkroomError } from '../../../shared/errors'
import { errorToData } from '../../../shared/errors'
import { errorData } from '../../../shared/types'
import { writeFileAtomically } from './atomicWriter'
import { damaged } from './container'
import type { FileOperations } from './fileOperations'
import { moveFile } from './moves'
import { isTemporaryName } from './temporaryFiles'

const reasonEnding = '.reason'

export interface SetAside {
  file: string
  error: z.infer<typeof errorData>
}

/** A file as it was when it was found useless. */
export interface Judged {
  path: string
  ino: number
}

/**
 * Moves a file away, its reason first. Whoever replaced it meanwhile by a good one keeps that.
 * @returns the name it has there; null when it is not there any more
 * @throws DarkroomError when nothing can be moved (a read-only disk)
 */
export async function setAside(
  { path, ino }: Judged,
  folder: string,
  error: DarkroomError,
  files: FileOperations,
): Promise<string | null> {
  const isIt = async (at: string): Promise<boolean> =>
    (await promises.lstat(at).catch(() => null))?.ino === ino
  if (!(await isIt(path))) return null
  await promises.mkdir(folder, { recursive: true }).catch(() => undefined)
  const name = await freeName(folder, basename(path))
  const target = join(folder, name)
  const reason = Buffer.from(JSON.stringify(errorToData(error)))
  await writeFileAtomically(target + reasonEnding, reason, { files })
  await moveFile(path, target, files)
  if (await isIt(target)) return name
  // It was replaced between the look and the move: back with it, unless yet another is there.
  await files.link(target, path).catch(() => undefined)
  await files.remove(target).catch(() => undefined)
  await files.remove(target + reasonEnding).catch(() => undefined)
  return null
}

/** What was set aside, and why. */
export async function listSetAside(folder: string): Promise<SetAside[]> {
  const names = await promises.readdir(folder).catch(() => [])
  const kept = names.filter((name) => !name.endsWith(reasonEnding) && !isTemporaryName(name))
  return Promise.all(
    kept.sort().map(async (file) => ({ file, error: await reasonOf(folder, file) })),
  )
}

/** Removes reasons without a file, which a killed process left. */
export async function sweepReasons(folder: string): Promise<void> {
  const names = await promises.readdir(folder).catch(() => [])
  const there = new Set(names)
  const alone = names.filter(
    (name) => name.endsWith(reasonEnding) && !there.has(name.slice(0, -reasonEnding.length)),
  )
  for (const name of alone) await promises.unlink(join(folder, name)).catch(() => undefined)
}

async function reasonOf(folder: string, file: string): Promise<SetAside['error']> {
  const text = await promises.readFile(join(folder, file + reasonEnding), 'utf8').catch(() => '')
  try {
    return errorData.parse(JSON.parse(text))
  } catch {
    return errorToData(damaged(file, 'its reason was lost'))
  }
}

/** The name, or one with a number, of nothing that is there. */
async function freeName(folder: string, name: string): Promise<string> {
  const there = new Set(await promises.readdir(folder).catch(() => []))
  const free = (each: string): boolean => !there.has(each) && !there.has(each + reasonEnding)
  let candidate = name
  for (let number = 2; !free(candidate); number++) candidate = `${number}-${name}`
  return candidate
}
