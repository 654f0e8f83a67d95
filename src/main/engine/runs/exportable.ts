/** What of a run's file is exported as a SavedModel. */
import { DarkroomError } from '../../../shared/errors'
import type { ExportableModel } from '../models/exportSavedModel'
import type { RunFile } from '../store/runFile'
import { bestWeights } from '../store/transfer'
import { shapeOf } from '../training/checks'
import { photoNetwork } from '../training/photoTask'

/** The model of a run with its best weights. @throws DarkroomError `model-unsuitable` before any weights were made */
export function exportableOf({ config, card, tensors }: RunFile): ExportableModel {
  const { name, data } = card
  const weights = bestWeights({ tensors })
  if (weights.size === 0 || !data) {
    const reason = 'it was not trained yet'
    throw new DarkroomError('model-unsuitable', `${name}: ${reason}`, { model: name, reason })
  }
  const { model } = config
  return model.kind === 'photo-denoiser'
    ? { kind: 'denoiser', name, config: photoNetwork(model), weights }
    : { kind: 'autoencoder', name, config: model, shape: shapeOf(data), weights }
}
