import { Worker } from 'node:worker_threads'
import { DarkroomError, errorFromData } from '../../../shared/errors'
import { handedOver, type WorkReply, type WorkRequest, type WorkResult } from './protocol'
import { damaged } from './refusals'

export interface HostOptions {
  /** The built worker. */
  file: string
  /** After a picture of more pixels the worker is let go, so that no memory stays with it. */
  keptUpTo: number
  /** The thread's JavaScript heap. Pixels are not in it; what decoders keep besides them is small. */
  heapMegabytes: number
}

/**
 * One worker thread and the requests for it, one at a time in the order they came. A request that misses
 * its deadline is ended with the thread, and so is one that the thread dies of; the next one gets a new thread.
 */
export class WorkerHost {
  readonly #options: HostOptions
  #worker: Worker | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /**
   * Runs one request. `pixels` is the size of its picture, `milliseconds` its time, counted from when the
   * requests before it are done.
   * @throws what the worker answers; 'image-timeout' with `seconds`; 'image-damaged' when the worker dies
   */
  run(request: WorkRequest, pixels: number, milliseconds: number): Promise<WorkResult> {
    const result = this.#last.then(() => this.#exchange(request, milliseconds))
    this.#last = result
      .catch(() => undefined)
      .then(() => (pixels > this.#options.keptUpTo ? this.#drop() : undefined))
    return result
  }

  /** Ends the worker, after the requests that wait. A later request starts a new one. */
  close(): Promise<void> {
    const closed = this.#last.then(() => this.#drop())
    this.#last = closed
    return closed
  }

  async #drop(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    if (!worker) return
    await worker.terminate()
  }

  #start(): Worker {
    const worker = new Worker(this.#options.file, {
      env: {}, // nothing of ours concerns it
      execArgv: [],
      stdout: true, // what codecs print must not mix with the command line's output
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMegabytes },
    })
    // between two requests nobody listens; if it dies then, the next request must not go to it
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null
    })
    worker.unref() // waiting for work keeps no program alive
    return worker
  }

  async #exchange(request: WorkRequest, milliseconds: number): Promise<WorkResult> {
    const worker = (this.#worker ??= this.#start())
    const reply = await this.#replyOf(worker, request, milliseconds)
    if (reply instanceof Error) {
      await this.#drop()
      throw reply
    }
    if (!reply.ok) throw errorFromData(reply.error)
    return reply.result
  }

  /** The worker's reply, or the error that stands for none. */
  #replyOf(
    worker: Worker,
    request: WorkRequest,
    milliseconds: number,
  ): Promise<WorkReply | DarkroomError> {
    return new Promise((resolve) => {
      const listeners = {
        message: (reply: WorkReply) => finish(reply),
        messageerror: (error: unknown) => finish(damaged('the worker answered nonsense', error)),
        error: (error: unknown) => finish(damaged(`the worker failed: ${String(error)}`, error)),
        exit: (code: number) => finish(damaged(`the worker ended with status ${code}`)),
      }
      const finish = (outcome: WorkReply | DarkroomError): void => {
        clearTimeout(timer)
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener)
        worker.unref()
        resolve(outcome)
      }
      const timer = setTimeout(() => finish(timedOut(milliseconds)), milliseconds)
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener)
      worker.ref()
      worker.postMessage(request, handedOver(request))
    })
  }
}

function timedOut(milliseconds: number): DarkroomError {
  const seconds = Math.round(milliseconds / 1000)
  return new DarkroomError('image-timeout', `It was not done within ${seconds} seconds`, {
    seconds,
  })
}
