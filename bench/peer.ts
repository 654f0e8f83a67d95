/** A peer: a Python process that waits for the name of a workload and answers with its time, so that runs can alternate. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

/** The Python that has the peers installed; see `bench/README.md`. */
export const python = process.env['BENCH_PYTHON'] ?? 'python3'

export class Peer {
  readonly name: string
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  readonly #lines: Interface

  /** @param script a file of `bench/peers` */
  constructor(name: string, script: string, threads: number) {
    this.name = name
    const env = { ...process.env, DARKROOM_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: '3' }
    this.#process = spawn(python, [join(process.cwd(), 'bench', 'peers', script)], { env })
    this.#process.stderr.resume()
    this.#lines = createInterface({ input: this.#process.stdout })
    this.#answers = this.#lines[Symbol.asyncIterator]()
  }

  /** Sends a line that has no answer, a configuration for instance. */
  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  /** Runs a workload once and returns milliseconds; the peer decides how many repetitions make one run. */
  async time(workload: string): Promise<number> {
    this.#process.stdin.write(`${workload}\n`)
    const answer = await this.#answers.next()
    if (answer.done) {
      throw new Error(`${this.name} ended. Has ${python} its packages? See bench/README.md.`)
    }
    return Number(answer.value)
  }

  close(): void {
    this.#process.stdin.end()
    this.#lines.close()
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
