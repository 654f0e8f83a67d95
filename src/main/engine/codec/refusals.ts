import { DarkroomError } from '../../../shared/errors'

/**
 * Refusals inside the codecs. They do not know the file's name; {@link naming} adds it on the way out,
 * so that every error which leaves this room names its file.
 */

/** The bytes contradict the format: cut off, changed, or never right. `reason` is for the log. */
export const damaged = (reason: string, cause?: unknown): DarkroomError =>
  new DarkroomError('image-damaged', `The image is damaged: ${reason}`, {}, { cause })

/** A sound file of a kind that is not read here. `format` is a technical name, the same in every language. */
export const unsupported = (format: string): DarkroomError =>
  new DarkroomError('format-unsupported', `${format} is not supported`, { format })

/** Bytes that are no image that this program has heard of. */
export const notAnImage = (reason: string): DarkroomError =>
  new DarkroomError('not-an-image', `Not an image: ${reason}`)

/** A page that the file has not; `pages` is how many it has. */
export const pageMissing = (page: number, pages: number): DarkroomError =>
  new DarkroomError('page-missing', `No page ${page}; there are ${pages}`, { page, pages })

/**
 * Any error as a `DarkroomError`. What is none came out of a parser that ran over the end of its bytes or
 * out of a decoder that gave up: the image is damaged; except when the memory for it could not be had.
 */
export function classified(error: unknown): DarkroomError {
  if (error instanceof DarkroomError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof RangeError && /allocation|out of memory|array length/i.test(message)) {
    return new DarkroomError('out-of-memory', `Not enough memory: ${message}`, {}, { cause: error })
  }
  return damaged(message, error)
}

/** The same, naming `file`: the form in which an error leaves this room. */
export function naming(file: string, error: unknown): DarkroomError {
  const { code, message, params, cause } = classified(error)
  return new DarkroomError(code, message, { file, ...params }, { cause })
}
