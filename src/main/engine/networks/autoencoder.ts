/**
 * Encoder and decoder of an autoencoder as functions of explicit parameters, in two families that share one shape:
 * layers from the image inwards, a dense layer to the code, and the mirror of it back to the image's logits.
 *
 * `mlp`: dense layers of the given widths. `cnn`: 3 × 3 convolutions of stride 2 with the given channels, then
 * (optionally) one dense layer. The decoder's transposed convolutions are 4 × 4 of stride 2, whose windows overlap
 * evenly (Odena, Dumoulin, Olah 2016); sides that are not a power of two are cut to the encoder's on the way back.
 */
import type { AutoencoderConfig } from '../../../shared/training'
import * as kernels from '../runtime/kernels'
import type { Precision } from '../runtime/precision'
import type { Variables } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { activate, derivative, initialDeviation, type Activation } from './activation'
import type { ParameterSpecs } from './parameters'

/** An image's shape, as in a batch [batch, height, width, channels]. */
export interface ImageShape {
  height: number
  width: number
  channels: number
}

/** The part of a configuration that decides the network. */
export type NetworkConfig = Pick<
  AutoencoderConfig,
  'family' | 'layers' | 'dense' | 'latent' | 'activation'
>

/** Where hidden activations may be changed: dropout in training. `index` counts the hidden layers of both halves. */
export type Between = (hidden: Tensor, index: number) => Tensor

export interface NetworkOptions {
  precision?: Precision
  between?: Between
}

const ENCODER_KERNEL = 3
const DECODER_KERNEL = 4
const STRIDE = 2

export const pixelsOf = ({ height, width, channels }: ImageShape): number =>
  height * width * channels

/** Heights and widths after 0, 1, 2, … convolutions. */
function sidesOf({ height, width }: ImageShape, count: number): [number, number][] {
  const sides: [number, number][] = [[height, width]]
  for (let i = 0; i < count; i++) {
    const [h, w] = sides[i] as [number, number]
    sides.push([Math.ceil(h / STRIDE), Math.ceil(w / STRIDE)])
  }
  return sides
}

/** How many numbers the layers before the code's own give, and the widths of the dense layers among them. */
function flatWidths(network: NetworkConfig, shape: ImageShape): number[] {
  if (network.family === 'mlp') return [pixelsOf(shape), ...network.layers]
  const [height, width] = sidesOf(shape, network.layers.length).at(-1) as [number, number]
  const channels = network.layers.at(-1) ?? shape.channels
  const flat = height * width * channels
  return network.dense > 0 ? [flat, network.dense] : [flat]
}

/**
 * The parameters by name, in the order they are used. `outputs` is how many numbers the encoder gives for each code
 * value: 1, or 2 for a mean and a logarithm of a variance.
 */
export function autoencoderParameters(
  network: NetworkConfig,
  shape: ImageShape,
  outputs: 1 | 2,
): ParameterSpecs {
  const { family, layers, latent, activation } = network
  const specs: ParameterSpecs = new Map()
  const dense = (name: string, from: number, to: number, phi: Activation | null): void => {
    specs.set(`${name}/weights`, { shape: [from, to], deviation: initialDeviation(phi, from, to) })
    specs.set(`${name}/bias`, { shape: [to], deviation: 0 })
  }
  const widths = flatWidths(network, shape)
  const channels = [shape.channels, ...layers]

  if (family === 'cnn') {
    layers.forEach((to, i) => {
      const from = channels[i] as number
      const deviation = initialDeviation(
        activation,
        ENCODER_KERNEL ** 2 * from,
        ENCODER_KERNEL ** 2 * to,
      )
      specs.set(`encoder/convolution${i}/filter`, {
        shape: [ENCODER_KERNEL, ENCODER_KERNEL, from, to],
        deviation,
      })
      specs.set(`encoder/convolution${i}/bias`, { shape: [to], deviation: 0 })
    })
  }
  widths
    .slice(1)
    .forEach((to, i) => dense(`encoder/dense${i}`, widths[i] as number, to, activation))
  dense('encoder/code', widths.at(-1) as number, latent * outputs, null)

  const back = [latent, ...[...widths].reverse()]
  const last = back.length - 2
  back.slice(1).forEach((to, i) => {
    const output = family === 'mlp' && i === last
    dense(`decoder/dense${i}`, back[i] as number, to, output ? null : activation)
  })
  if (family === 'cnn') {
    for (let i = layers.length - 1; i >= 0; i--) {
      const [from, to] = [channels[i + 1] as number, channels[i] as number]
      // of a kernel's 16 weights, each output pixel meets 4
      const fan = (DECODER_KERNEL / STRIDE) ** 2
      specs.set(`decoder/convolution${i}/filter`, {
        shape: [DECODER_KERNEL, DECODER_KERNEL, to, from],
        deviation: initialDeviation(i === 0 ? null : activation, fan * from, fan * to),
      })
      specs.set(`decoder/convolution${i}/bias`, { shape: [to], deviation: 0 })
    }
  }
  return specs
}

/** One layer: a linear map, a bias, an activation. A layer that only reshapes has neither bias nor activation. */
interface Layer {
  linear(x: Tensor): Tensor
  bias: Tensor | null
  activation: Activation | null
}

/** Reads parameters by name, in the precision that is asked for. */
function reader(parameters: Variables, precision: Precision): (name: string) => Tensor {
  return (name) => {
    const value = parameters[name]
    if (!value) throw new Error(`Expected parameter ${name}. Received none.`)
    return precision === 'bfloat16' ? kernels.toBfloat16(value) : value
  }
}

