/**
 * A run's history as tensors. In the header it would not fit (5,000 epochs are more than a megabyte of JSON), and every
 * listing of the library would have to read it. Values are exact: each double is kept as its four 16-bit parts, each
 * of them one float32, which holds such integers exactly. `null` is kept as NaN.
 */
import type { CurvePoint, EpochRecord, History, Losses } from '../../../shared/training'
import type { Tensor } from './container'

export const epochsTensor = 'history/epochs'
export const pointsTensor = 'history/points'
const epochColumns = 13
const pointColumns = 4
const partsOfDouble = 4

type Row = (number | null)[]

/** The tensors of a history, none for what is empty. */
export function historyTensors({ epochs, points }: History): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>()
  if (epochs.length > 0) tensors.set(epochsTensor, pack(epochs.map(rowOfEpoch), epochColumns))
  if (points.length > 0) tensors.set(pointsTensor, pack(points.map(rowOfPoint), pointColumns))
  return tensors
}

/** The inverse of {@link historyTensors}; whether the values make sense is for `history` in `shared` to say. */
export function historyOf(tensors: ReadonlyMap<string, Tensor>): History {
  return {
    epochs: unpack(tensors.get(epochsTensor), epochColumns).map(epochOfRow),
    points: unpack(tensors.get(pointsTensor), pointColumns).map(pointOfRow),
  }
}

/** Whether a tensor of this name has the shape that a history's has. */
export function fitsHistory(name: string, shape: readonly number[]): boolean {
  const columns = name === epochsTensor ? epochColumns : name === pointsTensor ? pointColumns : 0
  return shape.length === 3 && shape[1] === columns && shape[2] === partsOfDouble
}

function pack(rows: Row[], columns: number): Tensor {
  const doubles = Float64Array.from(rows.flat(), (value) => value ?? NaN)
  const parts = new Uint16Array(doubles.buffer)
  return { shape: [rows.length, columns, partsOfDouble], data: Float32Array.from(parts) }
}

function unpack(tensor: Tensor | undefined, columns: number): Row[] {
  if (!tensor) return []
  const doubles = new Float64Array(Uint16Array.from(tensor.data).buffer)
  return Array.from({ length: doubles.length / columns }, (_, row) =>
    Array.from(doubles.subarray(row * columns, (row + 1) * columns), (value) =>
      Number.isNaN(value) ? null : value,
    ),
  )
}

const rowOfLosses = ({ loss, reconstruction, penalty, mse }: Losses): Row => [
  loss,
  reconstruction,
  penalty,
  mse,
]
const lossesOfRow = ([loss, reconstruction, penalty, mse]: Row): Losses =>
  ({ loss, reconstruction, penalty, mse }) as Losses

const rowOfEpoch = (record: EpochRecord): Row => [
  record.epoch,
  record.step,
  record.seconds,
  record.rate,
  record.beta,
  ...rowOfLosses(record.training),
  ...(record.validation ? rowOfLosses(record.validation) : [null, null, null, null]),
]
const epochOfRow = ([epoch, step, seconds, rate, beta, ...parts]: Row): EpochRecord =>
  ({
    epoch,
    step,
    seconds,
    rate,
    beta,
    training: lossesOfRow(parts.slice(0, 4)),
    validation: parts[4] === null ? null : lossesOfRow(parts.slice(4)),
  }) as EpochRecord

const rowOfPoint = ({ step, loss, reconstruction, penalty }: CurvePoint): Row => [
  step,
  loss,
  reconstruction,
  penalty,
]
const pointOfRow = ([step, loss, reconstruction, penalty]: Row): CurvePoint =>
  ({ step, loss, reconstruction, penalty }) as CurvePoint
