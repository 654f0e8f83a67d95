/**
 * For tests only: a process that works on a library and is killed while it does.
 * `node libraryChild.mjs FOLDER at ACT N` kills itself before I/O operation N of one act (half-way through, if it is a write);
 * `node libraryChild.mjs FOLDER loop` acts on and on; each act is told on stdout before it begins and once it is done;
 * `node libraryChild.mjs FOLDER rounds N` acts so often beside others and tells in the end what must be there;
 * `node libraryChild.mjs FOLDER lock NAME` tries to get an item, tells whether it did, and holds it until its input ends.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { realFiles } from '../fileOperations'
import { Library } from '../library'
import type { LibraryAct } from './libraryActs'
import { actOn } from './libraryActs'
import { withFaults } from './faults'
import { sampleRun } from './runs'

const [folder = '', mode = '', act = '', argument = ''] = process.argv.slice(2)

const never = new Promise<never>(() => undefined)
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return never
}
const tell = (what: object): void => void writeSync(1, `${JSON.stringify(what)}\n`)

async function loop(): Promise<void> {
  const library = new Library({ folder })
  const [main] = (await library.list()).items
  const item = main?.item ?? ''
  await library.lock(item)
  const given = join(folder, '..', 'given.ldm')
  for (let round = 1; ; round++) {
    const save = async (version: number): Promise<void> => {
      tell({ begin: { act: 'save', item, name: 'first', version } })
      await library.write(item, sampleRun({ version }))
      tell({ done: { act: 'save', item, name: 'first', version } })
    }
    const make = async (
      work: () => Promise<{ item: string; name: string }>,
      version: number,
    ): Promise<string> => {
      tell({ begin: { act: 'make' } })
      const made = await work()
      tell({ done: { act: 'make', item: made.item, name: made.name, version } })
      return made.item
    }
    const change = async (
      name: 'rename' | 'trash' | 'restore',
      of: string,
      work: () => Promise<unknown>,
    ): Promise<void> => {
      tell({ begin: { act: name, item: of, name: `named ${round}` } })
      await work()
      tell({ done: { act: name, item: of, name: `named ${round}` } })
    }
    await save(2 * round)
    const made = await make(() => library.create('made', sampleRun({ version: 7 })), 7)
    await change('rename', made, () => library.rename(made, `named ${round}`))
    await save(2 * round + 1)
    const copy = await make(() => library.duplicate(made), 7)
    await change('trash', copy, () => library.trash(copy))
    const other = await make(() => library.importFile(given), 9)
    await change('restore', copy, () => library.restore(copy))
    for (const each of [copy, other, made]) await change('trash', each, () => library.trash(each))
    tell({ begin: { act: 'empty' } })
    await library.emptyTrash({ remove: true })
    tell({ done: { act: 'empty' } })
  }
}

async function at(): Promise<void> {
  let half = false
  let armed = false
  let index = 0
  const files = withFaults(realFiles, {
    before: async (_index, name) => {
      if (!armed) return
      const isIt = index++ === Number(argument)
      if (half || (isIt && name !== 'write')) await die()
      half = isIt // of a write, half is taken first
    },
    take: (wanted) => (half ? Math.ceil(wanted / 2) : wanted),
  })
  const library = new Library({ folder, files })
  await library.list()
  armed = true
  await actOn(library, act as LibraryAct)
}

async function rounds(count: number): Promise<void> {
  const library = new Library({ folder })
  const made: { item: string; version: number; name: string | null }[] = []
  for (let round = 0; round < count; round++) {
    const { item } = await library.create('run', sampleRun())
    const release = await library.lock(item)
    await library.write(item, sampleRun({ version: round + 2 }))
    const { name } = await library.rename(item, `${process.pid} in round ${round}`)
    await library.write(item, sampleRun({ version: round + 3 }))
    await release()
    const copy = await library.duplicate(item)
    await library.trash(copy.item)
    await library.restore(copy.item)
    await library.list()
    made.push({ item, version: round + 3, name }, { ...copy, version: round + 3 })
  }
  tell(made)
}

async function lock(name: string): Promise<void> {
  const library = new Library({ folder })
  const { item } = await library.find(name)
  const got = await library.lock(item).then(
    () => true,
    () => false,
  )
  tell({ got })
  process.stdin.resume()
}

const modes: Record<string, () => Promise<void>> = {
  loop,
  at,
  rounds: () => rounds(Number(act)),
  lock: () => lock(act),
}
void modes[mode]?.()
