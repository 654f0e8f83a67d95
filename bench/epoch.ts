/**
 * Seconds for a whole epoch of 60,000 images of 28 × 28, data feeding and shuffling included. Ours: the bytes lie in the
 * session, a step is fed the places of its batch. Keras: `fit` from an array or from tf.data, whichever is faster.
 * PyTorch: bytes in one tensor, indexed a batch at a time with no loader between. Alternating runs, as elsewhere.
 * Usage: npm run bench:epoch -- [pairs] [items]
 */
import { threads } from '../src/main/engine/runtime/environment'
import { tf } from '../src/main/engine/runtime/tensorflow'
import { median, trainingPeers } from './peer'
import { compile, workloads, type Compiled, type WorkloadName } from './workloads'

/** The places of all items in random order (Fisher and Yates). */
function shuffled(items: number): Int32Array {
  const order = Int32Array.from({ length: items }, (_, i) => i)
  for (let i = items - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[order[i], order[j]] = [order[j] as number, order[i] as number]
  }
  return order
}

function epoch({ step }: Compiled, items: number, batch: number): void {
  const order = shuffled(items)
  for (let from = 0; from + batch <= items; from += batch) {
    const places = tf.tensor1d(order.slice(from, from + batch), 'int32')
    step(places)
    places.dispose()
  }
}

async function main(): Promise<void> {
  const [pairs, items] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 60_000)]
  const peers = trainingPeers(threads)
  console.log(`${threads} threads, ${items} images, ${pairs} alternating runs, seconds (median)`)
  for (const name of ['mlp', 'conv-autoencoder'] satisfies WorkloadName[]) {
    const size = workloads[name].usual
    const compiled = compile(name, size, 'float32', items)
    compiled.program.assignBytes(
      'images',
      Uint8Array.from({ length: items * size.side ** 2 }, () => Math.random() * 256),
    )
    const request = { do: 'epoch', name, precision: 'float32', items, ...size }
    epoch(compiled, size.batch * 10, size.batch)
    for (const peer of peers) await peer.ask(request)
    const times: number[][] = []
    for (let run = 0; run < pairs; run++) {
      const begun = performance.now()
      epoch(compiled, items, size.batch)
      const row = [performance.now() - begun]
      for (const peer of peers) row.push(await peer.ask(request))
      times.push(row)
    }
    compiled.program.close()
    const seconds = (k: number): string =>
      (median(times.map((row) => row[k] as number)) / 1000).toFixed(2)
    const ratio = median(times.map(([own = 0, ...others]) => own / Math.min(...others)))
    const columns = peers.map((peer, k) => `${peer.name} ${seconds(k + 1)}`)
    console.log(
      `${name}: ours ${seconds(0)}, ${columns.join(', ')}; ratio to the faster ${ratio.toFixed(2)}`,
    )
  }
  peers.forEach((peer) => peer.close())
}

void main()
