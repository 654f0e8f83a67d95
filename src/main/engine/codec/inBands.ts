import { threads } from '../runtime/environment'
import { concatenated, shapeOf, type Band, type Frame } from './band'
import { bandedFormats, type BandedName, type Note } from './bandedFormats'
import type { WorkerHost } from './host'
import { encodeDeadline } from './limits'
import type { Planes } from './planes'
import { isLittle } from './tiff/encode'
import type { EncodeOptions } from './work'

/** More threads than these wait for one another's memory. */
const mostThreads = 8
/** Bands that a thread must have to do to be worth its start. */
const bandsOfThread = 4

/**
 * A file whose bands are made side by side: by `first` and, where there are enough of them, by threads of their own.
 * A band's samples are copied for its thread, so that no more than a few are there twice.
 * @throws what a band or the frame fails with
 */
export async function encodeInBands(
  planes: Planes,
  { format, bits, metadata, start = 0, white = 65_535 }: EncodeOptions & { format: BandedName },
  first: WorkerHost,
  newHost: () => WorkerHost,
): Promise<Uint8Array> {
  const banded = bandedFormats[format]
  const shape = shapeOf(planes)
  const rows = banded.rows(shape, bits)
  const count = Math.ceil(shape.height / rows)
  const options = { bits, white, little: isLittle(metadata?.exif ?? null) }
  const bands: Band<Note>[] = []
  let next = 0
  const work = async (host: WorkerHost): Promise<void> => {
    while (next < count) {
      const index = next++
      const place = { first: index === 0, last: index === count - 1 }
      const from = index * rows - (banded.above && !place.first ? 1 : 0)
      const band = rowsOfPlanes(planes, from, Math.min(shape.height, (index + 1) * rows))
      const request = { kind: 'band', format, planes: band, options, place } as const
      const pixels = band.width * band.height
      try {
        bands[index] = (await host.run(request, pixels, encodeDeadline(pixels))) as Band<Note>
      } catch (error) {
        next = count
        throw error
      }
    }
  }
  const more = Math.min(threads, mostThreads, Math.ceil(count / bandsOfThread)) - 1
  const others = Array.from({ length: more }, newHost)
  try {
    await Promise.all([first, ...others].map(work))
  } finally {
    await Promise.all(others.map((host) => host.close()))
  }
  const notes = bands.map(({ note }) => note)
  const request = {
    kind: 'frame',
    format,
    shape,
    options: { ...options, start, metadata },
    notes,
  } as const
  const { head, tail } = (await first.run(request, 0, encodeDeadline(0))) as Frame
  return concatenated([head, ...bands.map(({ bytes }) => bytes), tail])
}

function rowsOfPlanes(planes: Planes, from: number, to: number): Planes {
  const { width, channels, data, alpha } = planes
  return {
    ...planes,
    height: to - from,
    data: data.slice(from * width * channels, to * width * channels),
    alpha: alpha && alpha.slice(from * width, to * width),
  }
}
