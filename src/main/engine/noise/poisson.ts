/**
 * Photon noise: a value v is decoded from sRGB to linear light x in 0–1, k ~ Poisson(λ) photons are counted,
 * λ = Λx with Λ photons at white, and k/Λ is encoded again. In linear light its variance is x/Λ.
 *
 * For λ < 16 k is drawn exactly, by inversion of the distribution function. From 16 on k is the rounded
 * Cornish–Fisher quantile of the normal number z of the same word,
 *   λ + s z + (z² − 1)/6 + (z − z³)/(72 s),  s² = λ − 1/12,
 * with the distribution's own mean, variance and skewness (rounding adds the twelfth; Sheppard): the
 * distribution function is met within 0.0002. One random word a value either way, which keeps the noise of a value
 * independent of all others.
 * Sources: IEC 61966-2-1 (sRGB); Cornish and Fisher 1938; Abramowitz and Stegun 26.2.49.
 */
import { maximumOf, newSamples, type Planes, type Samples } from '../codec/planes'
import { exp, normalOf, power, uniformOf } from './elementary'
import { inBands } from './inBands'
import type { Stream } from './philox'

const exactBelow = 16

/** @param photons Λ, 1–100,000 photons at white */
export async function poisson(planes: Planes, photons: number, stream: Stream): Promise<Planes> {
  const { data, bits } = planes
  const maximum = maximumOf(bits)
  const expected = Float64Array.from(
    { length: maximum + 1 },
    (_, value) => photons * toLinear(value / maximum),
  )
  const none = expected.map((lambda) => (lambda < exactBelow ? exp(-lambda) : 0))
  const encoded = encodedCounts(photons, bits)
  const noisy = newSamples(bits, data.length)
  await inBands(data.length, stream, (words, start) => {
    for (let i = 0; i < words.length; i++) {
      const value = data[start + i] as number
      const lambda = expected[value] as number
      const word = words[i] as number
      const count =
        lambda < exactBelow
          ? invert(lambda, none[value] as number, word)
          : approximate(lambda, word)
      noisy[start + i] = count < encoded.length ? (encoded[count] as number) : maximum
    }
  })
  return { ...planes, data: noisy }
}

/** The smallest k with P(K ≤ k) ≥ u, for the uniform number u of a word; `none` is P(K = 0) = e^−λ. */
function invert(lambda: number, none: number, word: number): number {
  const u = uniformOf(word)
  let k = 0
  // Beyond 100 a sum that rounding keeps below u would never end; P(K > 100) < 1e-40 for λ < 16.
  for (let p = none, sum = none; sum < u && k < 100; sum += p) p *= lambda / ++k
  return k
}

function approximate(lambda: number, word: number): number {
  const z = normalOf(word)
  const s = Math.sqrt(lambda - 1 / 12)
  const quantile = lambda + s * z + (z * z - 1) / 6 + (z - z * z * z) / (72 * s)
  return quantile <= 0 ? 0 : Math.floor(quantile + 0.5)
}

/** The values of 0, 1, … photons up to white; more photons than that are white as well. */
function encodedCounts(photons: number, bits: 8 | 16): Samples {
  const maximum = maximumOf(bits)
  const values = newSamples(bits, Math.floor(photons) + 1)
  for (let k = 0; k < values.length; k++) values[k] = toEncoded(k / photons) * maximum + 0.5
  return values
}

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : power((v + 0.055) / 1.055, 2.4))
const toEncoded = (x: number): number =>
  x <= 0.0031308 ? x * 12.92 : 1.055 * power(x, 1 / 2.4) - 0.055
