/**
 * Tracing: a function of tensors is run once while every call to the native addon is recorded as a node
 * of a graph. Forward pass, gradients and all, because tfjs computes gradients with the same ops.
 */
import { attr, BFLOAT16, fromOpAttribute, type GraphDefinition } from './graphDefinition'
import { backend, native, tf, type Tensor } from './tensorflow'

/** Larger constants are a mistake (data should enter by a placeholder or a variable) and would bloat the graph. */
const LARGEST_CONSTANT_BYTES = 1 << 20

/**
 * TensorFlow's mark for a sum that its graph optimiser has seen. It joins chains of sums into one op otherwise, which adds
 * its terms in an order that depends on which buffer happens to be free: from the same seed, weights would differ in
 * their last bits now and then.
 */
const SUM_AS_IT_IS = { _grappler_ArithmeticOptimizer_AddOpsRewriteStage: attr.bool(true) }
const SUMS = new Set(['Add', 'AddV2'])

/** A node's output: `node` or `node:k`. */
export type Output = string

function bytesOf(values: unknown, dtype: number): Buffer {
  let typed: ArrayBufferView
  if (ArrayBuffer.isView(values)) typed = values
  else if (dtype === native.TF_INT32) typed = Int32Array.from(values as number[])
  else if (dtype === native.TF_BOOL) typed = Uint8Array.from(values as number[])
  else typed = Float32Array.from(values as number[])
  return Buffer.from(typed.buffer, typed.byteOffset, typed.byteLength)
}

/** A constant node. One number repeated (the ones of a gradient, say) becomes a `Fill`, which costs the graph nothing. */
function addConstant(
  graph: GraphDefinition,
  shape: number[],
  dtype: number,
  values: unknown,
): Output {
  const bytes = bytesOf(values, dtype)
  const count = shape.reduce((product, size) => product * size, 1)
  const width = count === 0 ? 0 : bytes.length / count
  const uniform =
    count > 64 && bytes.subarray(width).equals(bytes.subarray(0, bytes.length - width))
  if (uniform) {
    const value = attr.constant([], dtype, bytes.subarray(0, width))
    const scalar = graph.add('Const', [], { dtype: attr.type(dtype), value })
    const dims = graph.constant(Int32Array.from(shape), [shape.length])
    const types = { T: attr.type(dtype), index_type: attr.type(native.TF_INT32) }
    return graph.add('Fill', [dims, scalar], types)
  }
  if (bytes.length > LARGEST_CONSTANT_BYTES) {
    throw new Error(
      `Expected constants of at most ${LARGEST_CONSTANT_BYTES} bytes in a traced function. Received one of ${bytes.length} bytes and shape [${shape.join(', ')}]: feed it, or make it a variable.`,
    )
  }
  return graph.add('Const', [], {
    dtype: attr.type(dtype),
    value: attr.constant(shape, dtype, bytes),
  })
}

/** The true types of the tensors that the trace under way has made. */
let tracedTypes: ReadonlyMap<number, number> = new Map()

/** Whether ops on this tensor will run in bfloat16, which tfjs cannot tell; only ever inside a trace. */
export const isBfloat16 = (tensor: Tensor): boolean =>
  backend.getInputTensorIds([tensor]).some((id) => tracedTypes.get(id) === BFLOAT16)

/**
 * Records `fn(inputs)` into `graph`.
 *
 * `bind` names the node that stands for each input. Inside `fn`, a tensor that is neither an input nor made by
 * `fn` is an error (it would become a constant by accident), and so is reading a tensor's values.
 * tfjs knows no bfloat16: such outputs are reported to it as float32 while the graph keeps the true type, and
 * the `T` of every op follows the true type of its inputs.
 *
 * @returns what `fn` returned, as node outputs
 * @throws Error on a foreign tensor, a read, a constant above 1 MB or an op that fails
 */
