import type { CurvePoint } from '../../../shared/training'

/** Points that a curve keeps at most; more than a screen has pixels across. */
const capacity = 2048

/** The columns of a curve, in typed arrays: step and loss parts. A penalty that does not exist is NaN. */
export interface CurveColumns {
  step: Float64Array
  loss: Float64Array
  reconstruction: Float64Array
  penalty: Float64Array
}
const names = ['step', 'loss', 'reconstruction', 'penalty'] as const

/**
 * The live curve of a run: points in the order of their steps, in arrays that never grow. When they are full,
 * neighbours are joined in pairs, as the engine's history does, so that the curve keeps its whole length.
 */
export class Curve {
  #length = 0
  readonly #columns: CurveColumns = {
    step: new Float64Array(capacity),
    loss: new Float64Array(capacity),
    reconstruction: new Float64Array(capacity),
    penalty: new Float64Array(capacity),
  }

  static of(points: readonly CurvePoint[]): Curve {
    const curve = new Curve()
    curve.append(points)
    return curve
  }

  get length(): number {
    return this.#length
  }

  get lastStep(): number {
    return this.#length === 0 ? 0 : (this.#columns.step[this.#length - 1] ?? 0)
  }

  /** Views of what there is, valid until the next change. */
  get columns(): CurveColumns {
    const { step, loss, reconstruction, penalty } = this.#columns
    const part = (column: Float64Array) => column.subarray(0, this.#length)
    return {
      step: part(step),
      loss: part(loss),
      reconstruction: part(reconstruction),
      penalty: part(penalty),
    }
  }

  /**
   * Takes new points. One that is not after the last begins anew from there: a run that goes on from its checkpoint
   * makes the same steps again.
   */
  append(points: readonly CurvePoint[]): void {
    for (const point of points) {
      if (point.step <= this.lastStep) this.#cut(point.step)
      if (this.#length === capacity) this.#join()
      const { step, loss, reconstruction, penalty } = this.#columns
      step[this.#length] = point.step
      loss[this.#length] = point.loss
      reconstruction[this.#length] = point.reconstruction
      penalty[this.#length] = point.penalty ?? NaN
      this.#length += 1
    }
  }

  /** Another curve's points that come after this one's last. */
  extend(other: Curve): void {
    const { step, loss, reconstruction, penalty } = other.columns
    const from = step.findIndex((value) => value > this.lastStep)
    if (from < 0) return
    const at = (column: Float64Array, index: number) => column[index] ?? 0
    for (let index = from; index < step.length; index += 1) {
      const part = at(penalty, index)
      this.append([
        {
          step: at(step, index),
          loss: at(loss, index),
          reconstruction: at(reconstruction, index),
          penalty: Number.isNaN(part) ? null : part,
        },
      ])
    }
  }

  #cut(step: number): void {
    while (this.#length > 0 && this.lastStep >= step) this.#length -= 1
  }

  #join(): void {
    const half = this.#length / 2
    for (const name of names) {
      const column = this.#columns[name]
      for (let index = 0; index < half; index += 1) {
        const [a, b] = [column[2 * index] ?? 0, column[2 * index + 1] ?? 0]
        column[index] = name === 'step' ? b : (a + b) / 2
      }
    }
    this.#length = half
  }
}
