/** What was chosen last for a camera at a sensitivity, as a list that is saved with the program's settings. */
import type { CameraChoice, ModelInfo, PhotoInfo } from '../../../shared/types'
import { choiceKey, lookOf, type PhotoSettings } from './photoSettings'
import { applied } from './presets'

const most = 100

type Camera = NonNullable<PhotoInfo['camera']>

const isOf =
  ({ name, iso }: Camera) =>
  (choice: CameraChoice) =>
    choice.camera === name && choice.iso === iso

/** The list with these settings for that camera, the newest first. */
export function remembered(
  choices: readonly CameraChoice[],
  camera: Camera,
  settings: PhotoSettings,
): CameraChoice[] {
  const { model, sigma } = settings
  const choice = { camera: camera.name, iso: camera.iso, model, sigma, look: lookOf(settings) }
  return [choice, ...choices.filter((other) => !isOf(camera)(other))].slice(0, most)
}

/** What a photo's settings would change to, were they those chosen last for its camera; null when nothing would. */
export function offered(
  choices: readonly CameraChoice[],
  camera: Camera | null,
  settings: PhotoSettings,
  fitting: readonly ModelInfo[],
): { choice: CameraChoice; patch: Partial<PhotoSettings> } | null {
  const choice = camera && choices.find(isOf(camera))
  if (!choice) return null
  const patch = applied(choice, fitting)
  const differs = choiceKey({ ...settings, ...patch }) !== choiceKey(settings)
  return differs ? { choice, patch } : null
}
