/** The one place that loads TensorFlow. Everything else in the engine takes `tf`, `backend` and `native` from here. */
import { createRequire } from 'node:module'
import type * as TensorFlow from '@tensorflow/tfjs-node'
import { DarkroomError } from '../../../shared/errors'
import './environment'

/** An attribute of a TensorFlow op, as the addon takes it. */
export interface OpAttribute {
  name: string
  type: number
  value: boolean | number | object | string | number[]
}

/** What the addon says about a tensor that an op returned. */
export interface TensorMetadata {
  id: number
  shape: number[]
  dtype: number
}

/** The native addon: the two calls that every op goes through, sessions, and TensorFlow's type numbers. */
export interface Native {
  createTensor(shape: number[], dtype: number, values: unknown): number
  deleteTensor(id: number): void
  executeOp(
    name: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[]
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[]
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_INT64: number
  readonly TF_BOOL: number
  readonly TF_UINT8: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
  readonly TF_Version: string
}

/** The parts of the tfjs-node backend that tracing reaches into; tfjs declares some of them private. */
export interface Backend {
  binding: Native
  getInputTensorIds: (tensors: readonly TensorFlow.TensorInfo[]) => number[]
  createOutputTensor: (metadata: TensorMetadata) => TensorFlow.Tensor
  write: (values: unknown, shape: number[], dtype: string) => object
  readSync: (dataId: object) => unknown
  executeSingleOutput(
    name: string,
    attributes: OpAttribute[],
    inputs: TensorFlow.TensorInfo[],
  ): TensorFlow.Tensor
}

function load(): typeof TensorFlow {
  try {
    return createRequire(__filename)('@tensorflow/tfjs-node') as typeof TensorFlow
  } catch (cause) {
    throw new DarkroomError(
      'tensorflow-missing',
      `TensorFlow could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      {},
      { cause },
    )
  }
}

/**
 * TensorFlow for JavaScript with its native backend.
 * @throws DarkroomError `tensorflow-missing` on import, when the addon or the library cannot be loaded.
 */
export const tf = load()
export const backend = tf.backend() as unknown as Backend
export const native: Native = backend.binding
/** The version of the TensorFlow library itself, not of its JavaScript wrapper. */
export const tensorflowVersion = native.TF_Version

export type { TensorFlow }
export type Tensor = TensorFlow.Tensor
