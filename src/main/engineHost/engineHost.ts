/** Main's side of the engine: one process at a time, started, fed, watched, started again, stopped. See README.md. */
import {
  engineEvents,
  engineRequests,
  type ArgsOf,
  type EngineRequest,
  type EngineRequests,
  type EngineState,
  type Reply,
  type ResultOf,
} from '../../shared/contract'
import {
  engineProtocol,
  type EngineEventMessage,
  type FromEngine,
  type ToEngine,
} from '../../shared/engineProtocol'
import { DarkroomError, errorFromData, errorToData } from '../../shared/errors'
import { Heartbeat } from './heartbeat'
import { RestartPolicy } from './restartPolicy'

/** A running engine process, whichever way it was made. */
export interface EngineProcess {
  readonly pid: number | undefined
  post(message: ToEngine): void
  /** Ends it at once, even in the middle of a native call. */
  kill(): void
}

export interface EngineProcessListener {
  message(message: FromEngine): void
  /** What the process wrote to its standard error: TensorFlow's own words, a stack. */
  output(text: string): void
  exit(code: number | null): void
}

export type Fork = (listener: EngineProcessListener) => EngineProcess

export interface EngineHostOptions {
  fork: Fork
  onState(state: EngineState): void
  onEvent(message: EngineEventMessage): void
  log(level: 'info' | 'warn' | 'error', text: string): void
}

interface Waiting {
  name: EngineRequest
  args: unknown
  resolve(result: unknown): void
  reject(error: DarkroomError): void
}

/** Milliseconds. The handshake is before any native library, so only a machine on its knees takes long. */
const handshakeLimit = 30_000
/** A checkpoint that is being written may come to its end: some hundred megabytes, on a slow disk. */
const stopLimit = 10_000
/** Requests that may wait for an engine that is not up yet. */
const queueLimit = 256

const lost = () => new DarkroomError('engine-lost', 'The engine ended before it answered')

export class EngineHost {
  readonly #options: EngineHostOptions
  readonly #policy = new RestartPolicy()
  readonly #heartbeat: Heartbeat
  readonly #sent = new Map<number, Waiting>()
  #queue: Waiting[] = []
  #state: EngineState = { state: 'starting', error: null }
  #process: EngineProcess | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastId = 0
  #said: 'nothing' | 'stopped' = 'nothing'
  #stopping: { done: Promise<void>; resolve: () => void } | null = null

