/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) as nodes inside the graph,
 * by TensorFlow's fused `ResourceApplyAdam`, one pass over memory a parameter.
 */
import { attr, type GraphDefinition } from './graphDefinition'
import * as kernels from './kernels'
import { native, tf, type Tensor } from './tensorflow'
import type { InputSpec, Inputs, Program, ProgramBuilder, Variables } from './program'

export interface AdamOptions {
  beta1?: number
  beta2?: number
  /** ε of the paper's algorithm, added after the bias correction. */
  epsilon?: number
  /** Largest global norm of the gradient; larger ones are scaled down to it. Infinity: no clipping. */
  clipNorm?: number
  /** Decoupled: θ ← θ − rate · decay · θ before Adam's own step. */
  weightDecay?: number
}

export const adamDefaults = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  clipNorm: Infinity,
  weightDecay: 0,
}

/** The names of a parameter's first and second moment. They are variables like any other: saved and restored. */
export const adamSlots = (parameter: string): [first: string, second: string] => [
  `${parameter}/adam/m`,
  `${parameter}/adam/v`,
]

/** What one training step reports. `updated` is false when loss or gradient was not finite: then nothing has changed. */
export interface StepReport {
  loss: number
  norm: number
  updated: boolean
  /** The scalars that the loss function reported beside the loss, in its order. */
  parts: number[]
}

/** A loss with scalars to be reported beside it (a variational model's reconstruction and divergence). */
export interface LossWithParts {
  value: Tensor
  parts: Tensor[]
}

export interface TrainStepOptions extends AdamOptions {
  /** Variables that the loss reads besides the parameters: byte variables, and float32 ones that are not trained. */
  reads?: readonly string[]
}

/** What is fed at every step, as one vector; the order of its elements. */
const FED = ['rate', 'power1', 'power2', 'epsilon', 'decay'] as const

const F = () => attr.type(native.TF_FLOAT)

function addUpdates(
  graph: GraphDefinition,
  prefix: string,
  parameters: readonly string[],
  gradients: readonly string[],
  finite: string,
  reads: readonly string[],
  weightDecay: number,
): string {
  const updates: string[] = []
  const readsFirst = reads.map((node) => `^${node}`) // a read must never see the new value
  const feed = (name: (typeof FED)[number]): string => `${prefix}/fed:${FED.indexOf(name)}`
  parameters.forEach((parameter, index) => {
    const [first, second] = adamSlots(parameter)
    // Switch lets the gradient through only when all is finite; otherwise the update is not executed at all
    const gate = graph.add('Switch', [gradients[index] as string, finite], { T: F() })
    const control = [...readsFirst]
    if (weightDecay > 0) {
      const shrink = graph.add('Mul', [reads[index] as string, feed('decay')], { T: F() })
      const gatedShrink = graph.add('Switch', [shrink, finite], { T: F() })
      const decayed = graph.add(
        'AssignSubVariableOp',
        [parameter, `${gatedShrink}:1`, ...readsFirst],
        { dtype: F() },
      )
      control.push(`^${decayed}`)
    }
    updates.push(
      graph.add(
        'ResourceApplyAdam',
        [
          parameter,
          first,
          second,
          feed('power1'),
          feed('power2'),
          feed('rate'),
          `${prefix}/beta1`,
          `${prefix}/beta2`,
          feed('epsilon'),
          `${gate}:1`,
          ...control,
        ],
        { T: F(), use_locking: attr.bool(false), use_nesterov: attr.bool(false) },
      ),
    )
  })
  const one = graph.constant(Float32Array.of(1))
  const zero = graph.constant(Float32Array.of(0))
  const yes = graph.add('Switch', [one, finite], { T: F() })
  const no = graph.add('Switch', [zero, finite], { T: F() })
  const made = graph.add('Identity', [`${yes}:1`, ...updates.map((node) => `^${node}`)], { T: F() })
  return graph.add('Merge', [made, no], { T: F(), N: attr.integer(2) })
}

