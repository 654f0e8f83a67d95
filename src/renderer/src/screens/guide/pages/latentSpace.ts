import { m } from '../../../../../shared/messages/compiled/messages'
import { formula, list, text, wrong } from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

const sample = String.raw`\mathbf{z} = T\,\boldsymbol{\varepsilon}, \quad \boldsymbol{\varepsilon} \sim \mathcal{N}(\mathbf{0}, \mathbf{I})`
const lerp = String.raw`\mathbf{z}(t) = (1 - t)\,\mathbf{a} + t\,\mathbf{b}`
const slerp = String.raw`\mathbf{z}(t) = \frac{\sin\bigl((1 - t)\,\Omega\bigr)}{\sin \Omega}\,\mathbf{a} + \frac{\sin(t\,\Omega)}{\sin \Omega}\,\mathbf{b}, \qquad \cos \Omega = \frac{\mathbf{a} \cdot \mathbf{b}}{\lVert \mathbf{a} \rVert \lVert \mathbf{b} \rVert}`
const arithmetic = String.raw`\mathbf{z} = \mathbf{z}_0 + w\,\bigl(\bar{\mathbf{z}}_{+} - \bar{\mathbf{z}}_{-}\bigr)`

export const latentSpace: GuidePage = {
  id: 'latent-space',
  title: m.guide_latent_title,
  lead: [m.guide_latent_lead],
  sections: [
    {
      title: m.guide_latent_sample,
      blocks: [formula(m.guide_latent_sample_says, sample), text(m.guide_latent_sample_text)],
    },
    {
      title: m.guide_latent_walk,
      blocks: [
        formula(m.guide_latent_lerp, lerp),
        formula(m.guide_latent_slerp, slerp),
        text(m.guide_latent_walk_text),
      ],
    },
    {
      title: m.guide_latent_turn,
      blocks: [
        list(m.guide_latent_manifold, m.guide_latent_traverse),
        formula(m.guide_latent_arithmetic, arithmetic),
        text(m.guide_latent_arithmetic_text),
      ],
    },
    {
      title: m.guide_latent_map,
      blocks: [
        list(m.guide_latent_map_codes, m.guide_latent_map_pca, m.guide_latent_map_umap),
        text(m.guide_latent_map_trust),
        text(m.guide_latent_map_mark),
      ],
    },
    { title: m.guide_latent_again, blocks: [text(m.guide_latent_again_text)] },
    wrong(
      [m.guide_latent_no_prior, m.guide_latent_no_prior_fix],
      [m.guide_latent_odd, m.guide_latent_odd_fix],
      [m.guide_latent_clusters, m.guide_latent_clusters_fix],
    ),
  ],
  recipes: ['mnist-vae', 'mnist-vae-2d'],
  sources: [sources.kingmaWelling, sources.white, sources.venna, sources.umap],
}
