import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'

/** An array of bytes cannot be longer in every runtime there is. */
const largestArray = 2 ** 31 - 1

/**
 * Bytes that one data set may take: a third of the memory that is free, because TensorFlow has a copy of it and
 * training needs room as well; 2 GiB at most.
 */
export const memoryForData = (): number => Math.min(largestArray, Math.floor(freeMemory() / 3))

/** Linux counts as free what its caches hold only in `MemAvailable`, which older runtimes do not ask for. */
function freeMemory(): number {
  try {
    const kibibytes = /^MemAvailable:\s*(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {
    // no Linux
  }
  return freemem()
}
