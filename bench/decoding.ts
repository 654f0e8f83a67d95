/**
 * Images encoded and codes decoded in a second with the bundled VAE (784-500-500-20 and back), numbers in and numbers out:
 * one at a time, as the scrubber asks, and 256 together, beside the same network in Keras and PyTorch. Alternating runs.
 * Usage: npm run bench:decoding -- [pairs]
 */
import { join } from 'node:path'
import { openAutoencoder } from '../src/main/engine/models/openAutoencoder'
import { trainedModel } from '../src/main/engine/runs/trainedModel'
import { threads } from '../src/main/engine/runtime/environment'
import { readRun } from '../src/main/engine/store/runFile'
import { median, Peer } from './peer'

const workloads = [
  { do: 'decode', rows: 1, repetitions: 300 },
  { do: 'decode', rows: 256, repetitions: 40 },
  { do: 'encode', rows: 256, repetitions: 40 },
] as const

async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? 9)
  const model = trainedModel(await readRun(join(process.cwd(), 'resources/models/digits-vae.ldm')))
  if (model.kind !== 'autoencoder') throw new Error('Expected the bundled VAE.')
  const autoencoder = openAutoencoder(model)
  const peers = [
    new Peer('Keras', 'decoding_keras.py', threads),
    new Peer('PyTorch', 'decoding_pytorch.py', threads),
  ]
  console.log(`${threads} threads, ${pairs} alternating runs, a second (median)`)
  for (const workload of workloads) {
    const { rows, repetitions } = workload
    const decoding = workload.do === 'decode'
    const width = decoding ? model.config.latent : 784
    const given = Float32Array.from({ length: rows * width }, () => Math.random())
    const once = (): unknown => (decoding ? autoencoder.decode(given) : autoencoder.encode(given))
    for (let i = 0; i < 5; i++) once()
    const times: number[][] = []
    for (let run = 0; run < pairs; run++) {
      const begun = performance.now()
      for (let i = 0; i < repetitions; i++) once()
      const row = [(performance.now() - begun) / repetitions]
      for (const peer of peers) row.push(await peer.ask(workload))
      times.push(row)
    }
    const perSecond = (k: number): string =>
      ((1000 * rows) / median(times.map((row) => row[k] as number))).toFixed(0)
    const ratio = median(times.map(([own = 0, ...others]) => own / Math.min(...others)))
    const theirs = peers.map(({ name }, k) => `${name} ${perSecond(k + 1)}`).join(', ')
    console.log(
      `${workload.do} ${rows} at a time: ours ${perSecond(0)}, ${theirs}; time to the faster's ${ratio.toFixed(2)}`,
    )
  }
  peers.forEach((peer) => peer.close())
  autoencoder.close()
}

void main()
