/**
 * One step, seen without being made: the batch going forward, the loss's parts, the gradients going back, and what
 * Adam would do with them. Computed op by op, so that every tensor can be looked at.
 */
import type { Losses, StepView, TensorView } from '../../../shared/training'
import { corrupted, needsCorruptedImages } from '../models/denoising'
import { modelOf } from '../models'
import { lossOf } from '../models/reconstruction'
import { bernoulli } from '../models/training'
import { adamDefaults, adamSlots } from '../runtime/adam'
import * as kernels from '../runtime/kernels'
import type { State } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import type { StepData } from '../training/autoencoderTask'
import type { AutoencoderRun } from '../training/checks'
import { tensorView } from './pictures'

const normOf = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

/** ‖Δθ‖ / ‖θ‖ of Adam's update for one parameter, from its moments and gradient. */
function updateShare(
  name: string,
  state: State,
  gradient: Float32Array,
  { step, rate }: { step: number; rate: number },
): number {
  const { beta1, beta2, epsilon } = adamDefaults
  const dataOf = (key: string): Float32Array =>
    state.get(key)?.data ?? new Float32Array(gradient.length)
  const [first, second] = adamSlots(name).map(dataOf) as [Float32Array, Float32Array]
  const update = gradient.map((g, i) => {
    const m = (beta1 * (first[i] as number) + (1 - beta1) * g) / (1 - beta1 ** step)
    const v = (beta2 * (second[i] as number) + (1 - beta2) * g * g) / (1 - beta2 ** step)
    return (rate * m) / (Math.sqrt(v) + epsilon)
  })
  const norm = normOf(dataOf(name))
  return norm === 0 ? 0 : normOf(update) / norm
}

/**
 * The view of a step of an autoencoder.
 * @param state weights and moments as they are before the step
 */
export function viewOfStep(run: AutoencoderRun, data: StepData, state: State): StepView {
  const { shape } = data
  const model = modelOf(run.model, shape)
  const names = [...model.parameters.keys()]
  const views: TensorView[] = []
  const look = (name: string, tensor: Tensor): void => {
    views.push(tensorView(name, tensor.dataSync() as Float32Array, tensor.shape, shape))
  }
  let view: StepView | null = null
  tf.tidy(() => {
    const weights = names.map((name) => {
      const { shape: sides, data: values } = state.get(name) as {
        shape: number[]
        data: Float32Array
      }
      return tf.tensor(values.slice(), sides)
    })
    const seed = tf.tensor1d([...data.seed], 'int32')
    const images = [data.indices.length, shape.height, shape.width, shape.channels]
    const grey = tf.tensor(data.clean, images)
    const clean = run.binarise ? bernoulli(grey, seed) : grey
    const shown = needsCorruptedImages(run.model)
      ? tf.tensor(data.corrupted ?? data.clean, images)
      : corrupted(run.model, clean, seed)
    look('input', clean)
    if (run.model.kind === 'denoising') look('corrupted', shown)

    let parts: Losses = { loss: 0, reconstruction: 0, penalty: null, mse: null }
    const labels = hiddenLabels(names)
    const { grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
      const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i] as Tensor]))
      let hidden = 0
      const between = (h: Tensor): Tensor => {
        look(labels[hidden] ?? `hidden ${hidden}`, h)
        hidden += 1
        return h
      }
      const pass = model.pass({ parameters, images: shown, seed, options: { between } })
      const encoded = views.filter(({ name }) => !name.startsWith('decoder/')).length
      const decoded = views.splice(encoded)
      look('code', pass.code)
      if (pass.logVariance) look('log-variance', pass.logVariance)
      views.push(...decoded)
      const outputs = kernels.sigmoid(pass.logits)
      look('output', outputs)
      const { value, reconstruction, penalty } = lossOf(run.model.loss, pass, clean, data.weight)
      const numberOf = (tensor: Tensor): number => tensor.dataSync()[0] as number
      parts = {
        loss: numberOf(value),
        reconstruction: numberOf(reconstruction),
        penalty: penalty && numberOf(penalty),
        mse: numberOf(kernels.meanSquaredError(outputs, clean)),
      }
      return value as ReturnType<typeof tf.scalar>
    })(weights)

    const gradients = grads.map((gradient) => gradient.dataSync() as Float32Array)
    view = {
      step: data.step,
      forward: views,
      losses: parts,
      gradients: names.map((name, i) =>
        tensorView(name, gradients[i] as Float32Array, (grads[i] as Tensor).shape, shape),
      ),
      gradientNorm: Math.sqrt(gradients.reduce((sum, g) => sum + normOf(g) ** 2, 0)),
      updates: names.map((name, i) => ({
        name,
        share: updateShare(name, state, gradients[i] as Float32Array, data),
      })),
    }
  })
  return view as unknown as StepView
}

/** The hidden layers in the order they are passed, by the names of a model's parameters. */
function hiddenLabels(parameters: readonly string[]): string[] {
  const layers = parameters
    .filter((name) => name.endsWith('/bias') && name !== 'encoder/code/bias')
    .map((name) => name.replace(/\/bias$/, ''))
  return layers.slice(0, -1) // the last one gives the output
}
