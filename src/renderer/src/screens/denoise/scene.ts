/** What the viewer shows of a photo: where its pictures come from, and which two are compared. */
import type { Ask } from '../../bridge'
import type { ModelsState } from '../../state/models.svelte'
import type { Photo } from '../../state/photo.svelte'
import { lookKey, lookOf } from '../../state/photoSettings'
import type { Layer } from '../../../../shared/types'
import type { Side, ViewerSource } from '../../viewer/types'
import { layerLabel } from './words'

/** Profiles of this name have the primaries of Display P3, which a canvas can show as they are. */
const wide = /display.?p3/i
const usual = /srgb|iec61966/i

/** Whether the colours of a photo are shown as its profile means them; another profile's numbers are shown as sRGB. */
export function showsProfile({ profile, channels }: Photo['info']): boolean {
  return profile === null || channels === 1 || wide.test(profile) || usual.test(profile)
}

export function sourceOf(photo: Photo, ask: Ask): ViewerSource {
  const { name, width, height, alpha, profile } = photo.info
  return {
    key: photo.key,
    name,
    width,
    height,
    alpha,
    colourSpace: profile && wide.test(profile) ? 'display-p3' : 'srgb',
    view: (picture, region, size) =>
      ask('photo.view', { photo: photo.info.photo, picture, region, ...size }),
    pixel: (x, y) =>
      ask('photo.pixel', { photo: photo.info.photo, x, y, look: lookOf(photo.settings) }),
  }
}

/** The layers on either side: those chosen while they exist, else the input and what was made of it. */
export function pairOf(photo: Photo): { first: Layer; second: Layer | null } {
  const { layers, input, compare } = photo
  const available = (layer: Layer | null) => (layer && layers.includes(layer) ? layer : null)
  const first = available(compare.first) ?? input
  const second = available(compare.second) ?? available('denoised')
  return { first, second: second === first ? null : second }
}

/** The choice after one side was given a layer; a layer that the other side shows changes places with it. */
export function choose(
  pair: { first: Layer; second: Layer | null },
  which: 'first' | 'second',
  layer: Layer,
): { first: Layer | null; second: Layer | null } {
  const other = which === 'first' ? pair.second : pair.first
  const mine = which === 'first' ? pair.first : pair.second
  const rest = other === layer ? mine : other
  return which === 'first' ? { first: layer, second: rest } : { first: rest, second: layer }
}

export function sideOf(photo: Photo, layer: Layer, models: ModelsState): Side {
  const { inputVersion, denoisedVersion, tileVersion, settings } = photo
  const denoised = layer === 'denoised'
  const content = denoised
    ? `denoised ${inputVersion} ${denoisedVersion} ${lookKey(settings)}`
    : `${layer} ${inputVersion}`
  return {
    layer,
    look: lookOf(settings),
    label: layerLabel(photo, layer, models),
    content,
    revision: denoised ? `${content} ${tileVersion}` : content,
  }
}
