/** Names for layers and noise, as the viewer's labels and the inspector say them. */
import { noiseStructureOf } from '../../../../shared/automaticModel'
import { m } from '../../../../shared/messages/compiled/messages'
import { levelText } from '../../../../shared/noiseCurve'
import type { ExportBits, GivenLevel, Layer, Look, Preset } from '../../../../shared/types'
import type { ModelsState } from '../../state/models.svelte'
import type { NoiseKind } from '../../state/noiseScales'
import type { Photo } from '../../state/photo.svelte'
import { lookOf, type PhotoSettings } from '../../state/photoSettings'
import { fixed } from '../../ui/format'

export function layerName(layer: Layer): string {
  switch (layer) {
    case 'original':
      return m.layer_original()
    case 'noisy':
      return m.layer_noisy()
    case 'denoised':
      return m.layer_denoised()
  }
}

export function noiseName(kind: NoiseKind): string {
  switch (kind) {
    case 'gaussian':
      return m.noise_gaussian()
    case 'poisson':
      return m.noise_poisson()
    case 'salt-pepper':
      return m.noise_salt_pepper()
    case 'speckle':
      return m.noise_speckle()
    case 'masking':
      return m.noise_masking()
    case 'jpeg':
      return m.noise_jpeg()
  }
}

/** What the amount of a kind of noise is called, and the unit behind its number. */
export function amountWords(kind: NoiseKind): { label: string; unit: string } {
  switch (kind) {
    case 'gaussian':
    case 'speckle':
      return { label: 'σ', unit: '' }
    case 'poisson':
      return { label: m.noise_photons(), unit: '' }
    case 'salt-pepper':
    case 'masking':
      return { label: m.noise_share(), unit: '%' }
    case 'jpeg':
      return { label: m.noise_quality(), unit: '' }
  }
}

function noiseAmount({ noiseKind, noiseAmounts }: PhotoSettings): string {
  const amount = noiseAmounts[noiseKind]
  switch (noiseKind) {
    case 'gaussian':
      return `σ ${amount}`
    case 'speckle':
      return `${noiseName(noiseKind)} σ ${amount}`
    case 'poisson':
      return m.noise_amount_photons({ count: amount })
    case 'salt-pepper':
    case 'masking':
      return `${noiseName(noiseKind)} ${amount} %`
    case 'jpeg':
      return `${noiseName(noiseKind)} ${amount}`
  }
}

/** What a written file loses of its source, or only seems to keep; null where it keeps all. */
export function depthNote(bits: ExportBits, fileBits: number): string | null {
  if (bits === 32) return m.export_depth_working()
  return bits < fileBits ? m.export_depth_lowered({ bits, fileBits }) : null
}

/** How a level was come by: estimated, one number, or three by brightness. */
export const wayOf = (sigma: GivenLevel | null) =>
  sigma === null ? 'auto' : typeof sigma === 'number' ? 'hand' : 'tones'

/** Level and look of a preset, or of what was chosen for a camera. */
export const choiceWords = ({ sigma, look }: Pick<Preset, 'sigma' | 'look'>, channels: 1 | 3) =>
  [sigma === null ? m.level_auto() : `σ ${levelText(sigma)}`, ...lookWords(look, channels)].join(
    ' · ',
  )

/** What is not plain about a look: shares below 100 %, texture above 0 %. */
function lookWords({ luma, chroma, texture }: Look, channels: 1 | 3): string[] {
  const words: string[] = []
  if (channels === 1 || luma === chroma) {
    if (luma < 100) words.push(`${luma} %`)
  } else words.push(`${m.luma()} ${luma} %`, `${m.chroma()} ${chroma} %`)
  if (texture > 0) words.push(`${m.texture()} ${texture} %`)
  return words
}

/** The label of a layer in the viewer: its name, and the one number that says most about it. */
export function layerLabel(photo: Photo, layer: Layer, models: ModelsState): string {
  const parts = [layerName(layer)]
  switch (layer) {
    case 'original':
      if (photo.noisy) parts.push(m.layer_clean())
      else if (photo.level) parts.push(`σ ${fixed(photo.level.sigma, 1)}`)
      break
    case 'noisy':
      if (photo.noisyFrom) parts.push(noiseAmount(photo.noisyFrom))
      break
    case 'denoised': {
      const { denoisedBy, info, level } = photo
      const model = models.chosen(denoisedBy, info.channels, noiseStructureOf(level))
      if (model) parts.push(model.card.title)
      parts.push(...lookWords(lookOf(photo.settings), photo.info.channels))
      if (photo.denoised === 'partial') parts.push(m.layer_unfinished())
      break
    }
  }
  return parts.join(' · ')
}
