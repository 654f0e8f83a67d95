/**
 * What the library costs: a checkpoint of ten megabytes (encoding, which training waits for; and with the writing, which
 * it does not), and the listing of 500 items, cold and with the index. Medians, in milliseconds.
 * Usage: npm run bench:library [-- FOLDER], in whose file system the library is made.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Library } from '../src/main/engine/store/library'
import { encodeRun } from '../src/main/engine/store/runFile'
import { sampleRun } from '../src/main/engine/store/testing/runs'

const items = 500
const repeats = 11
/** A checkpoint has the best weights, the last ones and two moments, 4 bytes a number. */
const megabytes = 10
const secondsBetween = 30

async function median(work: () => unknown, prepare: () => void = () => undefined): Promise<number> {
  const times: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    prepare()
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[(repeats - 1) / 2] ?? NaN
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'library-'))
  try {
    const library = new Library({ folder })
    const file = sampleRun({ weights: (megabytes * 1e6) / 16 })
    const { item } = await library.create('checkpoint', file)
    const release = await library.lock(item)
    const encode = await median(() => encodeRun(file))
    const save = await median(() => library.write(item, file))
    await release()
    const other = await library.create('other', sampleRun())
    for (let index = 2; index < items; index++) {
      copyFileSync(library.pathOf(other.item), library.pathOf(`copy-${index}`))
    }
    const forget = (): void => rmSync(library.folders.index, { force: true })
    const cold = await median(() => new Library({ folder }).list(), forget)
    const indexed = await median(() => new Library({ folder }).list())
    const again = await median(() => library.list())
    const share = (milliseconds: number): string =>
      `${((100 * milliseconds) / (secondsBetween * 1000)).toFixed(2)} % of ${secondsBetween} s`
    console.log(`${megabytes} MB encoded: ${encode.toFixed(1)} ms, ${share(encode)}`)
    console.log(`${megabytes} MB saved: ${save.toFixed(1)} ms, ${share(save)}`)
    console.log(`${items} items listed cold: ${cold.toFixed(0)} ms`)
    console.log(`${items} items listed by the index: ${indexed.toFixed(0)} ms`)
    console.log(`${items} items listed again: ${again.toFixed(0)} ms`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

void main()
