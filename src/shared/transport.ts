/** What the preload hands to the page as `window.darkroom`: a transport, which knows no request by name. */
import type { FileHandle, Reply, WindowEvents } from './contract'

/** The two channels of the program. Requests go up and are replied to, events come down. */
export const channels = { request: 'request', event: 'event' } as const

/** An event as it arrives: its name with the payload of that name. */
export type WindowEventMessage = {
  [Name in keyof WindowEvents]: { name: Name; payload: WindowEvents[Name] }
}[keyof WindowEvents]

export interface Transport {
  /** Asks main. Never throws: what fails comes back as `{ ok: false, error }`. */
  invoke(name: string, args: unknown): Promise<Reply<unknown>>
  /** Calls `listener` for every event until the returned function is called. */
  on(listener: (message: WindowEventMessage) => void): () => void
  /** A handle for a `File` that was dropped, pasted or chosen. Its path stays out of the page's reach. */
  adopt(file: File): Promise<Reply<FileHandle>>
}
