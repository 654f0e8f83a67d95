import type { WorkPhase, DataPart, LatentMap, Projection } from '../../../../shared/latent'
import { m } from '../../../../shared/messages/compiled/messages'

export const projectionWords: Record<Projection, () => string> = {
  codes: m.map_projection_codes,
  pca: m.map_projection_pca,
  umap: m.map_projection_umap,
  'pixels-pca': m.map_projection_pixels_pca,
}

/** Where a code from another screen is marked, by what places stand for. */
export const sentWords: Record<Projection, () => string> = {
  codes: m.map_sent_codes,
  pca: m.map_sent_pca,
  umap: () => '', // it has no place there but that of the nearest image
  'pixels-pca': m.map_sent_pixels,
}

export const partWords: Record<DataPart, () => string> = {
  test: m.map_part_test,
  training: m.map_part_training,
}

export function phaseWords(phase: WorkPhase): string {
  if (phase === 'data') return m.map_phase_data()
  if (phase === 'encode') return m.map_phase_encode()
  return phase === 'judge' ? m.map_phase_judge() : m.map_phase_project()
}

/** A count, in both languages with commas. */
export const countText = (count: number): string => count.toLocaleString('en')

/** A squared error: as many digits as tell it apart. */
export const errorText = (error: number): string => error.toPrecision(3)

export const labelText = (map: LatentMap | null, label: number | undefined): string =>
  label === undefined ? '' : (map?.labelNames?.[label] ?? String(label))

/** What a point is, in a sentence. */
export function pointText(map: LatentMap, point: number): string {
  const index = map.indices[point] ?? 0
  const error = errorText(map.errors[point] ?? NaN)
  if (!map.labels) return m.map_said_unlabelled({ index, error })
  return m.map_said({ index, error, label: labelText(map, map.labels[point]) })
}
