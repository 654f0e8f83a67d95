/** Photos in memory and random patches of them, for training denoisers. */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { decodeImageFile } from '../codec'
import { luma } from './luma'
import { uniform } from './random'

/** One photo at one scale: interleaved 8-bit values. */
export interface TrainingPhoto {
  name: string
  width: number
  height: number
  data: Uint8Array
}

export interface PhotoSelection {
  /** 1: photos become grey by BT.601 luma; 3: grey photos are left out. */
  channels: 1 | 3
  /** Base names that are not read at all. */
  exclude: readonly string[]
  /** Base names that are kept from training, for choosing between designs. */
  holdOut: readonly string[]
  /** A photo whose longer side is at least this many pixels is reduced; smaller ones are taken as they are. */
  reduceFrom: number
  /** Each factor gives one version of a large photo, made by area average, which also removes JPEG's blocks. */
  reduceBy: readonly number[]
  /** Photos smaller than this on a side are left out. */
  smallestSide: number
}

export interface PhotoSet {
  training: TrainingPhoto[]
  heldOut: TrainingPhoto[]
  /** Files that could not be read, with their reason. */
  skipped: { file: string; error: unknown }[]
}

const imageName = /\.(png|jpe?g|webp|avif|tiff?)$/i

/** Area average by an integer factor; a remainder at the right and bottom is cut off. */
export function reduce(photo: TrainingPhoto, factor: number, channels: number): TrainingPhoto {
  const width = Math.floor(photo.width / factor)
  const height = Math.floor(photo.height / factor)
  const data = new Uint8Array(width * height * channels)
  const area = factor * factor
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let dy = 0; dy < factor; dy++) {
          let at = ((y * factor + dy) * photo.width + x * factor) * channels + c
          for (let dx = 0; dx < factor; dx++, at += channels) sum += photo.data[at] as number
        }
        data[(y * width + x) * channels + c] = Math.round(sum / area)
      }
    }
  }
  return { ...photo, width, height, data }
}

function toGrey(data: Uint8Array): Uint8Array {
  const grey = new Uint8Array(data.length / 3)
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = luma(data[at] as number, data[at + 1] as number, data[at + 2] as number)
  }
  return grey
}

async function readPhoto(path: string, channels: 1 | 3): Promise<TrainingPhoto | null> {
  const image = await decodeImageFile(path)
  if (channels === 3 && image.channels === 1) return null
  const bytes =
    image.bits === 8
      ? (image.data as Uint8Array)
      : Uint8Array.from(image.data, (value) => Math.round(value / 257))
  const data = channels === 1 && image.channels === 3 ? toGrey(bytes) : bytes
  return { name: basename(path), width: image.width, height: image.height, data }
}

/**
 * Reads every image file of the folders (not their subfolders), in the order of their names.
 * @throws DarkroomError `folder-without-images` when nothing is left to train on, or a folder cannot be read
 */
export async function readPhotos(
  folders: readonly string[],
  selection: PhotoSelection,
): Promise<PhotoSet> {
  const { channels, exclude, holdOut, reduceFrom, reduceBy, smallestSide } = selection
  const set: PhotoSet = { training: [], heldOut: [], skipped: [] }
  for (const folder of folders) {
    const names = await readdir(folder).catch((cause: unknown) => {
      throw new DarkroomError(
        'file-not-found',
        `Cannot read the folder ${folder}`,
        { file: folder },
        { cause },
      )
    })
    for (const name of names.filter((candidate) => imageName.test(candidate)).sort()) {
      if (exclude.includes(name)) continue
      let photo: TrainingPhoto | null
      try {
        photo = await readPhoto(join(folder, name), channels)
      } catch (error) {
        set.skipped.push({ file: name, error })
        continue
      }
      if (!photo) continue
      const large = Math.max(photo.width, photo.height) >= reduceFrom
      const held = holdOut.includes(name)
      const factors = held ? reduceBy.slice(0, 1) : reduceBy
      for (const version of large
        ? factors.map((factor) => reduce(photo, factor, channels))
        : [photo]) {
        if (Math.min(version.width, version.height) < smallestSide) continue
        ;(held ? set.heldOut : set.training).push(version)
      }
    }
  }
  if (set.training.length === 0) {
    throw new DarkroomError(
      'folder-without-images',
      `No photo of at least ${smallestSide} pixels a side in ${folders.join(', ')}`,
      {
        file: folders.join(', '),
      },
    )
  }
  return set
}

