/**
 * Memory. First the peak of a process that compiles a network and trains 60 steps (VmHWM, so all of the process: ours
 * with Node, the peers with Python), beside the peers; then what 5,000 steps add: the number of tensors must not change
 * and resident memory may grow by at most 4 MiB per 1,000 steps after step 500, or the bench fails.
 * Usage: npm run bench:memory
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { threads } from '../src/main/engine/runtime/environment'
import { tf } from '../src/main/engine/runtime/tensorflow'
import { trainingPeers } from './peer'
import { compile, randomBatch, workloads, type Size, type WorkloadName } from './workloads'

const MOST_PER_THOUSAND = 4

const status = (field: string): number => {
  const line = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(
    readFileSync('/proc/self/status', 'utf8'),
  )
  return Number(line?.[1]) / 1024
}

/** Trains in this process and prints its peak in MiB. */
function trainAndTell(name: WorkloadName): void {
  const { usual } = workloads[name]
  const { step } = compile(name, usual)
  const x = randomBatch(name, usual)
  for (let i = 0; i < 60; i++) step(x)
  console.log(status('VmHWM'))
}

/** MiB that resident memory grows by per 1,000 steps, between step 500 and 5,000; a small batch, for what leaks leaks a step. */
function growth(name: WorkloadName, size: Size): number {
  const { step, program } = compile(name, size)
  const x = randomBatch(name, size)
  for (let i = 0; i < 500; i++) step(x)
  const tensors = tf.memory().numTensors
  const before = status('VmRSS')
  for (let i = 500; i < 5000; i++) step(x)
  const grown = (status('VmRSS') - before) / 4.5
  if (tf.memory().numTensors !== tensors) throw new Error(`${name} leaks tensors`)
  x.dispose()
  program.close()
  return grown
}

async function main(): Promise<void> {
  console.log(`${threads} threads, peak MiB of a process that trains 60 steps`)
  for (const name of Object.keys(workloads) as WorkloadName[]) {
    const { usual } = workloads[name]
    const self = process.argv[1] as string
    const { stdout } = spawnSync(process.execPath, [self, 'train', name], { encoding: 'utf8' })
    const columns: string[] = []
    for (const peer of trainingPeers(threads)) {
      await peer.ask({ do: 'step', name, precision: 'float32', repetitions: 60, ...usual })
      columns.push(`${peer.name} ${(await peer.ask({ do: 'memory' })).toFixed(0)}`)
      peer.close()
    }
    console.log(`${name}: ours ${Number(stdout).toFixed(0)}, ${columns.join(', ')}`)
  }
  console.log('MiB more per 1,000 steps, between step 500 and 5,000')
  for (const name of Object.keys(workloads) as WorkloadName[]) {
    const grown = growth(name, { width: 0.5, batch: 8, side: name === 'denoiser' ? 12 : 28 })
    console.log(`${name}: ${grown.toFixed(2)}`)
    if (grown > MOST_PER_THOUSAND) process.exitCode = 1
  }
}

if (process.argv[2] === 'train') trainAndTell(process.argv[3] as WorkloadName)
else void main()
