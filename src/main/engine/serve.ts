/** The engine's side of its port: requests in, replies and events out, and no life without a parent. */
import {
  engineRequests,
  type Emit,
  type EngineHandlers,
  type EngineRequest,
  type Reply,
} from '../../shared/contract'
import { engineProtocol, type FromEngine, type ToEngine } from '../../shared/engineProtocol'
import { DarkroomError, errorToData } from '../../shared/errors'
import { onBlocking, whileBlocking } from './runtime/blocking'

/** The connection to whoever started the engine: Electron's main process, or a plain Node one. */
export interface Port {
  post(message: FromEngine): void
  onMessage(listener: (message: ToEngine) => void): void
}

/** What Electron adds to `process` in a utility process. Typed here because the engine never imports electron. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * The port to the parent. Messages are copied, never transferred: buffers in a transfer list are lost or crash
 * several Electron versions.
 * @throws Error when the process was started by hand, without a parent to talk to.
 */
function parentPort(): Port {
  const port = (process as typeof process & { parentPort?: ParentPort }).parentPort
  if (port) {
    return {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', ({ data }) => listener(data as ToEngine)),
    }
  }
  if (!process.send) throw new Error('The engine is started by the program, not by hand')
  process.once('disconnect', leave)
  return {
    post: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine)),
  }
}

/** Ends the process at once. Not by `exit`, which would run the destructors of native libraries still at work. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Leaves when the parent dies. The port's end is noticed as well, but not on every version and platform. */
function leaveWithParent(interval = 500): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) leave()
  }, interval).unref()
}

/** Tells the parent of silent native calls: TensorFlow's library loads for seconds from a slow disk, graphs compile. */
function announceBlocking(port: Port): void {
  onBlocking((blocking) => port.post({ type: 'blocking', blocking }))
  const open = process.dlopen.bind(process)
  process.dlopen = (...args: Parameters<typeof process.dlopen>) =>
    whileBlocking(() => open(...args))
}

/** Milliseconds that the last message has to get through. */
const farewell = 500

const isRequest = (name: string): name is EngineRequest => Object.hasOwn(engineRequests, name)

/** Answers one request; every failure is data. */
async function answer(
  handlers: EngineHandlers,
  emit: Emit,
  name: string,
  args: unknown,
): Promise<Reply<unknown>> {
  try {
    if (!isRequest(name))
      throw new DarkroomError('request-unknown', `No request '${name}'`, { name })
    const parsed = engineRequests[name].args.safeParse(args)
    if (!parsed.success) {
      throw new DarkroomError('arguments-invalid', `${name}: ${parsed.error.message}`, { name })
    }
    const handler = handlers[name] as (args: unknown, emit: Emit) => Promise<unknown>
    return { ok: true, result: await handler(parsed.data, emit) }
  } catch (error) {
    return { ok: false, error: errorToData(error) }
  }
}

/** What is served: handlers, and what is done when the engine has started and before it ends. */
export interface Served {
  handlers: EngineHandlers
  started?: (emit: Emit) => Promise<void>
  close?: (emit: Emit) => Promise<void>
}

/**
 * Serves an engine on `port`: answers requests as they come (several may be under way), pings, and a stop, for
 * which it first finishes what it is answering and closes. `exit` ends the process; tests pass their own.
 */
export function serve(
  port: Port,
  { handlers, started, close }: Served,
  exit: () => void = () => process.exit(0),
): void {
  const underWay = new Set<Promise<void>>()
  const emit = ((name, payload) =>
    port.post({ type: 'event', name, payload } as FromEngine)) as Emit

  const reply = async (id: number, name: string, args: unknown) => {
    const message = { type: 'reply' as const, id, reply: await answer(handlers, emit, name, args) }
    try {
      port.post(message)
    } catch (error) {
      port.post({ ...message, reply: { ok: false, error: errorToData(error) } }) // a result that cannot be copied
    }
  }

  const stop = async () => {
    await Promise.allSettled([...underWay, close?.(emit)])
    port.post({ type: 'stopped' })
    setTimeout(exit, farewell) // the parent, having heard it, is quicker
  }

  port.onMessage((message) => {
    switch (message.type) {
      case 'hello':
        port.post({ type: 'ready', protocol: engineProtocol })
        void started?.(emit).catch((error: unknown) => console.error(errorToData(error).message))
        break
      case 'request': {
        const work = reply(message.id, message.name, message.args)
        underWay.add(work)
        void work.finally(() => underWay.delete(work))
        break
      }
      case 'ping':
        port.post({ type: 'pong' })
        break
      case 'stop':
        void stop()
        break
    }
  })
}

/** Everything an engine process does, in one call. */
export function runEngine(createEngine: () => Served): void {
  const port = parentPort()
  leaveWithParent()
  announceBlocking(port)
  serve(port, createEngine())
}
