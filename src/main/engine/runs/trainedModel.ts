/** The model that a run made, out of its file: to be measured, exported or opened. */
import { DarkroomError } from '../../../shared/errors'
import { exportSavedModel, type ExportableModel, type ModelPart } from '../models/exportSavedModel'
import type { RunFile } from '../store/runFile'
import { bestWeights } from '../store/transfer'
import { shapeOf } from '../training/checks'
import { photoNetwork } from '../training/denoiserTask'

/**
 * The model with the weights of its best epoch.
 * @throws DarkroomError `model-unsuitable` when it has not been trained yet
 */
export function trainedModel({ config, card, tensors }: RunFile): ExportableModel {
  const { name, data } = card
  const weights = bestWeights({ tensors })
  if (weights.size === 0 || data === null) {
    const reason = 'model-untrained'
    throw new DarkroomError('model-unsuitable', `${name}: ${reason}`, { model: name, reason })
  }
  const { model } = config
  return model.kind === 'photo-denoiser'
    ? { name, kind: 'denoiser', config: photoNetwork(model), weights }
    : { name, kind: 'autoencoder', config: model, shape: shapeOf(data), weights }
}

/** Writes a run's model, or a part of it, as a SavedModel. @throws DarkroomError as `exportSavedModel` */
export function exportRun(file: RunFile, part: ModelPart, folder: string): void {
  exportSavedModel(trainedModel(file), part, folder)
}
