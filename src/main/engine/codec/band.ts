/**
 * PNG and TIFF are written in bands: stretches of rows that are compressed each on its own, by any thread in any order,
 * with a frame around them. Where the bands are cut depends on the picture alone, so the same picture gives the same file
 * on every machine.
 */
import type { ExportBits } from '../../../shared/types'
import type { Metadata, Planes } from './planes'

/** The size of a picture and what its pixels hold. */
export interface Shape {
  width: number
  height: number
  channels: 1 | 3
  alpha: boolean
}

export interface BandOptions {
  bits: ExportBits
  /** The sample that is white, of whole numbers of 16 bits. */
  white: number
  /** The byte order of a TIFF. */
  little: boolean
}

export interface FrameOptions<Carried = Metadata> extends BandOptions {
  metadata: Carried
  /** Where in its file a TIFF's page begins: 0 for the first, which has the file's header. */
  start: number
}

/** Whether a band holds the picture's first row, and its last. */
export interface Place {
  first: boolean
  last: boolean
}

/** A band as it stands in the file, and what the frame must know of it. */
export interface Band<Note> {
  bytes: Uint8Array
  note: Note
}

/** What stands before and after the bands. */
export interface Frame {
  head: Uint8Array
  tail: Uint8Array
}

export interface BandedFormat<Note> {
  /** How many rows a band has; the last may have fewer. */
  rows(shape: Shape, bits: ExportBits): number
  /** Whether a band must be given the row above it, before its own. */
  above: boolean
  band(planes: Planes, options: BandOptions, place: Place): Band<Note>
  /** `notes` are those of all bands, from the top. */
  frame(shape: Shape, options: FrameOptions, notes: readonly Note[]): Frame
}

export const samplesOf = ({ channels, alpha }: Pick<Shape, 'channels' | 'alpha'>): number =>
  channels + (alpha ? 1 : 0)

export const rowBytesOf = (shape: Shape, bits: ExportBits): number =>
  (shape.width * samplesOf(shape) * bits) / 8

export const shapeOf = ({ width, height, channels, alpha }: Planes): Shape => ({
  width,
  height,
  channels,
  alpha: alpha !== null,
})

/** One array of its own memory, which may be handed over: `Buffer.concat` shares that of small ones. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
