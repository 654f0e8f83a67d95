/**
 * Random numbers without a state (Salmon et al. 2011, Philox): `seed` is an int32 pair, the same pair gives the same
 * numbers, which makes a run repeatable and resumable without saving a generator. They have no gradient.
 */
import { native, tf, type Tensor } from '../tensorflow'
import { op, shapeTensor, typeAttribute } from './operation'

const float = typeAttribute('dtype', native.TF_FLOAT)
const indices = [typeAttribute('T', native.TF_INT32), typeAttribute('Tseed', native.TF_INT32)]

/** Standard normal numbers of the given shape. */
export function statelessNormal(shape: readonly number[], seed: Tensor): Tensor {
  return tf.tidy(() => op('StatelessRandomNormal', [float, ...indices], shapeTensor(shape), seed))
}

/** Numbers of the given shape, uniform in [0, 1). */
export function statelessUniform(shape: readonly number[], seed: Tensor): Tensor {
  return tf.tidy(() => op('StatelessRandomUniform', [float, ...indices], shapeTensor(shape), seed))
}

/** Poisson counts, as float32: one for each element of `rate` ≥ 0, whose shape must be the last axes of `shape`. */
export function statelessPoisson(shape: readonly number[], seed: Tensor, rate: Tensor): Tensor {
  const attributes = [typeAttribute('Rtype', native.TF_FLOAT), float, ...indices]
  return tf.tidy(() => op('StatelessRandomPoisson', attributes, shapeTensor(shape), seed, rate))
}
