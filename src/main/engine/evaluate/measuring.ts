/** What every measurement of an autoencoder shares: shapes, batches that leave others their turn. */
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import type { TrainedAutoencoder } from '../models/openAutoencoder'

export interface MeasureOptions {
  /** Everything random depends on it. */
  seed: number
  signal?: AbortSignal
  /** Receives 0–1. */
  onProgress?: (share: number) => void
}

/** How many numbers a tensor of this shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** [height, width, channels] of the images. */
export const itemOf = ({ height, width, channels }: TrainedAutoencoder['shape']): number[] => [
  height,
  width,
  channels,
]

/** Lets others have their turn. @throws DarkroomError `cancelled` */
export async function breathe(
  { signal, onProgress }: MeasureOptions,
  share: number,
): Promise<void> {
  onProgress?.(share)
  await setImmediate()
  stopIfCancelled(signal)
}

/** @throws DarkroomError `cancelled` */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
}

const millisecondsBetween = 40

/**
 * For many short pieces of work: to be awaited after each, lets others have their turn every 40 ms.
 * The function throws DarkroomError `cancelled`.
 */
export function pausing(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < millisecondsBetween) return
    await setImmediate()
    last = performance.now()
    stopIfCancelled(signal)
  }
}
