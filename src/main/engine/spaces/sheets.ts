/** Galleries as files: one sheet, a folder of frames, or an animation, each with what made it in its metadata. */
import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import {
  provenance as provenanceSchema,
  type Anchor,
  type Gallery,
  type GalleryExport,
  type GalleryPictures,
  type Group,
  type Provenance,
} from '../../../shared/latent'
import { encodeImage, type Planes } from '../codec'
import { animationOf, textOf, withText } from '../codec/png/extras'
import { asTargetError, writeFileAtomically } from '../store/atomicWriter'
import { asSourceError } from '../store/container'
import { pointOf } from './anchors'
import { makeGallery } from './galleries'
import type { Space } from './spaces'

const KEYWORD = 'latent-darkroom'
const FRAME_MILLISECONDS = 80
const GAP = 2

/** Pictures in rows, as one picture with a thin black line between them. */
function sheetOf({ pictures, columns }: GalleryPictures): Planes {
  const { count, width, height, channels, pixels } = pictures
  const lines = Math.ceil(count / columns)
  const sheet = {
    width: columns * (width + GAP) - GAP,
    height: lines * (height + GAP) - GAP,
  }
  const data = new Uint8Array(sheet.width * sheet.height * channels)
  for (let i = 0; i < count; i++) {
    const [left, top] = [(i % columns) * (width + GAP), Math.floor(i / columns) * (height + GAP)]
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * width * channels
      const row = pixels.subarray(from, from + width * channels)
      data.set(row, ((top + y) * sheet.width + left) * channels)
    }
  }
  return { ...sheet, channels, bits: 8, data, alpha: null }
}

/** One picture, enlarged by whole numbers (each pixel a square) to at least 256 pixels a side. */
function frameOf({ pictures }: GalleryPictures, index: number): Planes {
  const { width, height, channels, pixels } = pictures
  const zoom = Math.max(1, Math.ceil(256 / Math.max(width, height)))
  const size = width * height * channels
  const data = new Uint8Array(size * zoom * zoom)
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels
      for (let c = 0; c < channels; c++)
        data[(y * width * zoom + x) * channels + c] = pixels[index * size + from + c] as number
    }
  }
  return { width: width * zoom, height: height * zoom, channels, bits: 8, data, alpha: null }
}

const png = (planes: Planes): Promise<Uint8Array> =>
  encodeImage(planes, { format: 'png', bits: 8, quality: 100, metadata: null })

/** What makes these pictures again; `only` for a single one of them. */
async function provenanceOf(
  space: Space,
  gallery: Gallery,
  { codes, pictures }: GalleryPictures,
  only?: number,
): Promise<string> {
  const { latent } = space.config
  const codeOf = (index: number): number[] | null => {
    const code = [...codes.subarray(index * latent, (index + 1) * latent)]
    return code.some(Number.isNaN) ? null : code
  }
  const shown = only === undefined ? [...Array(pictures.count).keys()] : [only]
  const made: Provenance = {
    program: 'Latent Darkroom',
    model: space.name,
    hash: space.hash,
    gallery: await withoutFiles(space, gallery),
    codes: shown.map(codeOf),
  }
  return JSON.stringify(made)
}

/** A file of the user's stands in the metadata as its code: no path leaves this machine, and none is needed. */
async function withoutFiles(space: Space, gallery: Gallery): Promise<Gallery> {
  const anchorOf = async (anchor: Anchor): Promise<Anchor> =>
    anchor.kind === 'file'
      ? { kind: 'code', code: [...(await pointOf(space, anchor)).code] }
      : anchor
  const all = async (anchors: readonly Anchor[]): Promise<Anchor[]> => {
    const coded: Anchor[] = []
    for (const anchor of anchors) coded.push(await anchorOf(anchor))
    return coded
  }
  const groupOf = async (group: Group): Promise<Group> =>
    group.kind === 'anchors' ? { ...group, anchors: await all(group.anchors) } : group
  switch (gallery.kind) {
    case 'sample':
    case 'manifold':
      return gallery
    case 'reconstruct':
    case 'interpolate':
      return { ...gallery, anchors: await all(gallery.anchors) }
    case 'traverse':
      return { ...gallery, base: gallery.base && (await anchorOf(gallery.base)) }
    case 'arithmetic':
      return {
        ...gallery,
        base: await anchorOf(gallery.base),
        plus: await groupOf(gallery.plus),
        minus: await groupOf(gallery.minus),
      }
  }
}

/**
 * Makes a gallery and writes it. `sheet` and `animation` go to a file, `frames` to a folder, which is made.
 * @returns the bytes of all that was written
 * @throws DarkroomError as `makeGallery` and the atomic writer
 */
export async function exportGallery(
  space: Space,
  gallery: Gallery,
  as: GalleryExport,
  path: string,
): Promise<{ bytes: number; pictures: GalleryPictures }> {
  const pictures = await makeGallery(space, gallery)
  const { count } = pictures.pictures
  if (as === 'sheet') {
    const text = await provenanceOf(space, gallery, pictures)
    const bytes = withText(await png(sheetOf(pictures)), KEYWORD, text)
    await writeFileAtomically(path, bytes)
    return { bytes: bytes.length, pictures }
  }
  const frames: Uint8Array[] = []
  for (let i = 0; i < count; i++) frames.push(await png(frameOf(pictures, i)))
  if (as === 'animation') {
    const text = await provenanceOf(space, gallery, pictures)
    const back = frames.slice(1, -1).reverse()
    const animated = animationOf([...frames, ...back], FRAME_MILLISECONDS)
    const bytes = withText(animated, KEYWORD, text)
    await writeFileAtomically(path, bytes)
    return { bytes: bytes.length, pictures }
  }
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw asTargetError(error, basename(path))
  })
  let sum = 0
  for (const [i, frame] of frames.entries()) {
    const text = await provenanceOf(space, gallery, pictures, i)
    const bytes = withText(frame, KEYWORD, text)
    const digits = String(count).length
    await writeFileAtomically(join(path, `${String(i + 1).padStart(digits, '0')}.png`), bytes)
    sum += bytes.length
  }
  return { bytes: sum, pictures }
}

/**
 * How an exported picture was made.
 * @throws DarkroomError `picture-without-provenance` for any other file; `file-not-found`, `file-unreadable`
 */
export async function readProvenance(path: string): Promise<Provenance> {
  const file = basename(path)
  const bytes = await readFile(path).catch((error: unknown) => {
    throw asSourceError(error, file)
  })
  const text = bytes.subarray(1, 4).toString('latin1') === 'PNG' ? textOf(bytes, KEYWORD) : null
  const parsed = provenanceSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  throw new DarkroomError('picture-without-provenance', `${file} says nothing`, { file })
}

/** JSON, or null for what is none. */
function parsedJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}
