/**
 * The photo denoiser: a fully convolutional denoising autoencoder with skip connections.
 *
 * The noisy image is pixel-unshuffled by 2 (a quarter of the pixels, four times the channels) and joined by a map
 * of the noise level, as in FFDNet (Zhang, Zuo, Zhang 2018); then an encoder–decoder of residual blocks with
 * additive skips, as in DRUNet (Zhang et al. 2021), predicts the noise, which is subtracted from the input.
 * One width makes it a plain residual network at half resolution, more widths add scales below it.
 *
 * A block is x + conv(relu(conv(x) + b)), with no bias on the second convolution: with one, TensorFlow's graph
 * optimiser would try to fuse convolution, bias, sum and relu although the sum is needed elsewhere, and give up fusing.
 */
import { z } from 'zod'
import * as kernels from '../runtime/kernels'
import type { Precision } from '../runtime/precision'
import { tf, type Tensor } from '../runtime/tensorflow'
import type { State, Variables } from '../runtime/program'
import type { ParameterSpecs } from './parameters'
import { initialValues, parameterCount as countOf } from './parameters'

export const photoDenoiserConfig = z.strictObject({
  network: z.literal('photo-denoiser'),
  /** 1 grey, 3 colour. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Channels at each scale, from half resolution down. */
  widths: z.array(z.int().min(4).max(512)).min(1).max(5),
  /** Residual blocks at each scale, on the way down and on the way up (the deepest scale has them once). */
  blocks: z.int().min(1).max(16),
})
export type PhotoDenoiserConfig = z.infer<typeof photoDenoiserConfig>

const he = (kernel: number, inputs: number, gain = 1): number =>
  gain * Math.sqrt(2 / (kernel * kernel * inputs))

/** The sides of what the network reads must be multiples of this: 2 for the unshuffling, 2 for each further scale. */
export const sideMultiple = (config: PhotoDenoiserConfig): number => 2 ** config.widths.length

/** How many pixels from a pixel the input can still change it: what tiles must overlap by to be exact. */
export function receptiveRadius({ widths, blocks }: PhotoDenoiserConfig): number {
  let radius = 2 * 2 // head and tail
  widths.forEach((_, scale) => {
    const passes = scale === widths.length - 1 ? 1 : 2
    radius += passes * blocks * 2 * 2 ** (scale + 1) + 2 ** (scale + 1)
  })
  return radius
}

/** The parameters by name, in the order they are used. */
export function photoDenoiserParameters(config: PhotoDenoiserConfig): ParameterSpecs {
  const { channels, widths, blocks } = config
  const specs: ParameterSpecs = new Map()
  const convolution = (
    name: string,
    kernel: number,
    inputs: number,
    outputs: number,
    gain: number,
    bias: boolean,
  ): void => {
    specs.set(`${name}/filter`, {
      shape: [kernel, kernel, inputs, outputs],
      deviation: he(kernel, inputs, gain),
    })
    if (bias) specs.set(`${name}/bias`, { shape: [outputs], deviation: 0 })
  }
  const block = (name: string, width: number): void => {
    convolution(`${name}/first`, 3, width, width, 1, true)
    convolution(`${name}/second`, 3, width, width, 0.1, false)
  }
  convolution('head', 3, 4 * channels + 1, widths[0] as number, 1, true)
  widths.forEach((width, scale) => {
    const last = scale === widths.length - 1
    for (let k = 0; k < blocks; k++) block(`down${scale}/block${k}`, width)
    if (last) return
    convolution(`down${scale}/reduce`, 1, 4 * width, widths[scale + 1] as number, 0.7, false)
  })
  for (let scale = widths.length - 2; scale >= 0; scale--) {
    const width = widths[scale] as number
    convolution(`up${scale}/expand`, 1, widths[scale + 1] as number, 4 * width, 0.7, false)
    for (let k = 0; k < blocks; k++) block(`up${scale}/block${k}`, width)
  }
  convolution('tail', 3, widths[0] as number, 4 * channels, 0.1, true)
  return specs
}

/**
 * Zeros as biases for the convolutions that have none. They change no value, but with a bias TensorFlow runs a
 * convolution by its fused kernel, which was 1.5 times as fast. For inference only: see the top of this file.
 */
export function zeroBiases(config: PhotoDenoiserConfig): State {
  const state: State = new Map()
  const specs = photoDenoiserParameters(config)
  for (const [name, { shape }] of specs) {
    const bias = name.replace(/\/filter$/, '/bias')
    const width = shape.at(-1) as number
    if (!specs.has(bias)) state.set(bias, { shape: [width], data: new Float32Array(width) })
  }
  return state
}

/** How many numbers the network has. */
export const parameterCount = (config: PhotoDenoiserConfig): number =>
  countOf(photoDenoiserParameters(config))

/** Initial values: He et al. 2015, smaller where a branch is added; from stateless normals, so `seed` decides all. */
export const initialParameters = (config: PhotoDenoiserConfig, seed: number): State =>
  initialValues(photoDenoiserParameters(config), seed)

/**
 * Denoises. `noisy` [batch, height, width, channels] with values in [0, 1] (noise may exceed them), `level`
 * [batch, height/2, width/2, 1] is σ as a share of white at each place of the unshuffled image, sides are multiples
 * of {@link sideMultiple}; returns the shape of `noisy`. A convolution adds a bias where `parameters` have one.
 */
export function photoDenoiser(
  config: PhotoDenoiserConfig,
  parameters: Variables,
  noisy: Tensor,
  level: Tensor,
  precision: Precision = 'float32',
): Tensor {
  const reduced = precision === 'bfloat16'
  const parameter = (name: string): Tensor => {
    const value = parameters[name]
    if (!value) throw new Error(`Expected parameter ${name}. Received none.`)
    return reduced ? kernels.toBfloat16(value) : value
  }
  const convolve = (name: string, x: Tensor): Tensor => {
    const y = kernels.conv2d(x, parameter(`${name}/filter`))
    return `${name}/bias` in parameters ? kernels.biasAdd(y, parameter(`${name}/bias`)) : y
  }
  const block = (name: string, x: Tensor): Tensor =>
    tf.add(x, convolve(`${name}/second`, kernels.relu(convolve(`${name}/first`, x))))
  const blocks = (side: string, x: Tensor): Tensor => {
    for (let k = 0; k < config.blocks; k++) x = block(`${side}/block${k}`, x)
    return x
  }
  const deepest = config.widths.length - 1

  const unshuffled = kernels.spaceToDepth(noisy, 2)
  const input = tf.concat([unshuffled, level], 3)
  let x = convolve('head', reduced ? kernels.toBfloat16(input) : input)
  const skips: Tensor[] = [x]
  for (let scale = 0; scale <= deepest; scale++) {
    x = blocks(`down${scale}`, x)
    if (scale === deepest) break
    skips.push(x)
    x = convolve(`down${scale}/reduce`, kernels.spaceToDepth(x, 2))
  }
  for (let scale = deepest - 1; scale >= 0; scale--) {
    const up = kernels.depthToSpace(convolve(`up${scale}/expand`, x), 2)
    x = blocks(`up${scale}`, tf.add(up, skips.pop() as Tensor))
  }
  const tail = convolve('tail', tf.add(x, skips.pop() as Tensor))
  return tf.sub(noisy, kernels.depthToSpace(reduced ? kernels.toFloat32(tail) : tail, 2))
}
