/** Reads a part of a container: its header alone, or some of its tensors. Cheap, and without the checksum of the whole. */
import type { Stats } from 'node:fs'
import { promises } from 'node:fs'
import { basename } from 'node:path'
import type { ContainerHeader, Tensor } from './container'
import {
  asSourceError,
  checkPrefix,
  damaged,
  footerBytes,
  littleEndian,
  parseHeader,
  prefixBytes,
  sizeOf,
} from './container'

/** Most headers fit into this, so that one read is enough. */
const firstRead = 16 * 1024

/** A header, and what the system says of its file at the time it was read. */
export interface HeaderOfFile {
  header: ContainerHeader
  state: Stats
}

/**
 * Reads the header and checks that the file is as long as the header says. The values are not looked at: damage in
 * them is found by `readContainer`.
 * @throws DarkroomError as `readContainer`
 */
export async function readContainerHeader(path: string): Promise<HeaderOfFile> {
  return withFile(path, (handle) => headerOf(handle, basename(path)))
}

/**
 * Reads the header and the tensors that are asked for; those that are not in the file are left out.
 * @throws DarkroomError as `readContainer`
 */
export async function readContainerTensors(
  path: string,
  wanted: (name: string) => boolean,
): Promise<HeaderOfFile & { tensors: Map<string, Tensor> }> {
  const name = basename(path)
  return withFile(path, async (handle) => {
    const { header, state } = await headerOf(handle, name)
    const tensors = new Map<string, Tensor>()
    let position = state.size - footerBytes - valueBytes(header)
    for (const { name: tensor, shape } of header.tensors) {
      const bytes = sizeOf(shape) * 4
      if (wanted(tensor)) {
        const data = new Float32Array(bytes / 4)
        const part = Buffer.from(data.buffer)
        const { bytesRead } = await handle.read(part, 0, bytes, position)
        if (bytesRead < bytes) throw damaged(name, 'it is cut short')
        if (!littleEndian) part.swap32()
        tensors.set(tensor, { shape, data })
      }
      position += bytes
    }
    return { header, state, tensors }
  })
}

const valueBytes = ({ tensors }: ContainerHeader): number =>
  tensors.reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0)

async function headerOf(handle: promises.FileHandle, name: string): Promise<HeaderOfFile> {
  const state = await handle.stat()
  const first = Buffer.alloc(Math.min(firstRead, Math.max(prefixBytes, state.size)))
  const { bytesRead } = await handle.read(first, 0, first.length, 0)
  const start = first.subarray(0, bytesRead)
  const end = prefixBytes + checkPrefix(start, state.size, name)
  const all = Buffer.alloc(end)
  start.copy(all)
  if (end > bytesRead) {
    const rest = await handle.read(all, bytesRead, end - bytesRead, bytesRead)
    if (rest.bytesRead < end - bytesRead) throw damaged(name, 'it is cut short')
  }
  const header = parseHeader(all.subarray(prefixBytes), name)
  const expected = end + valueBytes(header) + footerBytes
  if (expected !== state.size) {
    throw damaged(name, `expected ${expected} bytes, found ${state.size}`)
  }
  return { header, state }
}

async function withFile<T>(
  path: string,
  use: (handle: promises.FileHandle) => Promise<T>,
): Promise<T> {
  try {
    const handle = await promises.open(path, 'r')
    try {
      return await use(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw asSourceError(error, basename(path))
  }
}
