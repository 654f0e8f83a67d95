/** The photos that are open, by id: read once, kept as planes until closed, within a bound of memory. */
import { randomUUID } from 'node:crypto'
import { totalmem } from 'node:os'
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import type { PhotoInfo } from '../../../shared/types'
import { decodeImage, decodeImageFile } from '../codec'
import { cameraOf } from '../codec/metadata/exif'
import { identityOf, sameFile } from '../store/identity'
import { OpenPhoto, bytesOf } from './openPhoto'

export type PhotoSource = { path: string } | { bytes: Uint8Array; name: string }

/** All layers of all photos together: half of the machine's memory, at most 4 GiB. */
const defaultLimit = Math.min(4 * 1024 ** 3, totalmem() / 2)

export class Photos {
  readonly #open = new Map<string, OpenPhoto>()
  readonly #limit: number

  constructor(limitBytes = defaultLimit) {
    this.#limit = limitBytes
  }

  /**
   * Reads and decodes an image; of a TIFF with several pages, the one of that number, from 1.
   * @throws DarkroomError of the codec, naming the file; `out-of-memory` when too much is open already
   */
  async open(source: PhotoSource, page = 1): Promise<PhotoInfo> {
    const name = 'path' in source ? basename(source.path) : source.name
    const identity = 'path' in source ? await identityOf(source.path) : null
    const image =
      'path' in source
        ? await decodeImageFile(source.path, page)
        : await decodeImage(source.bytes, name, page)
    this.reserve(bytesOf(image), name)
    const { format, width, height, channels, bits, orientation, metadata } = image
    const { fileBytes, fileBits, white, float, pages } = image
    const info: PhotoInfo = {
      photo: randomUUID(),
      name,
      format,
      width,
      height,
      channels,
      alpha: image.alpha !== null,
      bits,
      fileBits,
      usedBits: bits === 16 && white < 65_535 ? Math.log2(white + 1) : fileBits,
      float,
      page,
      pages,
      orientation,
      exif: metadata.exif !== null,
      camera: cameraOf(metadata.exif),
      profile: metadata.profileName,
      fileBytes,
    }
    this.#open.set(info.photo, new OpenPhoto(info, image, identity))
    return info
  }

  /** @throws DarkroomError `photo-unknown` */
  get(photo: string): OpenPhoto {
    const found = this.#open.get(photo)
    if (found) return found
    throw new DarkroomError('photo-unknown', `no photo ${photo} is open`)
  }

  /** Forgets a photo and its layers; one that is closed already is no error. */
  close(photo: string): void {
    this.#open.delete(photo)
  }

  /**
   * Checks that so many more bytes may be kept.
   * @throws DarkroomError `out-of-memory` naming the file that needs them
   */
  reserve(bytes: number, file: string): void {
    let used = bytes
    for (const photo of this.#open.values()) used += photo.bytes
    if (used <= this.#limit) return
    const [needed, limit] = [used, this.#limit].map((each) => Math.round(each / 1024 ** 2))
    throw new DarkroomError('out-of-memory', `${needed} MiB of pixels, the limit is ${limit} MiB`, {
      file,
    })
  }

  /** Whether a path leads to the source of a photo that is open. */
  async isSource(path: string): Promise<boolean> {
    const identity = await identityOf(path)
    return [...this.#open.values()].some(({ source }) => sameFile(source, identity))
  }
}