function encoderLayers(
  network: NetworkConfig,
  shape: ImageShape,
  parameter: (name: string) => Tensor,
): Layer[] {
  const { family, layers, activation } = network
  const list: Layer[] = []
  const widths = flatWidths(network, shape)
  if (family === 'cnn') {
    layers.forEach((_, i) => {
      const filter = parameter(`encoder/convolution${i}/filter`)
      list.push({
        linear: (x) => kernels.conv2d(x, filter, { stride: STRIDE }),
        bias: parameter(`encoder/convolution${i}/bias`),
        activation,
      })
    })
  }
  const flat = widths[0] as number
  list.push({ linear: (x) => kernels.reshapeItems(x, [flat]), bias: null, activation: null })
  const dense = (name: string, phi: Activation | null): void => {
    const weights = parameter(`${name}/weights`)
    list.push({
      linear: (x) => kernels.matMul(x, weights),
      bias: parameter(`${name}/bias`),
      activation: phi,
    })
  }
  widths.slice(1).forEach((_, i) => dense(`encoder/dense${i}`, activation))
  dense('encoder/code', null)
  return list
}

const entering = (x: Tensor, precision: Precision): Tensor =>
  precision === 'bfloat16' ? kernels.toBfloat16(x) : x
const leaving = (x: Tensor, precision: Precision): Tensor =>
  precision === 'bfloat16' ? kernels.toFloat32(x) : x

/**
 * The encoder's last linear layer: images [batch, height, width, channels] → [batch, latent · outputs].
 * What becomes of it (a sigmoid, a mean and a variance) is the model's.
 */
export function encode(
  network: NetworkConfig,
  shape: ImageShape,
  parameters: Variables,
  images: Tensor,
  { precision = 'float32', between = (hidden) => hidden }: NetworkOptions = {},
): Tensor {
  let x = entering(images, precision)
  let hidden = 0
  for (const layer of encoderLayers(network, shape, reader(parameters, precision))) {
    x = layer.linear(x)
    if (layer.bias) x = kernels.biasAdd(x, layer.bias)
    if (layer.activation) x = between(activate(layer.activation, x), hidden++)
  }
  return leaving(x, precision)
}

/**
 * The encoder and its directional derivative: c = f(x) and J·v, J = ∂c/∂x at `images`, by carrying the tangent v
 * through each layer (forward mode). Both have gradients with regard to the parameters, relu's kink left out.
 */
export function encodeWithTangent(
  network: NetworkConfig,
  shape: ImageShape,
  parameters: Variables,
  images: Tensor,
  direction: Tensor,
): { code: Tensor; tangent: Tensor } {
  let [x, v] = [images, direction]
  for (const layer of encoderLayers(network, shape, reader(parameters, 'float32'))) {
    x = layer.linear(x)
    v = layer.linear(v)
    if (layer.bias) x = kernels.biasAdd(x, layer.bias)
    if (layer.activation) {
      x = activate(layer.activation, x)
      v = tf.mul(v, derivative(layer.activation, x))
    }
  }
  return { code: x, tangent: v }
}

/**
 * The decoder: codes [batch, latent] → logits [batch, height, width, channels]; the image is their sigmoid.
 * `unitNorm` divides each code value's outgoing weights by their norm, so that a small code cannot be made up for.
 */
export function decode(
  network: NetworkConfig,
  shape: ImageShape,
  parameters: Variables,
  codes: Tensor,
  options: NetworkOptions & { unitNorm?: boolean } = {},
): Tensor {
  const { precision = 'float32', between = (hidden) => hidden, unitNorm = false } = options
  const { family, layers, activation } = network
  const read = reader(parameters, precision)
  const widths = flatWidths(network, shape).reverse()
  let hidden = widths.length + layers.length // beyond the encoder's
  let x = entering(codes, precision)
  widths.forEach((_, i) => {
    const weights = read(`decoder/dense${i}/weights`)
    const normed = unitNorm && i === 0 ? unitRows(weights) : weights
    x = kernels.dense(x, normed, read(`decoder/dense${i}/bias`))
    if (family === 'cnn' || i < widths.length - 1) x = between(activate(activation, x), hidden++)
  })
  const sides = sidesOf(shape, family === 'cnn' ? layers.length : 0)
  const [height, width] = sides.at(-1) as [number, number]
  const deepest = family === 'cnn' ? (layers.at(-1) ?? shape.channels) : shape.channels
  x = kernels.reshapeItems(x, [height, width, deepest])
  if (family === 'cnn') {
    for (let i = layers.length - 1; i >= 0; i--) {
      const filter = read(`decoder/convolution${i}/filter`)
      x = kernels.conv2dTranspose(x, filter, { stride: STRIDE })
      const [rows, columns] = sides[i] as [number, number]
      if (x.shape[1] !== rows || x.shape[2] !== columns) x = kernels.crop(x, rows, columns)
      x = kernels.biasAdd(x, read(`decoder/convolution${i}/bias`))
      if (i > 0) x = between(activate(activation, x), hidden++)
    }
  }
  return leaving(x, precision)
}

/** Each row of w [rows, columns] divided by its norm. */
function unitRows(weights: Tensor): Tensor {
  const squares = tf.sum(tf.square(weights), 1, true)
  return tf.div(weights, tf.sqrt(tf.add(squares, 1e-12)))
}
