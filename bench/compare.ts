/** One workload, ours and the peers' in turns. */
import type { Precision } from '../src/main/engine/runtime/precision'
import { median, type Peer } from './peer'
import { compile, randomBatch, workloads, type Size, type WorkloadName } from './workloads'

/** Medians of ours and of each peer's times, milliseconds a step; the ratio is the median of those to the faster peer. */
export async function compare(
  peers: Peer[],
  pairs: number,
  name: WorkloadName,
  size: Size,
  precision: Precision,
): Promise<{ ours: number; theirs: number[]; ratio: number }> {
  const { step, program } = compile(name, size, precision)
  const x = randomBatch(name, size)
  const { repetitions } = workloads[name]
  const request = { do: 'step', name, precision, repetitions, ...size }
  for (let i = 0; i < 10; i++) step(x)
  for (const peer of peers) await peer.ask(request)
  const times: number[][] = []
  for (let run = 0; run < pairs; run++) {
    const begun = performance.now()
    for (let i = 0; i < repetitions; i++) step(x)
    const row = [(performance.now() - begun) / repetitions]
    for (const peer of peers) row.push(await peer.ask(request))
    times.push(row)
  }
  x.dispose()
  program.close()
  const column = (k: number): number => median(times.map((row) => row[k] as number))
  return {
    ours: column(0),
    theirs: peers.map((_, k) => column(k + 1)),
    ratio: median(times.map(([own = 0, ...others]) => own / Math.min(...others))),
  }
}
