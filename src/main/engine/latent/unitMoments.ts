/** Mean and variance of each code value over the images, gathered batch by batch. */

/** A code value is active where its mean varies over the data by more than this (Burda et al. 2016). */
export const ACTIVE_VARIANCE = 0.01

export class UnitMoments {
  readonly #latent: number
  readonly #sums: Float64Array
  readonly #squares: Float64Array
  /** The first codes: variances are summed from there, so that large values lose no digits. */
  #origin: Float32Array | null = null
  #count = 0

  constructor(latent: number) {
    this.#latent = latent
    this.#sums = new Float64Array(latent)
    this.#squares = new Float64Array(latent)
  }

  /** @param codes [n, latent] */
  add(codes: Float32Array): void {
    const latent = this.#latent
    const origin = (this.#origin ??= codes.slice(0, latent))
    for (let i = 0; i < codes.length; i++) {
      const unit = i % latent
      const value = (codes[i] as number) - (origin[unit] as number)
      this.#sums[unit] = (this.#sums[unit] as number) + value
      this.#squares[unit] = (this.#squares[unit] as number) + value * value
    }
    this.#count += codes.length / latent
  }

  means(): Float64Array {
    return this.#sums.map((sum, unit) => sum / this.#count + (this.#origin?.[unit] ?? 0))
  }

  variances(): Float64Array {
    return this.#squares.map((square, unit) => {
      const mean = (this.#sums[unit] as number) / this.#count
      return square / this.#count - mean * mean
    })
  }

  active(): number {
    return this.variances().filter((variance) => variance > ACTIVE_VARIANCE).length
  }
}
