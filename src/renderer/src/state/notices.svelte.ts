import { DarkroomError, errorToData, type ErrorCode } from '../../../shared/errors'

export interface NoticeAction {
  label: () => string
  run: () => void
}

/** Something to be told. Texts are functions, so that they follow the language. */
export interface Notice {
  id: number
  kind: 'error' | 'information' | 'success'
  text: () => string
  /** The error behind it, in words for whoever is asked for help. */
  details: string | null
  action: NoticeAction | null
}

/**
 * Failures of what the window asked by itself that need no words: a person caused them by cancelling or closing,
 * or the engine died, which is told once and mended.
 */
const unspoken: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'cancelled',
  'engine-lost',
  'photo-unknown',
  'job-unknown',
])

/** What the window has to say, newest last. */
export class Notices {
  list = $state.raw<Notice[]>([])
  /** For those who listen: the last thing that happened, without a place on the screen. */
  announcement = $state('')
  readonly #words: (error: DarkroomError) => string
  #count = 0

  /** `words` says an error in the language in force. */
  constructor(words: (error: DarkroomError) => string) {
    this.#words = words
  }

  add(notice: Pick<Notice, 'kind' | 'text'> & Partial<Notice>): number {
    const id = ++this.#count
    this.list = [...this.list, { details: null, action: null, ...notice, id }]
    return id
  }

  /** Tells of a failure of something that the window did by itself. */
  fail = (cause: unknown): void => {
    const error = asDarkroomError(cause)
    if (!unspoken.has(error.code)) this.#tell(error)
  }

  /** Tells of a failure of something that a person asked for: only their own cancelling needs no words. */
  failAsked = (cause: unknown): void => {
    const error = asDarkroomError(cause)
    if (error.code !== 'cancelled') this.#tell(error)
  }

  /** The same failure is not told twice at a time. */
  #tell(error: DarkroomError): void {
    const details = detailsOf(error)
    if (this.list.some((notice) => notice.details === details)) return
    this.add({ kind: 'error', text: () => this.#words(error), details })
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }
}

function asDarkroomError(cause: unknown): DarkroomError {
  if (cause instanceof DarkroomError) return cause
  const { code, message, params } = errorToData(cause)
  return new DarkroomError(code, message, params, { cause })
}

function detailsOf(error: DarkroomError): string {
  const lines = [`${error.code}: ${error.message}`]
  for (const [name, value] of Object.entries(error.params)) lines.push(`${name}: ${value}`)
  if (error.cause instanceof Error && error.cause.stack) lines.push(error.cause.stack)
  return lines.join('\n')
}
