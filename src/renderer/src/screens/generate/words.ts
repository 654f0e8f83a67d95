/** Galleries in words. */
import type { Anchor, GalleryKind, WorkPhase } from '../../../../shared/latent'
import { m } from '../../../../shared/messages/compiled/messages'
import type { GenerateState } from '../../state/generate.svelte'

type Made = NonNullable<GenerateState['made']>

export const tabWords: Record<GalleryKind, () => string> = {
  sample: m.generate_tab_sample,
  reconstruct: m.generate_tab_reconstruct,
  interpolate: m.generate_tab_interpolate,
  manifold: m.generate_tab_manifold,
  traverse: m.generate_tab_traverse,
  arithmetic: m.generate_tab_arithmetic,
}

export function anchorText(anchor: Anchor): string {
  switch (anchor.kind) {
    case 'data':
      return m.generate_anchor_data({ index: anchor.index })
    case 'file':
      return anchor.name
    case 'sample':
      return m.generate_anchor_sample({ index: anchor.index + 1, seed: anchor.seed })
    case 'code':
      return m.generate_anchor_code()
  }
}

/** What a gallery shows. */
export const stageWords = ({ gallery, pictures }: Made): string =>
  m.generate_stage({ what: tabWords[gallery.kind](), count: pictures.pictures.count })

/** One picture of it. */
export function pictureName({ gallery, pictures }: Made, place: number): string {
  if (gallery.kind === 'sample') return m.generate_picture({ place: place + 1 })
  const [row, column] = [Math.floor(place / pictures.columns), place % pictures.columns]
  const latent = pictures.rows[row]?.latent
  return latent === undefined || latent === null
    ? m.generate_picture_at({ row: row + 1, column: column + 1 })
    : m.generate_picture_latent({ latent: latent + 1, column: column + 1 })
}

/** What pictures wait for. */
export function phaseWords(phase: WorkPhase): string {
  return phase === 'fit' ? m.work_phase_fit() : m.generate_phase_encode()
}

/** What is missing before there is something to show. */
export function hintOf({ choices: { tab }, facts }: GenerateState): string | null {
  if (tab === 'interpolate') return m.generate_hint_interpolate()
  if (tab === 'reconstruct') return m.generate_hint_reconstruct()
  if (tab === 'arithmetic' && facts) return m.generate_hint_arithmetic()
  return null
}
