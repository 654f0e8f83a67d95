/** Galleries as files: one sheet, a folder of frames, or an animation, each with what made it in its metadata. */
import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { Gallery, GalleryExport, GalleryPictures, Provenance } from '../../../shared/latent'
import type { Planes } from '../codec'
import { animationOf, withText } from '../codec/png/extras'
import { pngOf, sheetOf } from '../imaging/sheet'
import { asTargetError, writeFileAtomically } from '../store/atomicWriter'
import { identityOf, sameFile } from '../store/identity'
import { fromCodes, makeGallery } from './galleries'
import { filesOf, keyword, provenanceOf, withoutFiles } from './provenance'
import type { Space } from './spaces'

const FRAME_MILLISECONDS = 80
/** Black pixels between two pictures of a sheet. */
const GAP = 2

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

/** A gallery to be written: what its metadata say, and where it goes. */
interface Writing {
  made: Provenance
  pictures: GalleryPictures
  as: GalleryExport
  path: string
}

/**
 * Makes a gallery and writes it. `sheet` and `animation` go to a file, `frames` to a folder that is new or empty.
 * @returns the bytes of all that was written
 * @throws DarkroomError as `makeGallery` and the atomic writer; `target-is-source` for a file that the gallery shows
 */
export async function exportGallery(
  space: Space,
  gallery: Gallery,
  as: GalleryExport,
  path: string,
): Promise<{ bytes: number; pictures: GalleryPictures }> {
  await refuseSources(path, filesOf(gallery))
  const pictures = await makeGallery(space, gallery)
  const made = provenanceOf(space, await withoutFiles(space, gallery), pictures)
  return { bytes: await write({ made, pictures, as, path }), pictures }
}

/**
 * Makes a gallery and writes one of its pictures, by itself, as a folder of frames has it.
 * @returns the bytes written
 * @throws DarkroomError as {@link exportGallery}; `arguments-invalid` for a place that it does not have
 */
export async function exportPicture(
  space: Space,
  gallery: Gallery,
  place: number,
  path: string,
): Promise<number> {
  await refuseSources(path, filesOf(gallery))
  const pictures = await makeGallery(space, gallery)
  const { count } = pictures.pictures
  if (place >= count)
    throw new DarkroomError('arguments-invalid', `Expected less than ${count}. Received ${place}.`)
  const made = provenanceOf(space, await withoutFiles(space, gallery), pictures)
  const bytes = await frameFile(made, pictures, place)
  await writeFileAtomically(path, bytes)
  return bytes.length
}

/**
 * Makes what an exported picture shows again, byte for byte with the model that made it: from its codes, so that the
 * data need not be here; from the gallery where it holds other pictures or is one frame of many.
 * @param source the exported picture, which stays
 * @throws DarkroomError as {@link exportGallery}
 */
export async function remakeGallery(
  space: Space,
  provenance: Provenance,
  { as, path, source }: { as: GalleryExport; path: string; source: string },
): Promise<{ bytes: number; pictures: GalleryPictures }> {
  await refuseSources(path, [source])
  const { gallery, codes } = provenance
  const pictures = fromCodes(space, gallery, codes) ?? (await makeGallery(space, gallery))
  const made = provenanceOf(space, gallery, pictures)
  const sameModel = provenance.hash === space.hash
  const told = sameModel ? { ...made, model: provenance.model } : made // it may have been renamed
  return { bytes: await write({ made: told, pictures, as, path }), pictures }
}

async function refuseSources(path: string, sources: readonly string[]): Promise<void> {
  const target = await identityOf(path)
  for (const source of target ? sources : []) {
    if (!sameFile(target, await identityOf(source))) continue
    const file = basename(path)
    throw new DarkroomError('target-is-source', `${file} is an original`, { file })
  }
}

async function write({ made, pictures, as, path }: Writing): Promise<number> {
  if (as === 'frames') return writeFrames({ made, pictures, as, path })
  const picture =
    as === 'sheet'
      ? await pngOf(sheetOf(pictures.pictures, pictures.columns, { gap: GAP }))
      : await animated(pictures)
  const bytes = withText(picture, keyword, JSON.stringify(made))
  await writeFileAtomically(path, bytes)
  return bytes.length
}

/** There and back again, without showing the ends twice. */
async function animated(pictures: GalleryPictures): Promise<Uint8Array> {
  const frames: Uint8Array[] = []
  for (let i = 0; i < pictures.pictures.count; i++) frames.push(await pngOf(frameOf(pictures, i)))
  return animationOf([...frames, ...frames.slice(1, -1).reverse()], FRAME_MILLISECONDS)
}

/** A picture with its own code alone. */
async function frameFile(made: Provenance, pictures: GalleryPictures, place: number) {
  const own = { ...made, codes: made.codes.slice(place, place + 1) }
  return withText(await pngOf(frameOf(pictures, place)), keyword, JSON.stringify(own))
}

/** Numbered from 1, each with its own code alone. */
async function writeFrames({ made, pictures, path }: Writing): Promise<number> {
  await makeEmptyFolder(path)
  const { count } = pictures.pictures
  const digits = String(count).length
  let sum = 0
  for (let i = 0; i < count; i++) {
    const bytes = await frameFile(made, pictures, i)
    await writeFileAtomically(join(path, `${String(i + 1).padStart(digits, '0')}.png`), bytes)
    sum += bytes.length
  }
  return sum
}

/** @throws DarkroomError `target-unwritable` where something is in it: numbered files could be the user's own */
async function makeEmptyFolder(path: string): Promise<void> {
  const names = await mkdir(path, { recursive: true })
    .then(() => readdir(path))
    .catch((error: unknown) => {
      throw asTargetError(error, basename(path))
    })
  if (names.every((name) => name.startsWith('.'))) return
  const [file, reason] = [basename(path), 'ENOTEMPTY']
  throw new DarkroomError('target-unwritable', `${file}: ${reason}`, { file, reason })
}
