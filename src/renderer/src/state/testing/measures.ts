/** Reports and scores as tests need them. */
import type {
  CaseImages,
  CaseScores,
  MeasureReport,
  MeasureRequest,
  MeasureSummary,
} from '../../../../shared/latent'
import { config, pictures } from './runs'

export const anomalyRequest: MeasureRequest = {
  kind: 'anomaly',
  recipe: 'mnist-autoencoder',
  config,
  protocol: { kind: 'one-normal', label: null },
}

export const summary = (
  id: string,
  created: number,
  request: MeasureRequest = { kind: 'likelihood', item: 'vae', samples: 500 },
): MeasureSummary => ({
  id,
  request,
  model: `model of ${id}`,
  data: 'MNIST',
  created,
  seconds: 3,
  figure: null,
})

export const reportOf = (of: MeasureSummary, more: Partial<MeasureReport> = {}): MeasureReport => {
  const { id, request, model, data, created, seconds } = of
  const parts = { figures: [], charts: [], tables: [], protocol: [], sheets: [], cases: [] }
  return { id, request, model, data, created, seconds, ...parts, ...more }
}

export const anomalyCaseOf = (
  label: string,
  threshold: number,
): MeasureReport['cases'][number] => ({
  label,
  auroc: { combined: 0.97, pca: 0.95 },
  averagePrecision: { combined: 0.9, pca: 0.8 },
  threshold,
})

/** Normal images score 0 … normal − 1, anomalies from `from` on; the place in the test images is 100 more than here. */
export const scoresOf = (normal: number, anomalies: number, from: number): CaseScores => ({
  scores: Float32Array.from({ length: normal + anomalies }, (_, i) =>
    i < normal ? i : from + i - normal,
  ),
  truth: Int32Array.from({ length: normal + anomalies }, (_, i) => (i < normal ? 0 : 1)),
  indices: Int32Array.from({ length: normal + anomalies }, (_, i) => 100 + i),
})

export const imagesOf = (count: number): CaseImages => ({
  originals: pictures(count),
  reconstructions: pictures(count),
  heat: pictures(count),
})
