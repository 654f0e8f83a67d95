/**
 * A network for others: a TensorFlow SavedModel with its weights as constants and one signature, which Python loads
 * with `tf.saved_model.load(folder).signatures['serving_default']`, and TensorFlow Serving as it is.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { attr, type SignatureTensor } from './graphDefinition'
import { ProgramBuilder, type InputSpec, type Inputs, type State, type Variables } from './program'
import { native, type Tensor } from './tensorflow'

export interface SavedModelDescription<S extends Record<string, InputSpec>> {
  /** The weights, part of the graph from then on. */
  weights: State
  /** Inputs by the names that callers will use. Axes in `free` take any size; the batch axis should be one. */
  inputs: S
  /** Axes of the outputs that take any size. By default the first, where an input's first axis is free. */
  free?: readonly number[]
  /** Outputs by the names that callers will use. */
  body: (inputs: Inputs<S>, weights: Variables) => Record<string, Tensor>
}

const named = /^[A-Za-z][A-Za-z0-9_]*$/

/**
 * The bytes of a `saved_model.pb` for {@link writeSavedModel}.
 * @throws DarkroomError `arguments-invalid` when an input or output has a name that Python could not use as a keyword
 * @throws Error when `body` cannot be traced (see `trace`), or bakes in the size of a free axis
 */
export function savedModelBytes<S extends Record<string, InputSpec>>({
  weights,
  inputs,
  free: freeOutputs,
  body,
}: SavedModelDescription<S>): Uint8Array {
  const builder = new ProgramBuilder()
  for (const [name, value] of weights) builder.constant(`weights/${name}`, value)
  const shapes = new Map<string, number[]>()
  const reads = [...weights.keys()].map((name) => `weights/${name}`)
  const traced = builder.define(inputs, reads, (given, variables) => {
    const own = [...weights.keys()].map((name) => [name, variables[`weights/${name}`] as Tensor])
    const returned = body(given, Object.fromEntries(own) as Variables)
    for (const [name, tensor] of Object.entries(returned)) shapes.set(name, [...tensor.shape])
    return Object.values(returned)
  })
  for (const name of [...Object.keys(inputs), ...shapes.keys()]) {
    if (!named.test(name))
      throw new DarkroomError(
        'arguments-invalid',
        `Expected names of letters, digits and underscores. Received ${name}.`,
      )
  }
  const freeBatch = Object.values(inputs).some(({ free }) => free?.includes(0))
  const tensor = (
    node: string,
    dtype: InputSpec['dtype'],
    shape: readonly number[],
    free: readonly number[],
  ): SignatureTensor => ({
    node: `${node}:0`,
    type: dtype === 'int32' ? native.TF_INT32 : native.TF_FLOAT,
    shape: shape.map((size, axis) => (free.includes(axis) ? -1 : size)),
  })
  const inputTensors = Object.entries(inputs).map(
    ([name, { dtype, shape, free = [] }]) =>
      [name, tensor(traced.placeholders.get(name) as string, dtype, shape, free)] as const,
  )
  const outputTensors = [...shapes].map(([name, shape], index) => {
    const from = [traced.outputs[index] as string]
    const node = builder.graph.add(
      'Identity',
      from,
      { T: attr.type(native.TF_FLOAT) },
      `outputs/${name}`,
    )
    return [name, tensor(node, 'float32', shape, freeOutputs ?? (freeBatch ? [0] : []))] as const
  })
  return builder.graph.serialize({ inputs: new Map(inputTensors), outputs: new Map(outputTensors) })
}

/**
 * Writes a SavedModel into a new folder: all of it or nothing.
 * @throws DarkroomError `target-unwritable` when the folder exists or cannot be written, `disk-full`; and as
 * {@link savedModelBytes}
 */
export function writeSavedModel<S extends Record<string, InputSpec>>(
  folder: string,
  description: SavedModelDescription<S>,
): void {
  const bytes = savedModelBytes(description)
  const file = basename(folder)
  if (existsSync(folder)) throw unwritable(file, 'EEXIST')
  let part: string | undefined
  try {
    part = mkdtempSync(`${folder}.`)
    writeFileSync(join(part, 'saved_model.pb'), bytes, { flush: true })
    mkdirSync(join(part, 'variables')) // loaders look for it, though all weights are constants
    renameSync(part, folder)
  } catch (cause) {
    if (part !== undefined) rmSync(part, { recursive: true, force: true })
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    if (reason !== 'ENOSPC' && reason !== 'EDQUOT') throw unwritable(file, reason, cause)
    throw new DarkroomError('disk-full', `no space to write ${file}`, { file }, { cause })
  }
}

const unwritable = (file: string, reason: string, cause?: unknown): DarkroomError =>
  new DarkroomError(
    'target-unwritable',
    `${file} cannot be written: ${reason}`,
    { file, reason },
    { cause },
  )
