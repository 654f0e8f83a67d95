import { m } from '../../../../../shared/messages/compiled/messages'
import {
  computes,
  divergence,
  formula,
  numbers,
  onArticle,
  overFitting,
  plain,
  text,
  watch,
  wrong,
} from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

const encode = String.raw`\boldsymbol{\mu} = f_\theta^{\mu}(\mathbf{x}), \quad \log \boldsymbol{\sigma}^2 = f_\theta^{\sigma}(\mathbf{x}), \quad q_\theta(\mathbf{z} \mid \mathbf{x}) = \mathcal{N}\bigl(\boldsymbol{\mu}, \operatorname{diag} \boldsymbol{\sigma}^2\bigr)`
const draw = String.raw`\mathbf{z} = \boldsymbol{\mu} + \boldsymbol{\sigma} \odot \boldsymbol{\varepsilon}, \quad \boldsymbol{\varepsilon} \sim \mathcal{N}(\mathbf{0}, \mathbf{I}), \qquad \mathbf{x}' = g_\varphi(\mathbf{z})`
const klDivergence = String.raw`\mathrm{KL}\bigl(q_\theta(\mathbf{z} \mid \mathbf{x}) \,\big\Vert\, \mathcal{N}(\mathbf{0}, \mathbf{I})\bigr) = -\frac{1}{2} \sum_{j=1}^{k} \bigl( 1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2 \bigr)`
const loss = String.raw`\mathcal{L} = \mathcal{L}(\mathbf{x}, \mathbf{x}') + \beta \cdot \mathrm{KL}\bigl(q_\theta(\mathbf{z} \mid \mathbf{x}) \,\big\Vert\, \mathcal{N}(\mathbf{0}, \mathbf{I})\bigr)`

export const variational: GuidePage = {
  id: 'variational',
  title: m.guide_variational_title,
  lead: [m.guide_variational_lead_1, m.guide_variational_lead_2],
  sections: [
    computes(
      formula(m.guide_variational_encode, encode),
      formula(m.guide_variational_draw, draw),
      text(m.guide_variational_draw_text),
      formula(m.guide_variational_divergence, klDivergence),
      formula(m.guide_total_loss, loss),
      text(m.guide_variational_loss_text),
      onArticle(m.guide_variational_article_1, m.guide_variational_article_2),
    ),
    numbers(
      [m.train_field_beta, m.guide_number_beta, m.guide_usual_beta],
      [m.train_field_beta_warmup, m.guide_number_beta_warmup, plain('0–10')],
      [m.train_field_latent, m.guide_number_latent_variational, m.guide_usual_latent_variational],
      [m.train_field_loss, m.guide_number_loss_variational, m.guide_usual_cross_entropy],
      [m.train_field_binarise, m.guide_number_binarise, m.guide_usual_off],
    ),
    watch(m.guide_variational_watch_1, m.guide_variational_watch_2, m.guide_variational_watch_3),
    wrong(
      [m.guide_variational_collapse, m.guide_variational_collapse_fix],
      [m.guide_variational_inactive, m.guide_variational_inactive_fix],
      [m.guide_variational_holes, m.guide_variational_holes_fix],
      [m.guide_variational_blur, m.guide_variational_blur_fix],
      [m.guide_variational_rise, m.guide_variational_rise_fix],
      [m.guide_variational_papers, m.guide_variational_papers_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: [
    'mnist-vae',
    'mnist-vae-2d',
    'mnist-beta-vae',
    'mnist-vae-binary',
    'mnist-vae-2d-binary',
    'fashion-vae',
    'folder-vae',
  ],
  sources: [sources.kingmaWelling, sources.rezende, sources.bowman, sources.burda, sources.higgins],
}
