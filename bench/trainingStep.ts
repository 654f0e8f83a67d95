/**
 * Milliseconds per training step of four networks, ours beside Keras (TensorFlow, graph mode) and PyTorch: same
 * network, batch and threads, alternating runs; the figure is the median of the pairwise ratios to the faster peer.
 * In bfloat16, master weights, loss and Adam stay float32; the peers run in their own mixed mode.
 * Usage: npm run bench:training -- [pairs] [workload,workload] [float32,bfloat16]
 */
import { threads } from '../src/main/engine/runtime/environment'
import { inferencePrecision, type Precision } from '../src/main/engine/runtime/precision'
import { tensorflowVersion } from '../src/main/engine/runtime/tensorflow'
import { compare } from './compare'
import { trainingPeers } from './peer'
import { workloads, type WorkloadName } from './workloads'

async function main(): Promise<void> {
  const [pairs = '9', names = Object.keys(workloads).join(), precisions = 'float32,bfloat16'] =
    process.argv.slice(2)
  const peers = trainingPeers(threads)
  console.log(`${threads} threads, ${pairs} alternating runs, milliseconds per step (median)`)
  for (const precision of precisions.split(',') as Precision[]) {
    if (precision === 'bfloat16' && inferencePrecision(tensorflowVersion) !== precision) continue
    for (const name of names.split(',') as WorkloadName[]) {
      const { usual } = workloads[name]
      const { ours, theirs, ratio } = await compare(peers, Number(pairs), name, usual, precision)
      const columns = peers.map((peer, k) => `${peer.name} ${(theirs[k] as number).toFixed(2)}`)
      console.log(
        `${name}, ${precision}: ours ${ours.toFixed(2)}, ${columns.join(', ')}; ratio to the faster ${ratio.toFixed(2)}`,
      )
    }
  }
  peers.forEach((peer) => peer.close())
}

void main()