export function trace(
  graph: GraphDefinition,
  fn: (inputs: Tensor[]) => Tensor[],
  inputs: Tensor[],
  bind: (index: number) => Output,
): Output[] {
  const outputOf = new Map<number, Output>()
  const typeOf = new Map<number, number>()
  const known = new Set<object>(inputs.map((tensor) => tensor.dataId))
  backend.getInputTensorIds(inputs).forEach((id, index) => outputOf.set(id, bind(index)))

  const createTensor = (shape: number[], dtype: number, values: unknown): number => {
    const id = native.createTensor(shape, dtype, values)
    outputOf.set(id, addConstant(graph, shape, dtype, values))
    return id
  }
  const executeOp: typeof native.executeOp = (name, attributes, ids, count) => {
    const reduced = ids.some((id) => typeOf.get(id) === BFLOAT16)
    const effective = attributes.map((attribute) =>
      reduced && (attribute.name === 'T' || attribute.name === 'SrcT')
        ? { ...attribute, value: BFLOAT16 }
        : attribute,
    )
    const from = ids.map((id) => {
      const output = outputOf.get(id)
      if (output === undefined)
        throw new Error(`${name} reads a tensor made outside the traced function`)
      return output
    })
    const outputs = native.executeOp(name, effective, ids, count)
    try {
      const given = Object.fromEntries(effective.map((a) => [a.name, fromOpAttribute(a)]))
      const node = graph.add(name, from, SUMS.has(name) ? { ...given, ...SUM_AS_IT_IS } : given)
      outputs.forEach((output, index) => {
        outputOf.set(output.id, index === 0 ? node : `${node}:${index}`)
        typeOf.set(output.id, output.dtype)
      })
    } catch (error) {
      outputs.forEach((output) => native.deleteTensor(output.id))
      throw error
    }
    return outputs.map((output) =>
      output.dtype === BFLOAT16 ? { ...output, dtype: native.TF_FLOAT } : output,
    )
  }

  const own = Object.getOwnPropertyDescriptors(backend)
  const { getInputTensorIds, createOutputTensor, write } = backend
  // the addon's own properties are read-only, so they are shadowed on an object that inherits from it
  backend.binding = Object.create(native, {
    executeOp: { value: executeOp },
    createTensor: { value: createTensor },
  }) as typeof native
  backend.getInputTensorIds = (tensors) => {
    for (const tensor of tensors) {
      if ('dataId' in tensor && !known.has(tensor.dataId)) {
        throw new Error(
          `Expected only tensors made inside the traced function. Received one of shape [${tensor.shape.join(', ')}] from outside: pass it as an input or make it a variable.`,
        )
      }
    }
    return getInputTensorIds.call(backend, tensors)
  }
  backend.createOutputTensor = (metadata) => {
    const tensor = createOutputTensor.call(backend, metadata)
    known.add(tensor.dataId)
    return tensor
  }
  backend.write = (values, shape, dtype) => {
    const dataId = write.call(backend, values, shape, dtype)
    known.add(dataId)
    return dataId
  }
  backend.readSync = () => {
    throw new Error(
      'Expected no reading of values inside a traced function: they change from call to call.',
    )
  }
  tracedTypes = typeOf
  try {
    const outputs = tf.tidy(() => {
      const returned = fn(inputs)
      const ids = backend.getInputTensorIds(returned)
      return { returned, names: ids.map((id) => outputOf.get(id) as Output) } as unknown as Tensor
    }) as unknown as { returned: Tensor[]; names: Output[] }
    const kept = new Set(inputs)
    for (const tensor of outputs.returned)
      if (!kept.has(tensor) && !tensor.isDisposed) tensor.dispose()
    return outputs.names
  } finally {
    tracedTypes = new Map()
    backend.binding = native
    for (const name of ['getInputTensorIds', 'createOutputTensor', 'write', 'readSync'] as const) {
      if (own[name]) Object.defineProperty(backend, name, own[name])
      else Reflect.deleteProperty(backend, name)
    }
  }
}
