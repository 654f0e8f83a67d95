/** What an exported file says about how it was made: the one place where that is put together. */
import { version } from '../../../../package.json'
import type { Layer, Look } from '../../../shared/types'
import type { Metadata } from '../codec'
import { withProperties, withSoftware } from '../codec'
import type { OpenPhoto } from './openPhoto'

/** How a denoised layer came about. */
export interface Making {
  model: string
  /** SHA-256 of the model's weights, as on its card. */
  hash: string
  /** The noise level that the model was told, on the 0–255 scale. */
  sigma: number
  /** The same by brightness, where it depends on it. */
  byBrightness: number[] | null
}

const program = `Latent Darkroom ${version}`

/**
 * A photo's metadata with the program's name as EXIF's Software and, in XMP, what it did: model and its hash, noise
 * level (0–255, also by brightness where it depends on it), luma, chroma and texture in percent. Nothing about the person or the machine. That of the original
 * as it is.
 */
export function metadataOf(photo: OpenPhoto, layer: Layer, look: Look): Metadata {
  const { metadata } = photo.original
  if (layer === 'original') return metadata
  const making = layer === 'denoised' ? photo.denoised?.making : null
  const settings = making && {
    Model: making.model,
    ModelHash: making.hash,
    NoiseLevel: making.sigma.toFixed(2),
    ...(making.byBrightness && { NoiseByBrightness: making.byBrightness.join(' ') }),
    Luma: String(look.luma),
    Chroma: String(look.chroma),
    Texture: String(look.texture),
  }
  return {
    ...metadata,
    exif: withSoftware(metadata.exif, program),
    xmp: withProperties(metadata.xmp, { ProcessedWith: program, Layer: layer, ...settings }),
  }
}
