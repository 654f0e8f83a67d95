/** Codes of a gallery's pictures. */
import type { Anchor, Gallery, GalleryPictures } from '../../../shared/latent'

/** A picture's code; null for one that was not decoded. */
export function codeAt({ pictures, codes }: GalleryPictures, place: number): Float32Array | null {
  const latent = codes.length / pictures.count
  const code = codes.slice(place * latent, (place + 1) * latent)
  return code.length === 0 || code.some(Number.isNaN) ? null : code
}

/** The code that a traversal starts from: each row changes one latent, which another row has as it was. */
export function baseOf(pictures: GalleryPictures): Float32Array | null {
  const [code, other] = [codeAt(pictures, 0), codeAt(pictures, pictures.columns)]
  const changed = pictures.rows[0]?.latent
  if (!code || changed === undefined || changed === null) return null
  if (other) code[changed] = other[changed] ?? 0
  return code
}

/** A picture as a point: an image of the data, a sample, or its code. */
export function pointAt(gallery: Gallery, pictures: GalleryPictures, place: number): Anchor | null {
  if (gallery.kind === 'sample') {
    const { seed, temperature, from } = gallery
    return { kind: 'sample', seed, temperature, from, index: place }
  }
  const code = codeAt(pictures, place)
  if (code) return { kind: 'code', code: [...code] }
  return gallery.kind === 'reconstruct' ? (gallery.anchors[place] ?? null) : null
}

/** Where a picture lies among codes: its own code, or that of the reconstruction below an original. */
export const placeCodeAt = (pictures: GalleryPictures, place: number): Float32Array | null =>
  codeAt(pictures, place) ?? codeAt(pictures, place + pictures.columns)
