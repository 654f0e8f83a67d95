/** For tests only: file operations in which each single call can fail, stop half-way or be the last one. */
import type { FileOperations, OpenFile } from '../fileOperations'

/** Called before every operation with its number (from 0) and name; throws to make it fail. */
export type Before = (index: number, name: string) => void | Promise<void>

export interface FaultOptions {
  before: Before
  /** How many of the wanted bytes a write really takes. */
  take?: (wanted: number) => number
}

/** The operations of `real`, each announced to `before`. */
export function withFaults(real: FileOperations, { before, take }: FaultOptions): FileOperations {
  let count = 0
  const step = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    await before(count++, name)
    return action()
  }
  const wrap = (file: OpenFile, prefix: string): OpenFile => ({
    write: (bytes, offset, length, position) =>
      step(`${prefix}write`, () => {
        const taken = take?.(length) ?? length
        return taken === 0 ? Promise.resolve(0) : file.write(bytes, offset, taken, position)
      }),
    read: (into, position) => step(`${prefix}read`, () => file.read(into, position)),
    size: () => step(`${prefix}size`, () => file.size()),
    chmod: (mode) => step(`${prefix}chmod`, () => file.chmod(mode)),
    sync: () => step(`${prefix}sync`, () => file.sync()),
    close: async () => {
      // Whatever close reports, the descriptor is gone: closed first, so that no fault leaks one.
      await file.close()
      await step(`${prefix}close`, () => Promise.resolve())
    },
  })
  return {
    look: (path) => step('look', () => real.look(path)),
    checkWritable: (path) => step('checkWritable', () => real.checkWritable(path)),
    create: async (path) => wrap(await step('create', () => real.create(path)), ''),
    openFolder: async (path) =>
      wrap(await step('folder.open', () => real.openFolder(path)), 'folder.'),
    rename: (from, to) => step('rename', () => real.rename(from, to)),
    link: (from, to) => step('link', () => real.link(from, to)),
    remove: (path) => step('remove', () => real.remove(path)),
  }
}

/** An error as the system gives it. */
export const systemError = (code: string): Error => Object.assign(new Error(code), { code })
