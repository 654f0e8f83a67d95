import type { ErrorData } from '../../../shared/errors'
import type { ImageFormat } from '../../../shared/types'
import type { DecodedImage, Planes } from './planes'
import type { EncodeOptions } from './work'

/** What the worker thread is asked, one at a time. */
export type WorkRequest =
  | { kind: 'decode'; bytes: Uint8Array; format: ImageFormat; page: number }
  | { kind: 'encode'; planes: Planes; options: EncodeOptions }

export type WorkResult = DecodedImage | Uint8Array

/** What it answers. */
export type WorkReply = { ok: true; result: WorkResult } | { ok: false; error: ErrorData }
