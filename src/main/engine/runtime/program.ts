/**
 * A program: one graph and one session with variables that live inside it, and several functions over them
 * (train step, evaluation, …) as different fetches. Sessions do not share variables, so whatever must see the
 * same weights belongs to the same program.
 */
import { attr, GraphDefinition } from './graphDefinition'
import { Session } from './session'
import { tf, native, type Tensor } from './tensorflow'
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
/** Values of variables, outside of any session: what is saved and restored. */
export type State = Map<string, { shape: number[]; data: Float32Array }>

const F32 = (): Record<string, ReturnType<typeof attr.type>> => ({
  dtype: attr.type(native.TF_FLOAT),
})

export class ProgramBuilder {
  readonly graph = new GraphDefinition()
  readonly #shapes = new Map<string, number[]>()
  readonly #constants = new Set<string>()
  #functions = 0

  /** Declares a float32 variable; it holds nothing until {@link Program.assign}. */
  variable(name: string, shape: readonly number[]): void {
    if (this.#shapes.has(name))
      throw new Error(`Expected a new variable name. Received ${name} twice.`)
    this.#shapes.set(name, [...shape])
    const name_ = attr.text(name)
    this.graph.add(
      'VarHandleOp',
      [],
      { ...F32(), shape: attr.shape(shape), shared_name: name_, container: attr.text('') },
      name,
    )
    this.graph.add('Placeholder', [], { ...F32(), shape: attr.shape(shape) }, `${name}/value`)
    this.graph.add('AssignVariableOp', [name, `${name}/value`], F32(), `${name}/assign`)
    this.graph.add('ReadVariableOp', [name], F32(), `${name}/read`)
    // only data can be fetched, so the assignment is waited for through a constant
    const one = attr.constant([], native.TF_FLOAT, Buffer.from(Float32Array.of(1).buffer))
    this.graph.add('Const', [`^${name}/assign`], { ...F32(), value: one }, `${name}/assigned`)
  }

  /**
   * Declares a variable that never changes: its values are part of the graph, so TensorFlow can lay them out
   * once for the processor. For inference.
   */
  constant(name: string, value: { shape: readonly number[]; data: Float32Array }): void {
    if (this.#shapes.has(name))
      throw new Error(`Expected a new variable name. Received ${name} twice.`)
    this.#shapes.set(name, [...value.shape])
    this.#constants.add(this.graph.constant(value.data, value.shape, name))
  }

  /** The variables' shapes by name, in the order they were declared. */
  get shapes(): ReadonlyMap<string, readonly number[]> {
    return this.#shapes
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
    const readNodes = reads.map((name) =>
      this.#constants.has(name)
        ? name
        : this.graph.add('ReadVariableOp', [name], F32(), `${prefix}/read/${name}`),
    )
    const examples = [
      ...names.map((name) =>
        tf.zeros(
          [...(inputs[name] as InputSpec).shape],
          (inputs[name] as InputSpec).dtype ?? 'float32',
        ),
      ),
      ...reads.map((name) => tf.zeros(this.#shapes.get(name) as number[])),
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

  constructor(builder: ProgramBuilder) {
    this.#shapes = builder.shapes
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
      // the tensor shares memory with the array it was given, so it gets one that nobody else writes to
      const value = tf.tensor(data.slice(), shape, 'float32')
      const done = this.#session.run(new Map([[`${name}/value`, value]]), [`${name}/assigned`])
      tf.dispose([value, ...done])
    }
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

  close(): void {
    this.#session.close()
  }
}
