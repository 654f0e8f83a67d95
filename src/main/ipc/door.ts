/**
 * The one door between the window and main. It lets in only our own top frame, only names of the contract and only
 * arguments that parse, and lets out only data: results, or errors as `{ code, message, params }`. No electron here.
 */
import {
  windowRequests,
  type ArgsOf,
  type Reply,
  type ResultOf,
  type WindowRequest,
  type WindowRequests,
} from '../../shared/contract'
import { DarkroomError, errorToData } from '../../shared/errors'

/** One function a request; a missing one does not compile. */
export type WindowHandlers = {
  [Name in WindowRequest]: (
    args: ArgsOf<WindowRequests, Name>,
  ) => Promise<ResultOf<WindowRequests, Name>> | ResultOf<WindowRequests, Name>
}

/** What is known of the sender of a message. `null` stands for a frame that has gone meanwhile. */
export interface Sender {
  /** The frame's address at the moment of the message. */
  url: string
  /** True for the top frame of the one window this program has opened. */
  ourTopFrame: boolean
}

/** The only origin that is ours. Custom schemes have an opaque `URL.origin` in Node: compare the parts. */
export function isOurs(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url)
    return protocol === 'app:' && host === 'darkroom' && username === '' && password === ''
  } catch {
    return false
  }
}

const isRequest = (name: unknown): name is WindowRequest =>
  typeof name === 'string' && Object.hasOwn(windowRequests, name)

/** A name to report, of whatever was sent in its place. */
const nameOf = (name: unknown) => (typeof name === 'string' ? name.slice(0, 80) : typeof name)

/**
 * Makes the door. The returned function never throws; `report` hears of every request that was refused or failed.
 */
export function makeDoor(
  handlers: WindowHandlers,
  report: (name: string, text: string) => void,
): (sender: Sender | null, name: unknown, args: unknown) => Promise<Reply<unknown>> {
  return async (sender, name, args) => {
    try {
      if (!sender?.ourTopFrame || !isOurs(sender.url)) {
        throw new DarkroomError(
          'request-refused',
          `Request from ${sender?.url ?? 'a frame that has gone'}`,
        )
      }
      if (!isRequest(name)) {
        throw new DarkroomError('request-unknown', 'No such request', { name: nameOf(name) })
      }
      const parsed = windowRequests[name].args.safeParse(args)
      if (!parsed.success) {
        throw new DarkroomError('arguments-invalid', `${name}: ${parsed.error.message}`, { name })
      }
      const handler = handlers[name] as (args: unknown) => unknown
      return { ok: true, result: await handler(parsed.data) }
    } catch (error) {
      const reply = { ok: false, error: errorToData(error) } as const
      report(nameOf(name), `${reply.error.code} ${reply.error.message}`)
      return reply
    }
  }
}
