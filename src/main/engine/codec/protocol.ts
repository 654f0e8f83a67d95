import type { ErrorData } from '../../../shared/errors'
import type { ImageFormat } from '../../../shared/types'
import type { Band, BandOptions, Frame, FrameOptions, Place, Shape } from './band'
import type { BandedName, Note } from './bandedFormats'
import type { DecodedImage, Metadata, Planes } from './planes'
import type { WholeOptions } from './work'

/** What a worker thread is asked, one at a time. */
export type WorkRequest =
  | { kind: 'decode'; bytes: Uint8Array; format: ImageFormat; page: number }
  | { kind: 'encode'; planes: Planes; options: WholeOptions }
  | { kind: 'band'; format: BandedName; planes: Planes; options: BandOptions; place: Place }
  | {
      kind: 'frame'
      format: BandedName
      shape: Shape
      options: FrameOptions<Metadata | null>
      notes: readonly Note[]
    }

export type WorkResult = DecodedImage | Uint8Array | Band<Note> | Frame

/** What it answers. */
export type WorkReply = { ok: true; result: WorkResult } | { ok: false; error: ErrorData }

type View = Uint8Array | Uint16Array

/** The memory that a request hands over instead of having it copied: a file's bytes, a band's samples. */
export function handedOver(request: WorkRequest): ArrayBuffer[] {
  switch (request.kind) {
    case 'decode':
      return [request.bytes.buffer as ArrayBuffer]
    case 'band':
      return buffersOf(request.planes)
    case 'encode': // the caller keeps the picture
    case 'frame':
      return []
  }
}

/** The memory of a result, which is handed over. */
export const handedBack = (result: WorkResult): ArrayBuffer[] =>
  buffersOf(result instanceof Uint8Array ? [result] : result)

const buffersOf = (of: object): ArrayBuffer[] =>
  Object.values(of)
    .filter((value): value is View => ArrayBuffer.isView(value))
    .map((view) => view.buffer as ArrayBuffer)
