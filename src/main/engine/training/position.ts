/** Where a run stands, as data: everything that is needed to go on exactly as if it had not stopped. */
import { z } from 'zod'
import {
  curvePoint,
  losses,
  type CurvePoint,
  type History,
  type Losses,
} from '../../../shared/training'

const sums = z.strictObject({
  steps: z.int().min(0),
  reconstruction: z.number(),
  penalty: z.number(),
  loss: z.number(),
})
export type Sums = z.infer<typeof sums>
export const noSums: Sums = { steps: 0, reconstruction: 0, penalty: 0, loss: 0 }

export const position = z.strictObject({
  /** Steps that were made, and epochs that were finished. */
  step: z.int().min(0),
  epoch: z.int().min(0),
  /** Training time in seconds, pauses left out. */
  seconds: z.number().min(0),
  /** What the learning rate is multiplied by: halved whenever the run diverged. */
  rateScale: z.number().positive(),
  divergences: z.int().min(0),
  best: z.strictObject({ epoch: z.int().min(1), loss: z.number(), losses }).nullable(),
  /** Sums of the losses since the epoch began, and since the last point of the curve. */
  sinceEpoch: sums,
  sincePoint: sums,
  /** Steps between two points of the curve. */
  pointEvery: z.int().min(1),
})
export type Position = z.infer<typeof position>

export const startPosition: Position = {
  step: 0,
  epoch: 0,
  seconds: 0,
  rateScale: 1,
  divergences: 0,
  best: null,
  sinceEpoch: noSums,
  sincePoint: noSums,
  pointEvery: 1,
}

/** Sums with one more step in them. */
export function plus(a: Sums, { reconstruction, penalty, loss }: Omit<Losses, 'mse'>): Sums {
  return {
    steps: a.steps + 1,
    reconstruction: a.reconstruction + reconstruction,
    penalty: a.penalty + (penalty ?? 0),
    loss: a.loss + loss,
  }
}

/** The means of sums. `penalty` is null where the model has none. */
export function meansOf(
  { steps, reconstruction, penalty, loss }: Sums,
  penalised: boolean,
): Omit<Losses, 'mse'> {
  return {
    reconstruction: reconstruction / steps,
    penalty: penalised ? penalty / steps : null,
    loss: loss / steps,
  }
}

const MOST_POINTS = 1000

/** Every second pair of points joined into one, once there are too many: the curve keeps its whole length. */
export function thinned(
  points: readonly CurvePoint[],
  pointEvery: number,
): { points: CurvePoint[]; pointEvery: number } {
  if (points.length < MOST_POINTS) return { points: [...points], pointEvery }
  const joined: CurvePoint[] = []
  for (let i = 1; i < points.length; i += 2) {
    const [a, b] = [points[i - 1] as CurvePoint, points[i] as CurvePoint]
    const middle = (x: number | null, y: number | null): number | null =>
      x === null || y === null ? null : (x + y) / 2
    joined.push(
      curvePoint.parse({
        step: b.step,
        loss: (a.loss + b.loss) / 2,
        reconstruction: (a.reconstruction + b.reconstruction) / 2,
        penalty: middle(a.penalty, b.penalty),
      }),
    )
  }
  return { points: joined, pointEvery: pointEvery * 2 }
}

export const noHistory: History = { epochs: [], points: [] }
