/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) as nodes inside the graph,
 * by TensorFlow's fused `ResourceApplyAdam`, one pass over memory a parameter.
 */
import { attr, type GraphDefinition } from './graphDefinition'
import { native, tf, type Tensor } from './tensorflow'
import type { ProgramBuilder } from './program'
import { type InputSpec, type Inputs, type Program, type Variables } from './program'

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
}

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
  const feed = (name: string): string => `${prefix}/${name}`
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
          feed('beta1'),
          feed('beta2'),
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

/**
 * Adds a training step to a program: loss, gradients, clipping, the check for finiteness, Adam.
 *
 * @param parameters variables to train; their slots must have been declared by {@link declareAdam}
 * @param loss a scalar from the inputs and the parameters
 * @returns a function of the program that runs one step as one native call. `step` counts from 1.
 */
export function defineTrainStep<S extends Record<string, InputSpec>>(
  builder: ProgramBuilder,
  inputs: S,
  parameters: readonly string[],
  loss: (inputs: Inputs<S>, parameters: Variables) => Tensor,
  options: AdamOptions = {},
): (program: Program, feeds: Inputs<S>, step: number, rate: number) => StepReport {
  const { beta1, beta2, epsilon, clipNorm, weightDecay } = { ...adamDefaults, ...options }
  const { graph } = builder
  const traced = builder.define(inputs, parameters, (given, variables) => {
    const ordered = parameters.map((name) => variables[name] as Tensor)
    const { value, grads } = tf.valueAndGrads(
      (...tensors: Tensor[]) =>
        loss(
          given,
          Object.fromEntries(parameters.map((name, i) => [name, tensors[i] as Tensor])),
        ) as ReturnType<typeof tf.scalar>,
    )(ordered)
    const squares = grads.map((gradient) => tf.sum(tf.square(gradient)))
    const norm = tf.sqrt(tf.addN(squares))
    const scale = Number.isFinite(clipNorm)
      ? tf.minimum(1, tf.div(clipNorm, tf.maximum(norm, 1e-12)))
      : null
    const clipped = scale ? grads.map((gradient) => tf.mul(gradient, scale)) : grads
    // x − x is zero exactly when x is finite
    const finite = tf.equal(tf.add(tf.sub(value, value), tf.sub(norm, norm)), 0)
    return [value, norm, finite, ...clipped]
  })
  const [value, norm, finite, ...gradients] = traced.outputs as [
    string,
    string,
    string,
    ...string[],
  ]
  const prefix = graph.unique('adam')
  const scalar = { dtype: F(), shape: attr.shape([]) }
  for (const name of ['rate', 'power1', 'power2', 'epsilon', 'decay'])
    graph.add('Placeholder', [], scalar, `${prefix}/${name}`)
  graph.constant(Float32Array.of(beta1), [], `${prefix}/beta1`)
  graph.constant(Float32Array.of(beta2), [], `${prefix}/beta2`)
  const updated = addUpdates(
    graph,
    prefix,
    parameters,
    gradients,
    finite,
    traced.reads,
    weightDecay,
  )

  return (program, feeds, step, rate) => {
    const power2 = beta2 ** step
    // TensorFlow adds ε before the bias correction of the second moment, the paper after: scale it to match
    const scalars = {
      rate,
      power1: beta1 ** step,
      power2,
      epsilon: epsilon * Math.sqrt(1 - power2),
      decay: rate * weightDecay,
    }
    const fed = new Map<string, Tensor>()
    for (const [name, node] of traced.placeholders) fed.set(node, feeds[name] as Tensor)
    const own = Object.entries(scalars).map(([name, number]) => {
      const tensor = tf.scalar(number)
      fed.set(`${prefix}/${name}`, tensor)
      return tensor
    })
    const results = program.run(fed, [value, norm, updated])
    const [lossValue, normValue, updatedValue] = results.map(
      (tensor) => tensor.dataSync()[0] as number,
    )
    tf.dispose([...own, ...results])
    return { loss: lossValue as number, norm: normValue as number, updated: updatedValue === 1 }
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
