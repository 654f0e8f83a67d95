/**
 * A program: one graph and one session with variables that live inside it, and several functions over them
 * (train step, evaluation, …) as different fetches. Sessions do not share variables, so whatever must see the
 * same weights belongs to the same program.
 */
import { attr, type Attributes, GraphDefinition } from './graphDefinition'
import { boolAttribute, op, shapeTensor, typeAttribute } from './kernels/operation'
import { Session } from './session'
import { backend, tf, native, type Tensor } from './tensorflow'
import { trace, type Output } from './trace'

export type DataType = 'float32' | 'int32'
/**
 * The shape and type of a function's input. `free` lists axes whose size may differ from call to call; `shape` has
 * the size they are traced with. A function with free axes must not make anything of a fixed size from them
 * (`tf.ones(x.shape)`, say): that size would be the traced one for ever.
 */
export interface InputSpec {
  shape: readonly number[]
  dtype?: DataType
  free?: readonly number[]
}
type Specs = Record<string, InputSpec>
export type Inputs<S extends Specs> = { [Name in keyof S]: Tensor }
/** Variables by name, as a traced function reads them. */
export type Variables = Readonly<Record<string, Tensor>>
/** A function in the graph: the placeholder of each input, and its outputs. */
export interface TracedFunction {
  placeholders: ReadonlyMap<string, string>
  outputs: readonly Output[]
}
/** Values of variables, outside of any session: what is saved and restored. */
export type State = Map<string, { shape: number[]; data: Float32Array }>

const F32 = (): Attributes => ({ dtype: attr.type(native.TF_FLOAT) })

/** Bytes of a shape whose values do not matter and are never touched: memory that is only promised costs nothing. */
function emptyBytes(shape: readonly number[]): Tensor {
  const attributes = [typeAttribute('dtype', native.TF_UINT8), boolAttribute('init', false)]
  return tf.tidy(() => op('Empty', attributes, shapeTensor(shape)))
}

export class ProgramBuilder {
  readonly graph = new GraphDefinition()
  readonly #shapes = new Map<string, number[]>()
  readonly #bytes = new Map<string, number[]>()
  readonly #constants = new Set<string>()
  #functions = 0

  /** Declares a float32 variable; it holds nothing until {@link Program.assign}. */
  variable(name: string, shape: readonly number[]): void {
    this.#declare(name, shape, native.TF_FLOAT)
    this.#shapes.set(name, [...shape])
  }

  /**
   * Declares a variable of bytes, a whole data set: [count, ...item]. It holds nothing until
   * {@link Program.assignBytes}, is never trained, and is no part of the program's state ({@link Program.read}).
   * A traced function that names it among its `reads` finds it among its variables, for `kernels.gatherBytes` only.
   */
  bytes(name: string, shape: readonly number[]): void {
    this.#declare(name, shape, native.TF_UINT8)
    this.#bytes.set(name, [...shape])
  }

