/** What the measurement 'Features' finds, before it is a report. */
import type { FeatureCurves } from '../evaluate/features'
import type { PretrainingResult } from '../evaluate/pretraining'
import type { ReconstructionErrors } from '../evaluate/reconstructionError'
import type { RepresentationName } from '../evaluate/representations'

/** Levels of the input noise, on the 0–255 scale. */
export const sigmas = [0, 25, 50, 75, 100, 150, 200] as const
/** What another model comes to with all labels, and under noise. */
export interface Compared {
  name: string
  accuracy: number
  noisy: number[]
  noisyClipped: number[]
}

/** All that is measured. */
export interface MeasuredFeatures {
  curves: Record<RepresentationName, FeatureCurves>
  /** Accuracy with all labels at each of {@link sigmas}. */
  noisy: Record<RepresentationName, number[]>
  noisyClipped: Record<RepresentationName, number[]>
  against: Compared | null
  reconstruction: ReconstructionErrors
  pretraining: PretrainingResult[]
}