  constructor(options: EngineHostOptions) {
    this.#options = options
    this.#heartbeat = new Heartbeat({
      ping: () => this.#process?.post({ type: 'ping' }),
      dead: (seconds) => this.#kill(`no sign of life for ${seconds} s`),
    })
  }

  get state(): EngineState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  start(): void {
    this.#enter({ state: 'starting', error: null })
    this.#fork()
  }

  /**
   * Asks the engine and waits for its reply. A request made while the engine starts waits for it.
   * @throws DarkroomError what the handler threw; `engine-lost` when the engine died first, `engine-failed` when
   * it has been given up.
   */
  request<Name extends EngineRequest>(
    name: Name,
    args: ArgsOf<EngineRequests, Name>,
  ): Promise<ResultOf<EngineRequests, Name>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { name, args, resolve: (result) => resolve(result as never), reject }
      if (this.#state.state === 'ready') this.#send(waiting)
      else if (this.#state.error?.code === 'engine-failed' || this.#stopping) {
        reject(new DarkroomError('engine-failed', 'The engine is not running'))
      } else if (this.#queue.length >= queueLimit) reject(lost())
      else this.#queue.push(waiting)
    })
  }

  /** Lets the engine finish what it is answering, for ten seconds at most, then ends it. Never fails. */
  stop(): Promise<void> {
    if (this.#stopping) return this.#stopping.done
    let resolve = (): void => undefined
    const done = new Promise<void>((settle) => (resolve = settle))
    this.#stopping = { done, resolve }
    clearTimeout(this.#timer)
    this.#heartbeat.stop()
    this.#rejectQueue(lost())
    if (!this.#process) resolve()
    else {
      this.#process.post({ type: 'stop' })
      this.#timer = setTimeout(() => {
        this.#kill(`did not stop within ${stopLimit / 1000} s`)
        this.#timer = setTimeout(resolve, 1_000) // should even the news of its end not come
      }, stopLimit)
    }
    return done
  }

  #fork(): void {
    this.#said = 'nothing'
    // A process that was replaced may still speak; only the present one is heard.
    const present = (action: () => void) => () => {
      if (this.#process === child) action()
    }
    let child: EngineProcess | null = null
    try {
      child = this.#options.fork({
        message: (message) => present(() => this.#receive(message))(),
        output: (text) => this.#options.log('warn', `engine: ${text.trimEnd()}`),
        exit: (code) => present(() => this.#exited(code))(),
      })
    } catch (error) {
      this.#options.log('error', `engine cannot be started: ${errorToData(error).message}`)
      return this.#exited(null)
    }
    this.#process = child
    child.post({ type: 'hello', protocol: engineProtocol })
    this.#timer = setTimeout(() => this.#kill('no handshake'), handshakeLimit)
  }

  #receive(message: FromEngine): void {
    this.#heartbeat.heard()
    switch (message.type) {
      case 'ready':
        this.#ready(message.protocol)
        break
      case 'reply':
        this.#reply(message.id, message.reply)
        break
      case 'event':
        this.#event(message)
        break
      case 'blocking':
        this.#heartbeat.block(message.blocking)
        break
      case 'stopped':
        this.#said = 'stopped'
        this.#process?.kill() // it has nothing left to do, and TensorFlow's own way out can hang
        break
      case 'pong':
        break
    }
  }

  #ready(protocol: number): void {
    clearTimeout(this.#timer)
    if (this.#stopping) return
    if (protocol !== engineProtocol) {
      const text = `The engine speaks protocol ${protocol} and not ${engineProtocol}`
      return this.#giveUp(new DarkroomError('engine-failed', text))
    }
    this.#options.log('info', `engine ready, process ${this.#process?.pid ?? '?'}`)
    this.#heartbeat.start()
    this.#enter({ state: 'ready', error: null })
    const queue = this.#queue
    this.#queue = []
    for (const waiting of queue) this.#send(waiting)
  }

  #send(waiting: Waiting): void {
    const id = (this.#lastId += 1)
    this.#sent.set(id, waiting)
    this.#process?.post({ type: 'request', id, name: waiting.name, args: waiting.args })
  }

  #reply(id: number, reply: Reply<unknown>): void {
    const waiting = this.#sent.get(id)
    if (!waiting) return
    this.#sent.delete(id)
    if (!reply.ok) return waiting.reject(errorFromData(reply.error))
    const parsed = engineRequests[waiting.name].result.safeParse(reply.result)
    if (parsed.success) waiting.resolve(parsed.data)
    else {
      const text = `${waiting.name} returned what the contract does not allow: ${parsed.error.message}`
      waiting.reject(new DarkroomError('internal', text))
    }
  }

  #event(message: EngineEventMessage): void {
    const known = Object.hasOwn(engineEvents, message.name)
    if (known && engineEvents[message.name].safeParse(message.payload).success) {
      this.#options.onEvent(message)
    } else this.#options.log('error', `engine sent an event against the contract: ${message.name}`)
  }

  /** The process has ended. Whether that was a crash its last message tells: exit codes are not reliable. */
  #exited(code: number | null): void {
    clearTimeout(this.#timer)
    this.#heartbeat.stop()
    this.#process = null
    for (const waiting of this.#sent.values()) waiting.reject(lost())
    this.#sent.clear()
    if (this.#stopping) {
      this.#options.log('info', this.#said === 'stopped' ? 'engine stopped' : 'engine ended')
      return this.#stopping.resolve()
    }
    this.#options.log('error', `engine ended unasked, code ${code ?? 'unknown'}`)
    const delay = this.#policy.next()
    if (delay === null) {
      const text = `The engine ended ${RestartPolicy.restarts + 1} times within ten minutes`
      return this.#giveUp(new DarkroomError('engine-failed', text))
    }
    this.#enter({ state: 'restarting', error: errorToData(lost()) })
    this.#timer = setTimeout(() => this.#fork(), delay)
  }

  #giveUp(error: DarkroomError): void {
    this.#options.log('error', error.message)
    const last = this.#process
    this.#process = null
    last?.kill()
    this.#enter({ state: 'failed', error: errorToData(error) })
    this.#rejectQueue(error)
  }

  #kill(reason: string): void {
    this.#options.log('error', `engine is killed: ${reason}`)
    this.#process?.kill()
  }

  #rejectQueue(error: DarkroomError): void {
    for (const waiting of this.#queue) waiting.reject(error)
    this.#queue = []
  }

  #enter(state: EngineState): void {
    this.#state = state
    this.#options.onState(state)
  }
}
