/**
 * For tests only: a process that writes files and is killed while it does.
 * `node crashChild.js TARGET at N` kills itself before operation N of one write (and half-way through, if it is a write);
 * `node crashChild.js TARGET loop` writes version after version and reports each finished one on stdout.
 */
import { writeSync } from 'node:fs'
import { writeFileAtomically } from '../atomicWriter'
import { realFiles } from '../fileOperations'
import { useJournal } from '../journal'
import { versionBytes } from './versions'
import { withFaults } from './faults'

const [target = '', mode = '', argument = ''] = process.argv.slice(2)

const never = new Promise<never>(() => undefined)
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return never
}

async function main(): Promise<void> {
  if (process.env['JOURNAL']) useJournal(process.env['JOURNAL'])
  if (mode === 'loop') {
    for (let version = 1; ; version++) {
      await writeFileAtomically(target, versionBytes(version))
      writeSync(1, `${version}\n`)
    }
  }
  let half = false
  const files = withFaults(realFiles, {
    before: async (index, name) => {
      if (half || (index === Number(argument) && name !== 'write')) await die()
      half = index === Number(argument) // of a write, half is taken first
    },
    take: (wanted) => (half ? Math.ceil(wanted / 2) : wanted),
  })
  await writeFileAtomically(target, versionBytes(1), { files })
}

void main()
