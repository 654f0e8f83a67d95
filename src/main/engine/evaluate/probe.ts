/**
 * The linear probe: multinomial logistic regression with an L2 penalty on features that are not changed,
 *
 *   min  1/n Σ −log softmax(W·x + b)[label] + λ/2 ‖W‖²,   b without penalty,   λ = 1/(C·n),
 *
 * solved to convergence by L-BFGS on all labelled images at once. λ is chosen by the accuracy on validation images;
 * test images are not among what it is fitted with (Alain and Bengio 2016 for the idea; C as scikit-learn has it).
 */
import { setImmediate } from 'node:timers/promises'
import * as kernels from '../runtime/kernels'
import { tf, type Tensor } from '../runtime/tensorflow'
import { oneHot } from './labelled'
import { minimise } from './lbfgs'
import { pausing, stopIfCancelled } from './measuring'
import { scaledParts, type FeatureTable, type Scaling } from './table'

/** Features of some images with their labels. */
export interface LabelledRows {
  table: FeatureTable
  labels: Uint8Array
  indices: Int32Array
}

export interface Probe {
  classes: number
  scaling: Scaling
  /** W [width, classes], then b [classes]. */
  parameters: Float64Array
  /** The strength λ of its penalty, and C = 1/(λ·n). */
  penalty: number
  c: number
  iterations: number
  converged: boolean
}

export interface ProbeOptions {
  classes: number
  scaling: Scaling
  signal?: AbortSignal | undefined
  tolerance?: number
  iterations?: number
}

/** scikit-learn's own. */
const usualTolerance = 1e-4
const usualIterations = 1000
/** λ from strong to weak; around the best of them, half a step to each side is tried as well. */
const penalties = [10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]
const halfStep = Math.sqrt(10)
/** The search ends where so many weaker penalties in a row are worse than the best. */
const patience = 2

/** A probe with one penalty, from a start (zeros when there is none). */
async function fitTensors(
  parts: readonly { x: Tensor; y: Tensor }[],
  count: number,
  { classes, scaling, signal, tolerance, iterations }: ProbeOptions,
  penalty: number,
  start: Float64Array,
): Promise<Probe> {
  const width = scaling.mean.length
  const size = width * classes
  const objective = (theta: Float64Array): { value: number; gradient: Float64Array } => {
    const gradient = new Float64Array(theta.length)
    let value = 0
    const { weights, bias } = tensorsOf(theta, width, classes)
    for (const { x, y } of parts) {
      const results = tf.tidy(() => {
        const logarithms = kernels.logSoftmax(kernels.dense(x, weights, bias))
        const residual = tf.sub(tf.exp(logarithms), y)
        const likelihood: Tensor = tf.sum(tf.mul(logarithms, y))
        return [likelihood, tf.matMul(x, residual, true), tf.sum(residual, 0)]
      })
      const [likelihood, ...slopes] = results.map((each) => each.dataSync())
      tf.dispose(results)
      value -= (likelihood?.[0] as number) / count
      slopes.forEach((values, k) =>
        values.forEach((slope, i) => {
          const at = k * size + i // of the weights, then of the biases
          gradient[at] = (gradient[at] as number) + slope / count
        }),
      )
    }
    tf.dispose([weights, bias])
    for (let i = 0; i < size; i++) {
      const weight = theta[i] as number
      value += (penalty / 2) * weight * weight
      gradient[i] = (gradient[i] as number) + penalty * weight
    }
    return { value, gradient }
  }
  const found = await minimise(objective, start, {
    tolerance: tolerance ?? usualTolerance,
    iterations: iterations ?? usualIterations,
    pause: pausing(signal),
  })
  const { x: parameters, converged } = found
  const c = 1 / (penalty * count)
  return { classes, scaling, parameters, penalty, c, iterations: found.iterations, converged }
}

function tensorsOf(
  theta: Float64Array,
  width: number,
  classes: number,
): Record<'weights' | 'bias', Tensor> {
  const values = Float32Array.from(theta)
  const size = width * classes
  return {
    weights: tf.tensor2d(values.subarray(0, size), [width, classes]),
    bias: tf.tensor1d(values.subarray(size)),
  }
}

