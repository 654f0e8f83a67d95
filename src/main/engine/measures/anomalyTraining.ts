/** A recipe, trained on the normal images of one case. */
import { DarkroomError } from '../../../shared/errors'
import type { AutoencoderConfig, DataCard, RunConfig } from '../../../shared/training'
import type { State } from '../runtime/program'
import { AutoencoderTask } from '../training/autoencoderTask'
import { corruptedImagesOf } from '../training/corruptedImages'
import { checkedRun } from '../training/checks'
import { train, type RunMemory } from '../training/loop'
import { noHistory, startPosition } from '../training/position'

interface Training {
  signal: AbortSignal
  /** Receives 0–1. */
  onProgress: (share: number) => void
}

/**
 * The best weights by the normal images that are kept aside for validation.
 * @param normal [count, height, width, channels] bytes
 * @throws DarkroomError `training-diverged`, `cancelled`, what `checkedRun` refuses
 */
export async function trainOn(
  config: RunConfig,
  normal: Uint8Array,
  card: DataCard,
  { signal, onProgress }: Training,
): Promise<{ weights: State; model: AutoencoderConfig }> {
  const count = normal.length / (card.width * card.height * card.channels)
  // small folders train too: a batch of at most an eighth of the images
  const batch = Math.min(config.training.batch, Math.max(1, Math.floor(count / 8)))
  const fitted = { ...config, training: { ...config.training, batch } }
  const own = { ...card, images: count, test: 0, labels: null }
  const set = {
    card: own,
    images: normal,
    labels: null,
    test: { images: new Uint8Array(), labels: null },
  }
  const { model } = checkedRun(fitted, own, count)
  const corruptedImages = await corruptedImagesOf(fitted, set, { signal })
  const task = new AutoencoderTask({ config: fitted, set, corruptedImages })
  const memory: RunMemory = { position: { ...startPosition }, history: noHistory, best: null }
  const steps = config.training.epochs * task.stepsPerEpoch
  try {
    task.start()
    const watch = {
      step: () => onProgress(memory.position.step / steps),
      rejected: () => {
        const { step } = memory.position
        throw new DarkroomError('training-diverged', `Training diverged at step ${step}`, { step })
      },
    }
    const ended = await train({ task, config: fitted.training, memory }, [watch], signal)
    if (ended === 'interrupted') throw new DarkroomError('cancelled', 'Training was cancelled')
    return { weights: memory.best ?? task.read('weights'), model }
  } finally {
    task.close()
  }
}
