/** What each kind of measurement is: a request in, what it came to out. Keeping and showing it is done elsewhere. */
import type { MeasureKind, MeasureReport, MeasureRequest } from '../../../shared/latent'
import type { Spaces } from '../spaces/spaces'
import type { WorkContext } from '../work/works'

/** Values that are kept with a report and read in parts: scores, weights. */
export type ReportTensors = Map<string, { shape: number[]; data: Float32Array }>

export interface Measured {
  report: Omit<MeasureReport, 'id' | 'created' | 'seconds'>
  tensors?: ReportTensors
}

export interface MeasureSurroundings {
  spaces: Pick<Spaces, 'open'>
  context: WorkContext
  /** The folder for what was made of image folders; null: nothing is kept there. */
  cache?: string | null
}

/** Makes one kind of measurement; it breathes by the context. @throws DarkroomError `cancelled`, and its own */
export type Measurer<K extends MeasureKind> = (
  request: Extract<MeasureRequest, { kind: K }>,
  around: MeasureSurroundings,
) => Promise<Measured>
