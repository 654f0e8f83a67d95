/**
 * How the time of a training step grows with the width of a network, the batch and the side of the images, ours beside
 * Keras and PyTorch: one drawing a network, written to `bench/growth-NAME.svg`. Each point is the median of alternating runs.
 * Usage: npm run bench:growth -- [pairs] [workload,workload]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { threads } from '../src/main/engine/runtime/environment'
import { compare } from './compare'
import { drawPanels, type Panel } from './drawing'
import { trainingPeers } from './peer'
import { workloads, type Size, type WorkloadName } from './workloads'

const steps: Record<WorkloadName, Record<keyof Size, number[]>> = {
  mlp: { width: [0.5, 1, 2, 4], batch: [32, 64, 128, 256], side: [16, 28, 48, 64] },
  'conv-autoencoder': { width: [0.25, 0.5, 1, 1.5], batch: [32, 64, 128, 256], side: [16, 28, 40] },
  'conv-vae': { width: [0.25, 0.5, 1, 1.5], batch: [32, 64, 128, 256], side: [16, 28, 40] },
  denoiser: { width: [0.25, 0.5, 1], batch: [4, 8, 16, 32], side: [24, 48, 64] },
}
const labels: Record<keyof Size, string> = {
  width: 'width (1 is the usual)',
  batch: 'images in a batch',
  side: 'pixels a side',
}

async function main(): Promise<void> {
  const [pairs = '5', names = 'mlp,conv-autoencoder'] = process.argv.slice(2)
  const peers = trainingPeers(threads)
  for (const name of names.split(',') as WorkloadName[]) {
    const panels: Panel[] = []
    for (const axis of ['width', 'batch', 'side'] satisfies (keyof Size)[]) {
      const lines = ['ours', ...peers.map((peer) => peer.name)].map((label) => ({
        label,
        points: [] as [number, number][],
      }))
      for (const value of steps[name][axis]) {
        const size = { ...workloads[name].usual, [axis]: value }
        const { ours, theirs } = await compare(peers, Number(pairs), name, size, 'float32')
        const times = [ours, ...theirs]
        times.forEach((time, k) => lines[k]?.points.push([value, time]))
        console.log(`${name}, ${axis} ${value}: ${times.map((t) => t.toFixed(2)).join(', ')}`)
      }
      panels.push({ label: labels[axis], lines })
    }
    const file = join('bench', `growth-${name}.svg`)
    writeFileSync(file, drawPanels(`${name}: milliseconds per training step`, panels))
    console.log(`drawn: ${file}`)
  }
  peers.forEach((peer) => peer.close())
}

void main()
