/** What a person has chosen in Generate, as plain data that can be undone, and the gallery that it speaks of. */
import type {
  Anchor,
  DataPart,
  Gallery,
  GalleryKind,
  Group,
  LatentFacts,
  Origin,
  WalkMode,
} from '../../../shared/latent'

/** A group whose mean code is taken: the images of a label, or pictures that were chosen by hand. */
export interface GroupChoice {
  by: 'label' | 'hand'
  label: number
  anchors: readonly Anchor[]
}

export interface GenerateChoices {
  tab: GalleryKind
  sample: { count: number; seed: number; temperature: number; from: Origin }
  anchors: readonly Anchor[]
  steps: number
  mode: WalkMode
  size: number
  traverse: { latents: number; steps: number; extent: number }
  /** Where a traversal and arithmetic start; null: the middle. */
  base: Anchor | null
  /** The code that sliders were moved to; null: the base's. */
  code: Float32Array | null
  plus: GroupChoice
  minus: GroupChoice
}

/** So many points can be walked between, and so many pictures be in a group. */
export const mostAnchors = 16
export const mostInGroup = 100
const weights = [-1, -0.5, 0, 0.5, 1, 1.5, 2]

export const initialChoices: GenerateChoices = {
  tab: 'sample',
  sample: { count: 64, seed: 0, temperature: 1, from: 'prior' },
  anchors: [],
  steps: 9,
  mode: 'slerp',
  size: 20,
  traverse: { latents: 10, steps: 9, extent: 3 },
  base: null,
  code: null,
  plus: { by: 'label', label: 0, anchors: [] },
  minus: { by: 'label', label: 1, anchors: [] },
}

/** The choices for another model: what was chosen out of the data or the codes of the one before is left behind. */
export function forAnotherModel(choices: GenerateChoices): GenerateChoices {
  const { anchors, base, code, plus, minus } = initialChoices
  return { ...choices, anchors, base, code, plus, minus }
}

/** The images that points and groups are chosen from unless told otherwise: those kept for the test, if there are some. */
export const usualPart = (facts: LatentFacts | null): DataPart =>
  facts?.data?.test === 0 ? 'training' : 'test'

/** Whether a group's pictures are chosen by hand, as they have to be where the data has no labels. */
export const isByHand = ({ by }: GroupChoice, facts: LatentFacts | null): boolean =>
  by === 'hand' || !facts?.data?.labels

/** The mean code; for variational models 0. */
export function middleOf({ latent, latents, prior }: LatentFacts): Float32Array {
  const code = new Float32Array(latent)
  if (!prior) for (const { index, mean } of latents) code[index] = mean
  return code
}

/** The gallery that the choices speak of; null while something is missing. */
export function galleryOf(choices: GenerateChoices, facts: LatentFacts | null): Gallery | null {
  const { tab, base } = choices
  const anchors = [...choices.anchors]
  switch (tab) {
    case 'sample':
      return { kind: tab, ...choices.sample }
    case 'reconstruct':
      return anchors.length > 0 ? { kind: tab, anchors } : null
    case 'interpolate': {
      const { steps, mode } = choices
      return anchors.length > 1 ? { kind: tab, anchors, steps, mode } : null
    }
    case 'manifold':
      return { kind: tab, size: choices.size }
    case 'traverse':
      return { kind: tab, base, ...choices.traverse }
    case 'arithmetic': {
      const [plus, minus] = [groupOf(choices.plus, facts), groupOf(choices.minus, facts)]
      if (!facts || !plus || !minus) return null
      const from: Anchor = base ?? { kind: 'code', code: [...middleOf(facts)] }
      return { kind: tab, base: from, plus, minus, weights }
    }
  }
}

function groupOf(group: GroupChoice, facts: LatentFacts | null): Group | null {
  if (!isByHand(group, facts)) return { kind: 'label', part: usualPart(facts), label: group.label }
  return group.anchors.length > 0 ? { kind: 'anchors', anchors: [...group.anchors] } : null
}

/** The choices that a gallery was made from, as far as it tells. */
export function choicesOf(gallery: Gallery): Partial<GenerateChoices> {
  const tab = gallery.kind
  switch (tab) {
    case 'sample': {
      const { count, seed, temperature, from } = gallery
      return { tab, sample: { count, seed, temperature, from } }
    }
    case 'reconstruct':
      return { tab, anchors: gallery.anchors }
    case 'interpolate': {
      const { anchors, steps, mode } = gallery
      return { tab, anchors, steps, mode }
    }
    case 'manifold':
      return { tab, size: gallery.size }
    case 'traverse': {
      const { base, latents, steps, extent } = gallery
      return { tab, base, code: null, traverse: { latents, steps, extent } }
    }
    case 'arithmetic': {
      const { base, plus, minus } = gallery
      return { tab, base, code: null, plus: choiceOf(plus), minus: choiceOf(minus) }
    }
  }
}

const choiceOf = (group: Group): GroupChoice =>
  group.kind === 'label'
    ? { by: 'label', label: group.label, anchors: [] }
    : { by: 'hand', label: 0, anchors: group.anchors }