/** Which patches are drawn, and what is done to them besides turning and mirroring. */
export interface PatchOptions {
  /** So many places are drawn for a patch, and the one with most detail is taken: sky teaches little. 1 takes any. */
  candidates?: number | undefined
  /** The channels of a colour patch change places: any of the six orders. */
  shuffle?: boolean | undefined
  /** A factor on all values, uniform between the two: another exposure. */
  exposure?: readonly [number, number] | undefined
}

interface Place {
  photo: TrainingPhoto
  top: number
  left: number
}

/** The photo at a share of all pixels: the larger, the likelier. */
function photoAt(photos: readonly TrainingPhoto[], share: number): TrainingPhoto {
  const total = photos.reduce((sum, { width, height }) => sum + width * height, 0)
  let at = share * total
  const photo = photos.find(({ width, height }) => (at -= width * height) < 0) ?? photos.at(-1)
  if (!photo) throw new Error('Expected at least one photo. Received none.')
  return photo
}

/** The photo that a patch of a batch is taken from, where there is one candidate. */
export const photoOfPatch = (
  photos: readonly TrainingPhoto[],
  seed: number,
  step: number,
  index: number,
): TrainingPhoto => photoAt(photos, uniform(seed, step, 'patch', index * 8))

/** A place that is uniform over all pixels, from three uniform numbers. */
function placeOf(
  photos: readonly TrainingPhoto[],
  side: number,
  draw: (index: number) => number,
): Place {
  const photo = photoAt(photos, draw(0))
  return {
    photo,
    top: Math.floor(draw(1) * (photo.height - side + 1)),
    left: Math.floor(draw(2) * (photo.width - side + 1)),
  }
}

/** How much neighbours differ at a place, in its first channel, read at every second pixel. */
function detailOf({ photo, top, left }: Place, side: number, channels: number): number {
  const { data, width } = photo
  let sum = 0
  for (let i = 0; i < side - 1; i += 2) {
    for (let j = 0; j < side - 1; j += 2) {
      const at = ((top + i) * width + left + j) * channels
      const here = data[at] as number
      sum += Math.abs((data[at + channels] as number) - here)
      sum += Math.abs((data[at + width * channels] as number) - here)
    }
  }
  return sum
}

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

/**
 * A batch of square patches [batch, side, side, channels] in [0, 1]: each from a place that is uniform over all
 * pixels (or the most detailed of several), turned and mirrored in one of the eight ways. Depends on nothing but
 * the arguments.
 */
export function samplePatches(
  photos: readonly TrainingPhoto[],
  channels: 1 | 3,
  batch: number,
  side: number,
  seed: number,
  step: number,
  { candidates = 1, shuffle = false, exposure = [1, 1] }: PatchOptions = {},
): Float32Array {
  const values = new Float32Array(batch * side * side * channels)
  for (let b = 0; b < batch; b++) {
    const draw = (index: number): number => uniform(seed, step, 'patch', b * 8 + index)
    let place = placeOf(photos, side, draw)
    let detail = candidates > 1 ? detailOf(place, side, channels) : 0
    for (let k = 1; k < candidates; k++) {
      const other = placeOf(photos, side, (index) =>
        uniform(seed, step, 'candidate', (b * candidates + k) * 4 + index),
      )
      const found = detailOf(other, side, channels)
      if (found > detail) [place, detail] = [other, found]
    }
    const { photo, top, left } = place
    const [flipX, flipY, transpose] = [draw(3) < 0.5, draw(4) < 0.5, draw(5) < 0.5]
    const order = orders[shuffle && channels === 3 ? Math.floor(draw(6) * 6) : 0] ?? orders[0]
    const gain = (exposure[0] + (exposure[1] - exposure[0]) * draw(7)) / 255
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        let row = flipY ? side - 1 - i : i
        let column = flipX ? side - 1 - j : j
        if (transpose) [row, column] = [column, row]
        const from = ((top + row) * photo.width + left + column) * channels
        const to = ((b * side + i) * side + j) * channels
        for (let c = 0; c < channels; c++) {
          values[to + c] = (photo.data[from + (order[c] as number)] as number) * gain
        }
      }
    }
  }
  return values
}
