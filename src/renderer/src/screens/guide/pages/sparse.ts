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

const klCode = String.raw`\mathbf{z} = \operatorname{sigmoid}(f_\theta(\mathbf{x})), \qquad \hat\rho_j = \frac{1}{B} \sum_{b=1}^{B} z_j^{(b)}`
const klLoss = String.raw`\mathcal{L} = \mathcal{L}(\mathbf{x}, \mathbf{x}') + \lambda \sum_{j=1}^{k} \Bigl[\, \rho \log\frac{\rho}{\hat\rho_j} + (1 - \rho) \log\frac{1 - \rho}{1 - \hat\rho_j} \,\Bigr]`
const l1Loss = String.raw`\mathbf{z} = \operatorname{ReLU}(f_\theta(\mathbf{x})), \qquad \mathcal{L} = \mathcal{L}(\mathbf{x}, \mathbf{x}') + \lambda \sum_{j=1}^{k} |z_j|, \qquad \lVert \mathbf{w}_j \rVert_2 = 1`

export const sparse: GuidePage = {
  id: 'sparse',
  title: m.recipe_mnist_sparse,
  lead: [m.guide_sparse_lead],
  sections: [
    computes(
      formula(m.guide_sparse_activation, klCode),
      formula(m.guide_sparse_kl, klLoss),
      text(m.guide_sparse_kl_text),
      formula(m.guide_sparse_l1, l1Loss),
      text(m.guide_sparse_l1_text),
    ),
    numbers(
      [m.train_field_penalty, m.guide_number_penalty, m.train_penalty_kl],
      [m.train_field_target, m.guide_number_target, plain('0.02–0.2')],
      [m.train_field_weight, m.guide_number_weight_sparse, m.guide_usual_weight_sparse],
      [m.train_field_latent, m.guide_number_latent_sparse, plain('64–512')],
      [m.train_field_batch, m.guide_number_batch_sparse, m.guide_usual_from_128],
    ),
    watch(m.guide_sparse_watch_1, m.guide_sparse_watch_2),
    wrong(
      [m.guide_sparse_dead, m.guide_sparse_dead_fix],
      [m.guide_sparse_dense, m.guide_sparse_dense_fix],
      [m.guide_sparse_grey, m.guide_sparse_grey_fix],
      [m.guide_sparse_noise, m.guide_sparse_noise_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: ['mnist-sparse'],
  sources: [sources.olshausen, sources.ng],
}
