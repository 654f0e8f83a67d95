/** Every kind of measurement that can be made. */
import type { MeasureKind, MeasureRequest } from '../../../shared/latent'
import { measureAnomaly } from './anomaly'
import { measureCompress } from './compress'
import { measureFeatures } from './features'
import { measureLikelihood } from './likelihood'
import type { Measured, Measurer, MeasureSurroundings } from './measurer'

const measurers: { [K in MeasureKind]: Measurer<K> } = {
  anomaly: measureAnomaly,
  compress: measureCompress,
  features: measureFeatures,
  likelihood: measureLikelihood,
}

/** Makes the measurement that is asked for. @throws DarkroomError its own, `cancelled` */
export function measured(request: MeasureRequest, around: MeasureSurroundings): Promise<Measured> {
  const measurer = measurers[request.kind] as Measurer<MeasureKind>
  return measurer(request, around)
}