/** Does something with the labelled rows as tensors, and disposes them. */
async function withTensors<Result>(
  { table, labels, indices }: LabelledRows,
  { classes, scaling }: ProbeOptions,
  work: (parts: { x: Tensor; y: Tensor }[]) => Promise<Result>,
): Promise<Result> {
  const parts: { x: Tensor; y: Tensor }[] = []
  try {
    for (const { x, indices: places } of scaledParts(table, indices, scaling)) {
      const y = tf.tensor2d(oneHot(labels, places, classes), [places.length, classes])
      parts.push({ x, y })
      await setImmediate()
    }
    return await work(parts)
  } finally {
    tf.dispose(parts.map(({ x, y }) => [x, y]))
  }
}

/** A probe with the penalty λ. @throws DarkroomError `cancelled` */
export const fitProbe = (
  labelled: LabelledRows,
  penalty: number,
  options: ProbeOptions,
): Promise<Probe> =>
  withTensors(labelled, options, (parts) => {
    const start = new Float64Array((labelled.table.width + 1) * options.classes)
    return fitTensors(parts, labelled.indices.length, options, penalty, start)
  })

/**
 * A probe whose λ is the one with the highest accuracy on the validation rows, the stronger of equals. Each fit starts
 * from the last one's weights; all are convex problems, so that this changes how long it takes and nothing else.
 * @throws DarkroomError `cancelled`
 */
export const tunedProbe = (
  labelled: LabelledRows,
  validation: LabelledRows,
  options: ProbeOptions,
): Promise<Probe> =>
  withTensors(labelled, options, (parts) =>
    withTensors(validation, options, async (judges) => {
      const truth = labelsOf(validation)
      let start: Float64Array = new Float64Array((labelled.table.width + 1) * options.classes)
      const attempt = async (penalty: number): Promise<Attempt> => {
        const probe = await fitTensors(parts, labelled.indices.length, options, penalty, start)
        start = probe.parameters
        const labels = judges.flatMap(({ x }) => [...predicted(probe, x)])
        return { probe, accuracy: accuracyOf(labels, truth) }
      }
      let best: Attempt | null = null
      let worse = 0
      for (const penalty of penalties) {
        const found = await attempt(penalty)
        const better = best === null || found.accuracy > best.accuracy
        if (better) best = found
        worse = better ? 0 : worse + 1
        if (worse === patience) break
      }
      const { probe } = best as Attempt
      start = probe.parameters
      for (const penalty of [probe.penalty * halfStep, probe.penalty / halfStep]) {
        const found = await attempt(penalty)
        const { accuracy, probe: known } = best as Attempt
        const stronger = found.accuracy === accuracy && found.probe.penalty > known.penalty
        if (found.accuracy > accuracy || stronger) best = found
      }
      return (best as Attempt).probe
    }),
  )

interface Attempt {
  probe: Probe
  accuracy: number
}

const labelsOf = ({ labels, indices }: LabelledRows): Uint8Array =>
  Uint8Array.from(indices, (index) => labels[index] as number)

/** The share of predicted labels that are right. */
export function accuracyOf(labels: ArrayLike<number>, truth: ArrayLike<number>): number {
  let right = 0
  for (let i = 0; i < truth.length; i++) if (labels[i] === truth[i]) right++
  return right / truth.length
}

/** The label with the largest logit of each row of x, which is scaled already. */
function predicted({ parameters, scaling, classes }: Probe, x: Tensor): Int32Array {
  const { weights, bias } = tensorsOf(parameters, scaling.mean.length, classes)
  const labels = tf.tidy(() => tf.argMax(kernels.dense(x, weights, bias), 1))
  const values = labels.dataSync() as Int32Array
  tf.dispose([weights, bias, labels])
  return values
}

/** What a probe says of rows: a label each. @throws DarkroomError `cancelled` */
export async function predictLabels(
  probe: Probe,
  { table, indices }: Pick<LabelledRows, 'table' | 'indices'>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const labels: number[] = []
  for (const { x } of scaledParts(table, indices, probe.scaling)) {
    labels.push(...predicted(probe, x))
    x.dispose()
    await setImmediate()
    stopIfCancelled(signal)
  }
  return Uint8Array.from(labels)
}

/** The share of rows whose label a probe finds. @throws DarkroomError `cancelled` */
export async function probeAccuracy(
  probe: Probe,
  rows: LabelledRows,
  signal?: AbortSignal,
): Promise<number> {
  return accuracyOf(await predictLabels(probe, rows, signal), labelsOf(rows))
}