/** Loss, parts, gradients, their norm, clipping, and whether all is finite, as one traced function. */
function traceGradients<S extends Record<string, InputSpec>>(
  builder: ProgramBuilder,
  inputs: S,
  parameters: readonly string[],
  loss: (inputs: Inputs<S>, variables: Variables) => Tensor | LossWithParts,
  { clipNorm, reads }: { clipNorm: number; reads: readonly string[] },
) {
  let count = 0
  const traced = builder.define(inputs, [...parameters, ...reads], (given, variables) => {
    let parts: Tensor[] = []
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
      const trained = Object.fromEntries(parameters.map((name, i) => [name, tensors[i] as Tensor]))
      const returned = loss(given, { ...variables, ...trained })
      if ('parts' in returned) parts = returned.parts.map((part) => tf.keep(part))
      return ('parts' in returned ? returned.value : returned) as ReturnType<typeof tf.scalar>
    })(parameters.map((name) => variables[name] as Tensor))
    const norm = tf.sqrt(tf.addN(grads.map((gradient) => kernels.squaredNorm(gradient))))
    const scale = Number.isFinite(clipNorm)
      ? tf.minimum(1, tf.div(clipNorm, tf.maximum(norm, 1e-12)))
      : null
    const clipped = scale ? grads.map((gradient) => tf.mul(gradient, scale)) : grads
    // x − x is zero exactly when x is finite
    const finite = tf.equal(tf.add(tf.sub(value, value), tf.sub(norm, norm)), 0)
    count = parts.length
    return [value, norm, finite, ...parts, ...clipped]
  })
  const [value, norm, finite, ...rest] = traced.outputs as [string, string, string, ...string[]]
  return {
    ...traced,
    value,
    norm,
    finite,
    parts: rest.slice(0, count),
    gradients: rest.slice(count),
  }
}

/**
 * Adds a training step to a program: loss, gradients, clipping, the check for finiteness, Adam.
 *
 * @param parameters variables to train; their slots must have been declared by {@link declareAdam}
 * @param loss a scalar from the inputs, the parameters and `options.reads`; or that scalar with others to report
 * @returns a function of the program that runs one step as one native call. `step` counts from 1.
 */
export function defineTrainStep<S extends Record<string, InputSpec>>(
  builder: ProgramBuilder,
  inputs: S,
  parameters: readonly string[],
  loss: (inputs: Inputs<S>, variables: Variables) => Tensor | LossWithParts,
  options: TrainStepOptions = {},
): (program: Program, feeds: Inputs<S>, step: number, rate: number) => StepReport {
  const { beta1, beta2, epsilon, clipNorm, weightDecay, reads } = {
    ...adamDefaults,
    reads: [],
    ...options,
  }
  const { graph } = builder
  const traced = traceGradients(builder, inputs, parameters, loss, { clipNorm, reads })
  const prefix = graph.unique('adam')
  const vector = { dtype: F(), shape: attr.shape([FED.length]) }
  graph.add('Placeholder', [], vector, `${prefix}/vector`)
  const unpack = { T: F(), num: attr.integer(FED.length), axis: attr.integer(0) }
  graph.add('Unpack', [`${prefix}/vector`], unpack, `${prefix}/fed`)
  graph.constant(Float32Array.of(beta1), [], `${prefix}/beta1`)
  graph.constant(Float32Array.of(beta2), [], `${prefix}/beta2`)
  const updated = addUpdates(
    graph,
    prefix,
    parameters,
    traced.gradients,
    traced.finite,
    traced.reads,
    weightDecay,
  )
  const reported = [traced.value, traced.norm, updated, ...traced.parts]
  const pack = { T: F(), N: attr.integer(reported.length), axis: attr.integer(0) }
  const report = graph.add('Pack', reported, pack)

  return (program, feeds, step, rate) => {
    const power2 = beta2 ** step
    // TensorFlow adds ε before the bias correction of the second moment, the paper after: scale it to match
    const corrected = epsilon * Math.sqrt(1 - power2)
    const scalars = tf.tensor1d([rate, beta1 ** step, power2, corrected, rate * weightDecay])
    const fed = new Map<string, Tensor>([[`${prefix}/vector`, scalars]])
    for (const [name, node] of traced.placeholders) fed.set(node, feeds[name] as Tensor)
    const results = program.run(fed, [report])
    const [value, norm, done, ...parts] = (results[0] as Tensor).dataSync()
    tf.dispose([scalars, ...results])
    return { loss: value as number, norm: norm as number, updated: done === 1, parts }
  }
}

/** Declares the moments of each parameter. */
export function declareAdam(builder: ProgramBuilder, parameters: readonly string[]): void {
  for (const parameter of parameters) {
    const shape = builder.shapes.get(parameter)
    if (!shape) throw new Error(`Expected a declared variable. Received ${parameter}.`)
    for (const slot of adamSlots(parameter)) builder.variable(slot, shape)
  }
}
