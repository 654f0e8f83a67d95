/** A classifier that is an autoencoder's encoder with one layer on its code: softmax(W·code(x) + b), all of it trained. */
import type { AutoencoderConfig } from '../../../shared/training'
import { modelOf } from '../models'
import type { ImageShape } from '../networks/autoencoder'
import { initialValues, type ParameterSpecs } from '../networks/parameters'
import { adamSlots, declareAdam, defineTrainStep } from '../runtime/adam'
import * as kernels from '../runtime/kernels'
import { ProgramBuilder, type State } from '../runtime/program'
import { tf, type Tensor } from '../runtime/tensorflow'
import { itemOf, sizeOf } from './measuring'

export interface Classifier {
  /** Weights of encoder and layer drawn by the seed; the encoder's from `encoder` where it is given. */
  start(seed: number, encoder: State | null): void
  /** One step of Adam on images [batch, …] in 0–1 with their classes as rows of shares; `step` counts from 1. */
  step(images: Float32Array, targets: Float32Array, step: number, rate: number): void
  /** The most probable class of each image. */
  classify(images: Float32Array): Int32Array
  read(): State
  assign(state: State): void
  close(): void
}

const HEAD = ['classifier/weights', 'classifier/bias'] as const

/** Builds the program of one architecture. The caller then calls {@link Classifier.start}. */
export function buildClassifier(
  config: AutoencoderConfig,
  shape: ImageShape,
  classes: number,
  batch: number,
): Classifier {
  const model = modelOf(config, shape)
  const specs: ParameterSpecs = new Map(
    [...model.parameters].filter(([name]) => name.startsWith('encoder/')),
  )
  specs.set(HEAD[0], {
    shape: [config.latent, classes],
    deviation: Math.sqrt(2 / (config.latent + classes)),
  })
  specs.set(HEAD[1], { shape: [classes], deviation: 0 })
  const names = [...specs.keys()]
  const item = itemOf(shape)
  const builder = new ProgramBuilder()
  for (const [name, spec] of specs) builder.variable(name, spec.shape)
  declareAdam(builder, names)
  const logits = (variables: Record<string, Tensor>, images: Tensor): Tensor => {
    const { code } = model.encode(variables, images, {})
    return kernels.dense(code, variables[HEAD[0]] as Tensor, variables[HEAD[1]] as Tensor)
  }
  const trainStep = defineTrainStep(
    builder,
    { images: { shape: [batch, ...item] }, targets: { shape: [batch, classes] } },
    names,
    ({ images, targets }, variables) =>
      tf.mean(kernels.softmaxCrossEntropy(logits(variables, images), targets)),
  )
  const answered = builder.define(
    { images: { shape: [2, ...item], free: [0] } },
    names,
    ({ images }, variables) => [logits(variables, images)],
  )
  const program = builder.finish()
  return {
    start(seed, encoder) {
      const state = initialValues(specs, seed)
      for (const name of names) {
        const known = encoder?.get(name)
        if (known) state.set(name, known)
        const { shape: sides } = specs.get(name) as { shape: number[] }
        for (const slot of adamSlots(name)) {
          state.set(slot, { shape: sides, data: new Float32Array(sizeOf(sides)) })
        }
      }
      program.assign(state)
    },
    step(images, targets, step, rate) {
      const feeds = {
        images: tf.tensor(images, [batch, ...item]),
        targets: tf.tensor2d(targets, [batch, classes]),
      }
      trainStep(program, feeds, step, rate)
      tf.dispose(feeds)
    },
    classify(images) {
      const count = images.length / sizeOf(item)
      const [values] = program.calculate(answered, { images: tf.tensor(images, [count, ...item]) })
      return Int32Array.from({ length: count }, (_, i) =>
        largest((values as Float32Array).subarray(i * classes, (i + 1) * classes)),
      )
    },
    read: () => program.read(names),
    assign: (state) => program.assign(state),
    close: () => program.close(),
  }
}

function largest(values: Float32Array): number {
  let place = 0
  values.forEach((value, i) => {
    if (value > (values[place] as number)) place = i
  })
  return place
}