  #declare(name: string, shape: readonly number[], type: number): void {
    this.#expectNew(name)
    const dtype = { dtype: attr.type(type) }
    const shared = { shared_name: attr.text(name), container: attr.text('') }
    this.graph.add('VarHandleOp', [], { ...dtype, shape: attr.shape(shape), ...shared }, name)
    this.graph.add('Placeholder', [], { ...dtype, shape: attr.shape(shape) }, `${name}/value`)
    // what is fed may lie in JavaScript's memory, which a variable must not hold on to
    const copy = this.graph.add('DeepCopy', [`${name}/value`], { T: attr.type(type) })
    this.graph.add('AssignVariableOp', [name, copy], dtype, `${name}/assign`)
    this.graph.add('ReadVariableOp', [name], dtype, `${name}/read`)
    // only data can be fetched, so the assignment is waited for through a constant
    const one = attr.constant([], native.TF_FLOAT, Buffer.from(Float32Array.of(1).buffer))
    this.graph.add('Const', [`^${name}/assign`], { ...F32(), value: one }, `${name}/assigned`)
  }

  #expectNew(name: string): void {
    if (this.#shapes.has(name) || this.#bytes.has(name))
      throw new Error(`Expected a new variable name. Received ${name} twice.`)
  }

  /**
   * Declares a variable that never changes: its values are part of the graph, so TensorFlow can lay them out
   * once for the processor. For inference.
   */
  constant(name: string, value: { shape: readonly number[]; data: Float32Array }): void {
    this.#expectNew(name)
    this.#shapes.set(name, [...value.shape])
    this.#constants.add(this.graph.constant(value.data, value.shape, name))
  }

  /** The float32 variables' shapes by name, in the order they were declared. */
  get shapes(): ReadonlyMap<string, readonly number[]> {
    return this.#shapes
  }

  /** The byte variables' shapes by name. */
  get byteShapes(): ReadonlyMap<string, readonly number[]> {
    return this.#bytes
  }

  /** Traces a function of inputs and of the variables named in `reads`. */
  define<S extends Specs>(
    inputs: S,
    reads: readonly string[],
    body: (inputs: Inputs<S>, variables: Variables) => Tensor[],
  ): { placeholders: Map<string, string>; outputs: Output[]; reads: Output[] } {
    const prefix = `f${this.#functions++}`
    const placeholders = new Map<string, string>()
    const names = Object.keys(inputs)
    for (const name of names) {
      const { shape, dtype = 'float32', free = [] } = inputs[name] as InputSpec
      const declared = shape.map((size, axis) => (free.includes(axis) ? -1 : size))
      const type = dtype === 'float32' ? native.TF_FLOAT : native.TF_INT32
      const node = this.graph.add(
        'Placeholder',
        [],
        { dtype: attr.type(type), shape: attr.shape(declared) },
        `${prefix}/${name}`,
      )
      placeholders.set(name, node)
    }
    const readNodes = reads.map((name) => {
      if (this.#constants.has(name)) return name
      if (!this.#shapes.has(name) && !this.#bytes.has(name))
        throw new Error(`Expected the name of a declared variable. Received ${name}.`)
      // reading a variable shares its memory: a data set of bytes is not copied either
      const dtype = this.#bytes.has(name) ? native.TF_UINT8 : native.TF_FLOAT
      const attributes = { dtype: attr.type(dtype) }
      return this.graph.add('ReadVariableOp', [name], attributes, `${prefix}/read/${name}`)
    })
    const examples = [
      ...names.map((name) =>
        tf.zeros(
          [...(inputs[name] as InputSpec).shape],
          (inputs[name] as InputSpec).dtype ?? 'float32',
        ),
      ),
      ...reads.map((name) => {
        const bytes = this.#bytes.get(name)
        return bytes ? emptyBytes(bytes) : tf.zeros(this.#shapes.get(name) as number[])
      }),
    ]
    const bind = (index: number): Output =>
      index < names.length
        ? (placeholders.get(names[index] as string) as string)
        : (readNodes[index - names.length] as string)
    try {
      const outputs = trace(
        this.graph,
        (tensors) => {
          const given = Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as Inputs<S>
          const variables = Object.fromEntries(
            reads.map((name, i) => [name, tensors[names.length + i] as Tensor]),
          )
          return body(given, variables)
        },
        examples,
        bind,
      )
      return { placeholders, outputs, reads: readNodes }
    } finally {
      tf.dispose(examples)
    }
  }

  /** Loads the graph. The builder is spent afterwards. */
  finish(): Program {
    return new Program(this)
  }
}

export class Program {
  readonly #session: Session
  readonly #shapes: ReadonlyMap<string, readonly number[]>
  readonly #bytes: ReadonlyMap<string, readonly number[]>

  constructor(builder: ProgramBuilder) {
    this.#shapes = builder.shapes
    this.#bytes = builder.byteShapes
    this.#session = new Session(builder.graph)
  }

  /** Sets variables. @throws Error when a name or a shape is not the program's. */
  assign(state: State): void {
    for (const [name, { shape, data }] of state) {
      const expected = this.#shapes.get(name)
      if (expected === undefined || expected.join() !== shape.join()) {
        throw new Error(
          `Expected variable ${name} of shape [${expected?.join(', ') ?? 'unknown'}]. Received [${shape.join(', ')}].`,
        )
      }
      this.#set(name, tf.tensor(data, shape, 'float32'))
    }
  }

  /**
   * Sets a byte variable. The bytes are copied; float32 is never made of them but a batch at a time.
   * @throws Error when there is no such variable or the number of bytes is not its shape's
   */
  assignBytes(name: string, values: Uint8Array): void {
    const shape = this.#bytes.get(name)
    const size = shape?.reduce((product, side) => product * side, 1)
    if (shape === undefined || size !== values.length) {
      throw new Error(
        `Expected ${size ?? 'unknown'} bytes for variable ${name}. Received ${values.length}.`,
      )
    }
    const metadata = { shape: [...shape], dtype: native.TF_UINT8 }
    const id = native.createTensor(metadata.shape, metadata.dtype, values)
    this.#set(name, backend.createOutputTensor({ id, ...metadata }))
  }

  /** Assigns a tensor and disposes it. */
  #set(name: string, value: Tensor): void {
    const done = this.#session.run(new Map([[`${name}/value`, value]]), [`${name}/assigned`])
    tf.dispose([value, ...done])
  }

  /** The values of the named variables, or of all. */
  read(names: readonly string[] = [...this.#shapes.keys()]): State {
    const tensors = this.#session.run(
      new Map(),
      names.map((name) => `${name}/read`),
    )
    const state: State = new Map()
    names.forEach((name, index) => {
      const tensor = tensors[index] as Tensor
      state.set(name, { shape: [...tensor.shape], data: Float32Array.from(tensor.dataSync()) })
    })
    tf.dispose(tensors)
    return state
  }

  /** Runs fetches with feeds; see {@link Session.run}. */
  run(feeds: ReadonlyMap<string, Tensor>, fetches: readonly Output[]): Tensor[] {
    return this.#session.run(feeds, fetches)
  }

  /** Runs a function that {@link ProgramBuilder.define} traced, and gives its outputs' values; the inputs are disposed. */
  calculate(
    { placeholders, outputs }: TracedFunction,
    inputs: Readonly<Record<string, Tensor>>,
  ): Float32Array[] {
    const feeds = new Map([...placeholders].map(([name, node]) => [node, inputs[name] as Tensor]))
    const results = this.#session.run(feeds, outputs)
    const values = results.map((each) => each.dataSync() as Float32Array)
    tf.dispose([results, Object.values(inputs)])
    return values
  }

  close(): void {
    this.#session.close()
  }
}
