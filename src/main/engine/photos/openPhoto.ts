/** One photo that is open: its layers, what is known about them, and where it came from. */
import type { Layer, NoiseLevel, PhotoInfo } from '../../../shared/types'
import { DarkroomError } from '../../../shared/errors'
import type { DecodedImage, Planes } from '../codec'
import { breathe } from '../imaging/denoise'
import { removeImpulses } from '../imaging/impulses'
import { estimateNoise } from '../imaging/noiseLevel'
import { findTexture, type Texture } from '../imaging/texture'
import type { FileIdentity } from '../store/identity'
import type { Making } from './provenance'

export interface DenoisedLayer {
  planes: Planes
  /** False while a job works on it, and after one that was cancelled: some of it is a draft or the input. */
  complete: boolean
  /** Known once it is complete. */
  making: Making | null
  /** What {@link OpenPhoto.texture} found or is finding. */
  texture: Promise<Texture | null> | null
}

export class OpenPhoto {
  readonly info: PhotoInfo
  readonly original: DecodedImage
  /** The file it was read from; null for pasted bytes. It is never written to. */
  readonly source: FileIdentity | null
  denoised: DenoisedLayer | null = null
  #noisy: Planes | null = null
  #level: NoiseLevel | null = null

  constructor(info: PhotoInfo, original: DecodedImage, source: FileIdentity | null) {
    this.info = info
    this.original = original
    this.source = source
  }

  get noisy(): Planes | null {
    return this.#noisy
  }

  /** What the denoiser reads: `noisy` if there is one, else the original. */
  get input(): Planes {
    return this.#noisy ?? this.original
  }

  /** Replaces or removes the noisy layer. What was denoised from another input goes with it. */
  setNoisy(planes: Planes | null): void {
    this.#noisy = planes
    this.#level = null
    this.denoised = null
  }

  /** The input's noise level, estimated once. */
  noiseLevel(): NoiseLevel {
    this.#level ??= estimateNoise(this.input)
    return this.#level
  }

  /**
   * The texture that went with the noise, found once for each result. Null while there is no finished result, and
   * when another one takes its place meanwhile.
   */
  async texture(): Promise<Texture | null> {
    const layer = this.denoised
    if (!layer?.complete) return null
    layer.texture ??= this.#findTexture(layer)
    const texture = await layer.texture
    return this.denoised === layer ? texture : null
  }

  /** Impulses are no texture, however far they stand out. */
  async #findTexture(layer: DenoisedLayer): Promise<Texture | null> {
    const { input } = this
    const { impulses } = this.noiseLevel()
    const steady = impulses ? await removeImpulses(input, impulses, breathe) : input
    return findTexture(steady, layer.planes, () => this.denoised === layer)
  }

  /** A layer to look at. One that does not exist (yet) shows what it would be made from. */
  shown(layer: Layer): Planes {
    if (layer === 'original') return this.original
    return layer === 'noisy' ? this.input : (this.denoised?.planes ?? this.input)
  }

  /**
   * A layer to measure or to export.
   * @throws DarkroomError `result-missing` when it is not there, or is not finished
   */
  finished(layer: Layer): Planes {
    const planes = {
      original: this.original,
      noisy: this.#noisy,
      denoised: this.denoised?.complete ? this.denoised.planes : null,
    }[layer]
    if (planes) return planes
    const file = this.info.name
    throw new DarkroomError('result-missing', `${file} has no finished layer '${layer}'`, { file })
  }

  /** Bytes that its layers take. */
  get bytes(): number {
    const layers = [this.original, this.#noisy]
    const read = layers.reduce((sum, planes) => sum + (planes ? bytesOf(planes) : 0), 0)
    return read + (this.denoised ? this.resultBytes : 0)
  }

  /** Bytes that a result takes: its pixels, and two each for its texture. */
  get resultBytes(): number {
    return bytesOf(this.original) + 2 * this.info.width * this.info.height
  }
}

export const bytesOf = ({ data, alpha }: Planes): number =>
  data.byteLength + (alpha?.byteLength ?? 0)

/** Planes of the same size and depth with their own copy of the colour values; alpha is shared, nobody writes to it. */
export function copyOf({ width, height, channels, bits, data, alpha }: Planes): Planes {
  return { width, height, channels, bits, data: data.slice(), alpha }
}
