/** A denoiser that learned from noisy photos, beside the bundled one, on photos that were held out: without originals. */
import { automatic } from '../../../shared/automaticModel'
import type { BlindScore, DenoiserComparison } from '../../../shared/training'
import type { Planes } from '../codec'
import type { TrainingPhoto } from '../data/photoPatches'
import { denoisePlanes, fitRunner } from '../imaging/denoise'
import { middleOf, partOf } from '../imaging/part'
import { residualCorrelation } from '../imaging/residual'
import { selfScore } from '../imaging/selfScore'
import { openDenoiser } from '../models/photoDenoiser'
import type { PhotoDenoiserConfig } from '../networks/photoDenoiser'
import type { State } from '../runtime/program'
import { chooseModel, listModels, readDenoiser } from '../store/models'

/** A photo that was held out, and the level of its noise on the 0–255 scale. */
export interface LevelledPhoto {
  photo: TrainingPhoto
  level: number
}

/** More photos, of each its middle, say nothing new for the time they take. */
const mostPhotos = 8
/**
 * Scores that differ by less than this share are the same. Both models tell the same hidden pixels, so their noise
 * differs out: on 62,500 colour pixels of σ 25 and results that are 1.5 apart, the difference's own error is by calculation
 * 0.013 %. One model that was 0.47 dB worse by the original scored 0.07 % worse there.
 */
const sameShare = 0.0004

/**
 * Compares on at most eight photos, by the J-invariant score (pooled over their pixels) and by how white the residual is.
 * @param folder where the bundled models lie; the one that 'auto' takes for the channels is compared with
 * @returns null where nothing was held out, or there is no bundled model
 * @throws DarkroomError `cancelled`, `model-damaged`, …
 */
export async function compareWithBundled(
  heldOut: readonly LevelledPhoto[],
  own: { config: PhotoDenoiserConfig; weights: State },
  folder: string | null,
  signal?: AbortSignal,
): Promise<DenoiserComparison | null> {
  if (folder === null || heldOut.length === 0) return null
  const { models } = await listModels(folder)
  if (models.length === 0) return null
  const { channels } = own.config
  const { path, info } = chooseModel(models, automatic, { channels })
  const { header, tensors } = await readDenoiser(path)
  const photos = heldOut.slice(0, mostPhotos).map(({ photo, level }) => ({
    planes: planesOf(photo, channels),
    level,
  }))
  const trained = await scoreOf(photos, own, signal)
  const bundled = await scoreOf(photos, { config: header.config, weights: tensors }, signal)
  const noise = Math.sqrt(photos.reduce((sum, { level }) => sum + level ** 2, 0) / photos.length)
  const difference = trained.error - bundled.error
  const same = Math.abs(difference) <= sameShare * bundled.error
  const verdict = same ? 'same' : difference < 0 ? 'better' : 'worse'
  return { model: info.card.name, photos: photos.length, noise, trained, bundled, verdict }
}

interface Judged {
  planes: Planes
  level: number
}

function planesOf({ width, height, data }: TrainingPhoto, channels: 1 | 3): Planes {
  const planes: Planes = { width, height, channels, bits: 8, data, alpha: null }
  return partOf(planes, middleOf({ x: 0, y: 0, width, height }))
}

async function scoreOf(
  photos: readonly Judged[],
  model: { config: unknown; weights: State },
  signal: AbortSignal | undefined,
): Promise<BlindScore> {
  const open = openDenoiser(model)
  const options = signal ? { signal } : {}
  let [squares, pixels, correlation, structured] = [0, 0, 0, 0]
  try {
    for (const { planes, level } of photos) {
      const runner = fitRunner(open, planes.channels, '')
      const score = await selfScore(planes, runner, level, options)
      squares += score.error ** 2 * score.pixels
      pixels += score.pixels
      const output = { ...planes, data: planes.data.slice() }
      await denoisePlanes(planes, output, runner, level, options)
      const residual = residualCorrelation(planes, output)
      correlation += residual.correlation / photos.length
      structured += residual.structured ? 1 : 0
    }
    return { error: Math.sqrt(squares / pixels), correlation, structured }
  } finally {
    open.close()
  }
}
