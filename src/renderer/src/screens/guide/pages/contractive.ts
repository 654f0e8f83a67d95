import { m } from '../../../../../shared/messages/compiled/messages'
import {
  computes,
  divergence,
  formula,
  numbers,
  overFitting,
  plain,
  text,
  watch,
  wrong,
} from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

const penalty = String.raw`\mathbf{z} = \operatorname{sigmoid}(f_\theta(\mathbf{x})), \qquad \mathcal{L} = \mathcal{L}(\mathbf{x}, \mathbf{x}') + \lambda \left\lVert \frac{\partial \mathbf{z}}{\partial \mathbf{x}} \right\rVert_F^2`
const single = String.raw`\left\lVert \frac{\partial \mathbf{z}}{\partial \mathbf{x}} \right\rVert_F^2 = \sum_{j=1}^{k} \bigl[ z_j (1 - z_j) \bigr]^2 \sum_{i=1}^{d} W_{ij}^2`
const deep = String.raw`\lVert \mathbf{J} \rVert_F^2 = \mathbb{E}_{\mathbf{v}} \lVert \mathbf{J} \mathbf{v} \rVert_2^2, \qquad \mathbf{v} \in \{-1, 1\}^d`

export const contractive: GuidePage = {
  id: 'contractive',
  title: m.recipe_mnist_contractive,
  lead: [m.guide_contractive_lead],
  sections: [
    computes(
      formula(m.guide_contractive_penalty, penalty),
      formula(m.guide_contractive_single, single),
      text(m.guide_contractive_single_text),
      formula(m.guide_contractive_deep, deep),
      text(m.guide_contractive_deep_text),
    ),
    numbers(
      [m.train_field_weight, m.guide_number_weight_contractive, plain('0.03–1')],
      [m.train_field_layers, m.guide_number_layers_contractive, m.guide_usual_none],
      [m.train_field_latent, m.guide_number_latent, plain('128–512')],
    ),
    watch(m.guide_contractive_watch_1, m.guide_contractive_watch_2),
    wrong(
      [m.guide_contractive_same, m.guide_contractive_same_fix],
      [m.guide_contractive_stuck, m.guide_contractive_stuck_fix],
      [m.guide_contractive_nothing, m.guide_contractive_nothing_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: ['mnist-contractive'],
  sources: [sources.hutchinson, sources.rifai, sources.alain],
}
