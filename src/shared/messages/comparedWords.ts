/** What a denoiser that learned from noisy photos is, beside the bundled one. */
import type { DenoiserComparison } from '../training'
import { m } from './compiled/messages'

export const comparedWords: Record<DenoiserComparison['verdict'], typeof m.train_compared_same> = {
  better: m.train_compared_better,
  same: m.train_compared_same,
  worse: m.train_compared_worse,
}
