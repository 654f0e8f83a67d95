/**
 * For tests only: an engine that trains what is in a library and is killed while it does.
 * `node trainChild.js LIBRARY` goes on with interrupted runs until nothing is left to do; says `step N` as it goes.
 */
import { writeSync } from 'node:fs'
import type { Emit, EngineEvents } from '../../../../shared/contract'
import { Library } from '../../store/library'
import { Runs } from '../runs'

const [folder = ''] = process.argv.slice(2)

const emit = ((name: keyof EngineEvents, payload: unknown) => {
  if (name !== 'train.progress') return
  const { progress } = payload as EngineEvents['train.progress']
  writeSync(1, `step ${progress.step}\n`)
}) as Emit

async function main(): Promise<void> {
  const library = new Library({ folder })
  const runs = new Runs({ library, places: { cache: null, denoisers: null } })
  await runs.resumeInterrupted(emit)
  await runs.idle()
  writeSync(1, 'done\n')
  process.kill(process.pid, 'SIGKILL')
}

void main()
