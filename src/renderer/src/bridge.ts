/**
 * The only file that touches `window.darkroom`, the preload's transport: requests and events by
 * name, typed by the contract; replies unwrapped into results or thrown as `DarkroomError`.
 */
import type {
  ArgsOf,
  FileHandle,
  Reply,
  ResultOf,
  WindowEvents,
  WindowRequest,
  WindowRequests,
} from '../../shared/contract'
import { errorFromData } from '../../shared/errors'
import type { Transport } from '../../shared/transport'

declare global {
  interface Window {
    readonly darkroom: Transport
  }
}

function unwrap<Result>(reply: Reply<Result>): Result {
  if (reply.ok) return reply.result
  throw errorFromData(reply.error)
}

/** Asks main (and through it the engine). Rejects with a `DarkroomError` when the other side failed. */
export async function ask<Name extends WindowRequest>(
  name: Name,
  args: ArgsOf<WindowRequests, Name>,
): Promise<ResultOf<WindowRequests, Name>> {
  // The other side checks arguments and results against the same contract, so the type is known here.
  return unwrap((await window.darkroom.invoke(name, args)) as Reply<ResultOf<WindowRequests, Name>>)
}
export type Ask = typeof ask

/** Handlers by the name of their event. One subscription feeds them all: each would have every event copied for it. */
const handlers = new Map<string, Set<(payload: never) => void>>()
let unsubscribe: (() => void) | null = null

/** Calls `handler` for every event of that name until the returned function is called. */
export function listen<Name extends keyof WindowEvents>(
  name: Name,
  handler: (payload: WindowEvents[Name]) => void,
): () => void {
  const own = handlers.get(name) ?? new Set()
  handlers.set(name, own.add(handler))
  unsubscribe ??= window.darkroom.on(({ name: heard, payload }) => {
    for (const each of [...(handlers.get(heard) ?? [])]) each(payload as never)
  })
  return () => {
    own.delete(handler)
    if ([...handlers.values()].some(({ size }) => size > 0)) return
    unsubscribe?.()
    unsubscribe = null
  }
}
export type Listen = typeof listen

/** A handle for a dropped or pasted file that lies on disk. Rejects for one that has no path (a picture in the clipboard). */
export async function adopt(file: File): Promise<FileHandle> {
  return unwrap(await window.darkroom.adopt(file))
}
export type Adopt = typeof adopt
