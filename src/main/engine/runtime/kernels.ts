/**
 * TensorFlow's own kernels with their gradients, where tfjs would compose slow ones: a bias as a broadcast
 * add, relu's gradient as step-and-multiply, a mean whose gradient is a full-size constant.
 * All images are NHWC float32. Each function works eagerly and inside a trace.
 */
export * from './kernels/activations'
export * from './kernels/images'
export * from './kernels/layers'
export * from './kernels/losses'
export * from './kernels/random'
export * from './kernels/types'
