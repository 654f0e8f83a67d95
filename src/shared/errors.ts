/**
 * Every way this program can fail, as data. Errors lose their class and fields when they cross a
 * process boundary, so they travel as `{ code, message, params }` and are made again on arrival.
 * `message` is plain English for logs and reports; what a person reads comes from
 * `shared/messages` by `code` and `params`, in their language.
 */
export const errorCodes = [
  // files that come in
  'file-not-found',
  'file-unreadable',
  'file-empty',
  'file-too-large',
  'not-an-image',
  'format-unsupported',
  'image-damaged',
  'image-too-large',
  'page-missing',
  'image-timeout',
  'folder-without-images',
  // files that go out
  'pages-need-tiff',
  'export-too-large',
  'target-unwritable',
  'target-is-source',
  'target-taken',
  'disk-full',
  // models and training
  'model-unknown',
  'model-not-ours',
  'model-damaged',
  'model-newer',
  'model-unfit',
  'model-size-unfit',
  'config-invalid',
  'training-diverged',
  'data-missing',
  'data-damaged',
  'data-too-few',
  'data-uniform',
  'photos-without-noise',
  'data-sizes-differ',
  'batch-too-large',
  'training-too-large',
  'model-unsuitable',
  // the latent space
  'model-without-prior',
  'anchor-unfit',
  'anchors-opposite',
  'latents-not-two',
  'points-too-few',
  'labels-missing',
  'labels-single',
  'scores-equal',
  'picture-without-provenance',
  'report-unknown',
  // the library
  'item-unknown',
  'item-busy',
  'item-read-only',
  'name-taken',
  // requests
  'request-unknown',
  'request-refused',
  'arguments-invalid',
  'photo-unknown',
  'result-missing',
  'score-invalid',
  'job-unknown',
  'cancelled',
  'usage',
  // the engine
  'tensorflow-missing',
  'engine-lost',
  'engine-failed',
  'out-of-memory',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Values that the words of an error mention: the file's name, a limit, what was received. */
export type ErrorParams = Record<string, string | number>

/** An error as it crosses a process boundary. */
export interface ErrorData {
  code: ErrorCode
  message: string
  params: ErrorParams
}

/** The one error class of the program: a code from the table, plain words for the log, values for the reader's words. */
export class DarkroomError extends Error {
  override readonly name = 'DarkroomError'
  readonly code: ErrorCode
  readonly params: ErrorParams

  constructor(code: ErrorCode, message: string, params: ErrorParams = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.params = params
  }
}

/** The error as data. Anything that is not a `DarkroomError` becomes `internal` with its message. */
export function errorToData(error: unknown): ErrorData {
  if (error instanceof DarkroomError) {
    return { code: error.code, message: error.message, params: error.params }
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    params: {},
  }
}

/** The inverse of {@link errorToData}. */
export function errorFromData(data: ErrorData): DarkroomError {
  return new DarkroomError(data.code, data.message, data.params)
}
