import { afterAll, describe, expect, it } from 'vitest'
import {
  initialParameters,
  photoDenoiserParameters,
  type PhotoDenoiserConfig,
} from '../networks/photoDenoiser'
import { openSessions } from '../runtime/session'
import { tf } from '../runtime/tensorflow'
import { buildNeighbourTraining, viewOf, type NeighbourChoice } from './neighbours'
import { zeroMoments } from './training'

const config: PhotoDenoiserConfig = {
  network: 'photo-denoiser',
  channels: 1,
  widths: [12],
  blocks: 1,
}
const [batch, side] = [4, 32]

afterAll(() => expect(openSessions()).toBe(0))

const open = () => {
  const training = buildNeighbourTraining(config, batch, side, 'float32', { clipNorm: 1 })
  training.program.assign(initialParameters(config, 4))
  training.program.assign(zeroMoments(photoDenoiserParameters(config)))
  return training
}

/** Neighbours side by side or one above the other, others at each place and step. */
const choose = (step: number): NeighbourChoice => {
  const cells = (batch * side * side) / 4
  const choice = { first: new Float32Array(4 * cells), second: new Float32Array(4 * cells) }
  for (let cell = 0; cell < cells; cell++) {
    const [a, b] = [
      [0, 1],
      [2, 0],
      [3, 2],
      [1, 3],
    ][(cell * 7 + step * 3 + (cell >> 3)) % 4] as [number, number]
    choice.first[4 * cell + a] = 1
    choice.second[4 * cell + b] = 1
  }
  return choice
}

/** Smooth waves, others for each image. */
const clean = (step: number): Float32Array =>
  Float32Array.from({ length: batch * side * side }, (_, i) => {
    const [x, y, image] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)]
    return 0.5 + 0.3 * Math.sin((x + 3 * step) / (3 + image)) * Math.cos(y / (4 + (step % 5)))
  })
const noisy = (of: Float32Array, seed: number): Float32Array => {
  const noise = tf.tidy(() => tf.randomNormal([of.length], 0, 25 / 255, 'float32', seed).dataSync())
  return of.map((value, i) => value + (noise[i] as number))
}

describe('views', () => {
  it('are the chosen pixels', () => {
    const images = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1])
    const choice = tf.tensor4d([0, 1, 0, 0, 0, 0, 1, 0], [1, 1, 2, 4])
    expect([...viewOf(images, choice).dataSync()]).toEqual([2, 7])
    const colour = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [1, 2, 2, 3])
    const last = tf.tensor4d([0, 0, 0, 1], [1, 1, 1, 4])
    expect([...viewOf(colour, last).dataSync()]).toEqual([10, 11, 12])
    tf.dispose([images, choice, colour, last])
  })
})

describe('training on noisy photos', () => {
  it('reports both terms of the loss as they are computed by hand', () => {
    const training = open()
    const input = noisy(clean(0), 1)
    const choice = choose(1)
    const area = side * side
    const half = side / 2
    const pick = (image: Float32Array, places: Float32Array, of: number): Float32Array =>
      Float32Array.from({ length: half * half }, (_, cell) => {
        const place = places.indexOf(1, 4 * (of * half * half + cell)) % 4
        const [x, y] = [2 * (cell % half) + (place % 2), 2 * Math.floor(cell / half) + (place >> 1)]
        return image[y * side + x] as number
      })
    let [error, consistency] = [0, 0]
    for (let of = 0; of < batch; of++) {
      const image = input.slice(of * area, (of + 1) * area)
      const whole = training.denoise(image.slice(), side, side, 25)
      const output = training.denoise(pick(image, choice.first, of), half, half, 25)
      const target = pick(image, choice.second, of)
      const [one, two] = [pick(whole, choice.first, of), pick(whole, choice.second, of)]
      output.forEach((value, i) => {
        const difference = value - (target[i] as number)
        error += difference ** 2
        consistency += (difference - ((one[i] as number) - (two[i] as number))) ** 2
      })
    }
    const pixels = batch * half * half
    const sigmas = new Float32Array(batch).fill(25)
    const report = training.step({ noisy: input, sigmas, choice, weight: 1.5 }, 1, 1e-3)
    expect(report.parts[0]).toBeCloseTo(error / pixels, 5)
    expect(report.parts[1]).toBeCloseTo(consistency / pixels, 5)
    expect(report.loss).toBeCloseTo((error + 1.5 * consistency) / pixels, 5)
    training.close()
  })

  it('removes noise without ever seeing a clean image, and leaves no tensors', () => {
    const training = open()
    const sigmas = new Float32Array(batch).fill(25)
    let tensors = 0
    for (let step = 1; step <= 200; step++) {
      const choice = choose(step)
      training.step({ noisy: noisy(clean(step), step), sigmas, choice, weight: 1 }, step, 4e-3)
      if (step === 1) tensors = tf.memory().numTensors
    }
    expect(tf.memory().numTensors).toBe(tensors)
    const truth = clean(1000).slice(0, side * side)
    const given = noisy(truth, 9)
    const meanSquare = (values: Float32Array): number =>
      values.reduce((sum, value, i) => sum + (value - (truth[i] as number)) ** 2, 0) / truth.length
    const left = meanSquare(training.denoise(given.slice(), side, side, 25))
    expect(left).toBeLessThan(meanSquare(given) / 3)
    training.close()
  })
})
