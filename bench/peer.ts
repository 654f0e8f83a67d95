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
  #complaint = ''

  /** @param script a file of `bench/peers` */
  constructor(name: string, script: string, threads: number) {
    this.name = name
    const own = { DARKROOM_THREADS: String(threads), TF_CPP_MIN_LOG_LEVEL: '3' }
    const env: NodeJS.ProcessEnv = { ...process.env, ...own }
    // what suits our engine is not for a peer, which gets all threads for each op
    for (const name of ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'])
      Reflect.deleteProperty(env, name)
    this.#process = spawn(python, [join(process.cwd(), 'bench', 'peers', script)], { env })
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#complaint = `${this.#complaint}${text.toString()}`.slice(-2000)
    })
    this.#process.stdin.on('error', () => undefined) // it has ended: the next answer says so
    this.#lines = createInterface({ input: this.#process.stdout })
    this.#answers = this.#lines[Symbol.asyncIterator]()
  }

  /** Sends a line that has no answer, a configuration for instance. */
  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  /** Sends a request, in one line, and returns the number that comes back: milliseconds, or MiB. */
  async ask(request: string | object): Promise<number> {
    this.tell(typeof request === 'string' ? request : JSON.stringify(request))
    const answer = await this.#answers.next()
    if (answer.done) {
      throw new Error(
        `${this.name} ended. Has ${python} its packages? See bench/README.md.\n${this.#complaint}`,
      )
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

/** Keras and PyTorch, ready to train what `workloads.ts` names. */
export const trainingPeers = (threads: number): Peer[] => [
  new Peer('Keras', 'training_keras.py', threads),
  new Peer('PyTorch', 'training_pytorch.py', threads),
]
