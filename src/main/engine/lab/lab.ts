/** One run of the Lab: what all methods are given, and what each has made of it. */
import { DarkroomError } from '../../../shared/errors'
import type { LabMethod, LabPicture, LabRow, LabRun } from '../../../shared/lab'
import { levelOf, type Level } from '../../../shared/noiseCurve'
import type { GivenLevel, NoiseLevel, Region } from '../../../shared/types'
import type { Planes } from '../codec'
import { toDepth } from '../codec/planes'
import { rowsOf } from '../codec/rows'
import { overallSigma } from '../imaging/denoise'
import { estimateNoise } from '../imaging/noiseLevel'
import { middleOf, partOf } from '../imaging/part'
import { renderDifference, renderView } from '../imaging/view'
import type { OpenPhoto } from '../photos/openPhoto'
import { checkRegion } from '../photos/views'

export interface LabWish {
  region: Region | null
  /** Null means estimate. */
  sigma: GivenLevel | null
  methods: readonly LabMethod[]
}

export interface Lab {
  run: Omit<LabRun, 'job'>
  /** What denoisers are told of the noise; `run.sigma` is the same as one number, for methods that take one. */
  level: Level
  /** What was estimated. */
  noise: NoiseLevel
  noisy: Planes
  clean: Planes | null
  /** By row; null where a method has not ended, or failed. */
  made: (Planes | null)[]
}

/**
 * Cuts out what the methods are given: copies, so that what happens to the photo meanwhile changes nothing.
 * @param clean another photo of the same; without one the original is, where noise was added here
 * @throws DarkroomError `data-sizes-differ` for a clean picture of another size, `arguments-invalid` for a region
 *   outside of the photo
 */
export async function prepareLab(
  photo: OpenPhoto,
  clean: OpenPhoto | null,
  wish: LabWish,
): Promise<Lab> {
  const { info, input, original } = photo
  const truth = clean?.original ?? (photo.noisy ? original : null)
  if (truth && sizeOf(truth) !== sizeOf(input)) {
    const [expected, received] = [sizeOf(input), sizeOf(truth)]
    const file = clean?.info.name ?? info.name
    const message = `${file}: expected ${expected}, received ${received}`
    throw new DarkroomError('data-sizes-differ', message, { file, expected, received })
  }
  const whole = { x: 0, y: 0, width: info.width, height: info.height }
  if (wish.region) checkRegion(photo, wish.region)
  const region = middleOf(wish.region ?? whole)
  const opaque = (planes: Planes): Planes => toDepth(partOf(planes, region), input.bits)
  const noisy = opaque(input)
  const estimate = estimateNoise(noisy)
  return {
    run: {
      photo: info.photo,
      name: info.name,
      region,
      photoWidth: info.width,
      photoHeight: info.height,
      sigma: wish.sigma === null ? estimate.sigma : await overallSigma(noisy, wish.sigma),
      sigmaEstimated: wish.sigma === null,
      clean: truth !== null,
      input: null,
      rows: wish.methods.map(rowOf),
    },
    level: wish.sigma ?? levelOf(estimate),
    noise: estimate,
    noisy,
    clean: truth && opaque(truth),
    made: wish.methods.map(() => null),
  }
}

const rowOf = (method: LabMethod): LabRow => {
  const title =
    method.kind === 'classical' ? null : method.kind === 'denoiser' ? method.model : method.item
  return { method, title, outcome: null }
}

/** A picture's size as words, with its channels where it has several. */
export const sizeOf = ({
  width,
  height,
  channels,
}: {
  width: number
  height: number
  channels: number
}): string => [width, height, ...(channels === 1 ? [] : [channels])].join(' × ')

/** @throws DarkroomError `result-missing` for what is not there (yet) */
export function picturesOf({ noisy, clean, made, run }: Lab, of: LabPicture): Planes {
  const found = of === 'noisy' ? noisy : of === 'clean' ? clean : made[of]
  if (found) return found
  throw new DarkroomError('result-missing', `no picture ${of}`, { file: run.name })
}

/**
 * A part of a picture of the run as RGBA8; of a residual, |noisy − picture| · gain.
 * @throws DarkroomError as {@link picturesOf}
 */
export function renderLab(
  lab: Lab,
  of: LabPicture,
  gain: number | null,
  region: Region,
  size: { width: number; height: number },
): Uint8Array {
  const planes = picturesOf(lab, of)
  if (gain === null) return renderView(planes, region, size.width, size.height)
  return renderDifference(rowsOf(lab.noisy), rowsOf(planes), gain, region, size.width, size.height)
}
