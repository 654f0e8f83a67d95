/**
 * Corruptions C(x̃ | x) inside a graph, drawn anew for each step: the same equations as the files beside this one,
 * in float and not clipped, from TensorFlow's stateless numbers. JPEG cannot be traced (`data/corruptImages`).
 */
import type { Noise, SimpleNoise } from '../../../shared/types'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'

/** Whether a corruption can be drawn inside a graph: all but those with JPEG in them. */
export function isTraceable(noise: Noise): boolean {
  return noise.kind === 'mixed'
    ? noise.parts.every((part) => part.kind !== 'jpeg')
    : noise.kind !== 'jpeg'
}

/**
 * x̃ for images x [batch, height, width, channels] with values in [0, 1].
 * @param seed int32 [2]; each part of a mix takes numbers of its own
 * @throws Error for JPEG
 */
export function corruptTraced(noise: Noise, images: Tensor, seed: Tensor): Tensor {
  const parts: readonly SimpleNoise[] = noise.kind === 'mixed' ? noise.parts : [noise]
  return parts.reduce<Tensor>(
    (x, part, index) => corruptOnce(part, x, tf.add(seed, tf.tensor1d([index * 7919, 0], 'int32'))),
    images,
  )
}

function corruptOnce(noise: SimpleNoise, x: Tensor, seed: Tensor): Tensor {
  const pixels = [...x.shape.slice(0, 3), 1]
  switch (noise.kind) {
    case 'gaussian':
      return tf.add(x, tf.mul(kernels.statelessNormal(x.shape, seed), noise.sigma / 255))
    case 'speckle': {
      const factor = tf.mul(kernels.statelessNormal(x.shape, seed), noise.sigma / 255)
      return tf.mul(x, tf.add(factor, 1))
    }
    case 'poisson': {
      const rate = tf.mul(toLinear(x), noise.photons)
      const counts = kernels.statelessPoisson(x.shape, seed, rate)
      return toEncoded(tf.div(counts, noise.photons))
    }
    case 'salt-pepper': {
      const u = kernels.statelessUniform(pixels, seed)
      const kept = tf.cast(tf.greaterEqual(u, noise.share), 'float32')
      const salt = tf.cast(
        tf.logicalAnd(tf.less(u, noise.share), tf.greaterEqual(u, noise.share / 2)),
        'float32',
      )
      return tf.add(tf.mul(x, kept), salt)
    }
    case 'masking': {
      const u = kernels.statelessUniform(pixels, seed)
      return tf.mul(x, tf.cast(tf.greaterEqual(u, noise.share), 'float32'))
    }
    case 'jpeg':
      throw new Error('Expected a corruption that can be traced. Received JPEG.')
  }
}

/** sRGB to linear light (IEC 61966-2-1), from 0 on. */
function toLinear(v: Tensor): Tensor {
  const curve = tf.pow(tf.div(tf.add(tf.maximum(v, 0), 0.055), 1.055), 2.4)
  return tf.where(tf.lessEqual(v, 0.04045), tf.div(tf.maximum(v, 0), 12.92), curve)
}

/** Linear light to sRGB. */
function toEncoded(x: Tensor): Tensor {
  const curve = tf.sub(tf.mul(tf.pow(x, 1 / 2.4), 1.055), 0.055)
  return tf.where(tf.lessEqual(x, 0.0031308), tf.mul(x, 12.92), curve)
}
