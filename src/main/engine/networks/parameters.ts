/** Parameters of a network: their shapes, how they start, and their initial values. */
import * as kernels from '../runtime/kernels'
import type { State } from '../runtime/program'
import { tf } from '../runtime/tensorflow'

/** A parameter: its shape and how it starts. */
export interface ParameterSpec {
  shape: number[]
  /** Standard deviation of its normal initial values; 0 for zeros. */
  deviation: number
}
/** Parameters by name, in the order they are used. */
export type ParameterSpecs = Map<string, ParameterSpec>

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** How many numbers the parameters have together. */
export function parameterCount(specs: ParameterSpecs): number {
  let sum = 0
  for (const { shape } of specs.values()) sum += sizeOf(shape)
  return sum
}

/** Initial values from stateless normals, so that `seed` decides all. */
export function initialValues(specs: ParameterSpecs, seed: number): State {
  const state: State = new Map()
  let index = 0
  for (const [name, { shape, deviation }] of specs) {
    const values = tf.tidy(() =>
      kernels.statelessNormal(shape, tf.tensor1d([seed, index++], 'int32')).mul(deviation),
    )
    state.set(name, { shape, data: Float32Array.from(values.dataSync()) })
    values.dispose()
  }
  return state
}
