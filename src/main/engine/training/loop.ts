/**
 * The training loop: steps, epochs, validation, the best model, early stopping. What watches it (progress, preview,
 * checkpoint, divergence guard) are observers; what it trains is a task. It goes on from any position.
 */
import type {
  CurvePoint,
  EpochRecord,
  History,
  Losses,
  TrainingConfig,
} from '../../../shared/training'
import type { State } from '../runtime/program'
import { meansOf, noSums, plus, thinned, type Position } from './position'
import { rateOf } from './schedule'

/** What the loop trains: a model with its data. Everything random in a step depends on the step's number alone. */
export interface Task {
  readonly stepsPerEpoch: number
  readonly imagesPerStep: number
  /** Whether the loss has a second part. */
  readonly penalised: boolean
  /** Makes step number `step` (from 1). Where loss or gradient is not finite nothing changes and `updated` is false. */
  step(step: number, rate: number): { losses: Omit<Losses, 'mse'>; updated: boolean }
  /** Losses on the validation images; null without any. Gives other work its turn. */
  validate(): Promise<Losses | null>
  /** β as it is at a step; null where there is none. */
  beta(step: number): number | null
  /** Weights, or weights and moments, out of the session. */
  read(what: 'weights' | 'all'): State
  assign(state: State): void
}

/** A run in memory. The loop changes it; observers read it. */
export interface RunMemory {
  position: Position
  history: History
  /** The weights of the best epoch so far. */
  best: State | null
}

export interface LoopView {
  readonly task: Task
  readonly config: TrainingConfig
  readonly memory: RunMemory
}

/** What watches the loop. Each is called between steps, in the given order, and waited for. */
export interface Observer {
  /** A step was made; `point` is a new point of the curve, every few steps. */
  step?(loop: LoopView, point: CurvePoint | null): void | Promise<void>
  /** A step was not finite and changed nothing. Mends the run, or throws. */
  rejected?(loop: LoopView): void | Promise<void>
  /** Validation begins. */
  validating?(loop: LoopView): void
  /** An epoch ended. */
  epoch?(loop: LoopView, record: EpochRecord, improved: boolean): void | Promise<void>
}

/** Milliseconds that training may go on before requests to the engine get their turn. */
const TURN = 25

/** Gives other work its turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Trains until the last epoch, until patience ends, or until aborted.
 * @returns `finished`, or `interrupted` when the signal came first; `loop.memory` then holds where to go on
 * @throws what an observer throws
 */
export async function train(
  loop: LoopView,
  observers: readonly Observer[],
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  const { task, config, memory } = loop
  let turn = performance.now()
  while (!isFinished(loop)) {
    const last = (memory.position.epoch + 1) * task.stepsPerEpoch
    while (memory.position.step < last) {
      if (signal.aborted) return 'interrupted'
      const begun = performance.now()
      const step = memory.position.step + 1
      const rate = rateOf(config, step, task.stepsPerEpoch) * memory.position.rateScale
      const { losses, updated } = task.step(step, rate)
      if (updated) {
        const point = advance(loop, losses, (performance.now() - begun) / 1000)
        for (const observer of observers) await observer.step?.(loop, point)
      } else for (const observer of observers) await observer.rejected?.(loop)
      if (performance.now() - turn > TURN) {
        await breathe()
        turn = performance.now()
      }
    }
    if (signal.aborted) return 'interrupted'
    await endEpoch(loop, observers)
  }
  return 'finished'
}

/** Whether the last epoch is over, or none of the last few was better than the best. */
export function isFinished({ config, memory: { position } }: LoopView): boolean {
  const { epoch, best } = position
  if (epoch >= config.epochs) return true
  return config.patience !== null && best !== null && epoch - best.epoch >= config.patience
}

function advance(
  { task, memory }: LoopView,
  losses: Omit<Losses, 'mse'>,
  seconds: number,
): CurvePoint | null {
  const { position, history } = memory
  position.step += 1
  position.seconds += seconds
  position.sinceEpoch = plus(position.sinceEpoch, losses)
  position.sincePoint = plus(position.sincePoint, losses)
  if (position.sincePoint.steps < position.pointEvery) return null
  const point = { step: position.step, ...meansOf(position.sincePoint, task.penalised) }
  position.sincePoint = noSums
  const { points, pointEvery } = thinned([...history.points, point], position.pointEvery)
  memory.history = { ...history, points }
  position.pointEvery = pointEvery
  return point
}

async function endEpoch(loop: LoopView, observers: readonly Observer[]): Promise<void> {
  const { task, config, memory } = loop
  const { position } = memory
  for (const observer of observers) observer.validating?.(loop)
  const begun = performance.now()
  const validation = await task.validate()
  position.seconds += (performance.now() - begun) / 1000
  const training = { ...meansOf(position.sinceEpoch, task.penalised), mse: null }
  position.epoch += 1
  position.sinceEpoch = noSums
  const judged = validation ?? training
  const improved = position.best === null || judged.loss < position.best.loss
  if (improved) {
    position.best = { epoch: position.epoch, loss: judged.loss, losses: judged }
    memory.best = task.read('weights')
  }
  const record: EpochRecord = {
    epoch: position.epoch,
    step: position.step,
    seconds: position.seconds,
    rate: rateOf(config, position.step, task.stepsPerEpoch) * position.rateScale,
    beta: task.beta(position.step),
    training,
    validation,
  }
  memory.history = { ...memory.history, epochs: [...memory.history.epochs, record] }
  for (const observer of observers) await observer.epoch?.(loop, record, improved)
}
