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

const corrupt = String.raw`\tilde{\mathbf{x}} \sim C(\tilde{\mathbf{x}} \mid \mathbf{x}), \qquad \mathbf{z} = f_\theta(\tilde{\mathbf{x}}), \qquad \hat{\mathbf{x}} = g_\varphi(\mathbf{z})`
const compare = String.raw`\min_{\theta,\,\varphi}\; \mathcal{L}(\mathbf{x}, \hat{\mathbf{x}})`
const score = String.raw`\hat{\mathbf{x}} - \tilde{\mathbf{x}} \approx \sigma^2\, \nabla \log p(\tilde{\mathbf{x}})`

export const denoising: GuidePage = {
  id: 'denoising',
  title: m.recipe_mnist_denoising,
  lead: [m.guide_denoising_lead],
  sections: [
    computes(
      formula(m.guide_denoising_corrupt, corrupt),
      formula(m.guide_denoising_compare, compare),
      text(m.guide_denoising_text),
      formula(m.guide_denoising_score, score),
      text(m.guide_denoising_score_text),
    ),
    numbers(
      [m.train_field_corruption, m.guide_number_corruption, m.guide_usual_corruption],
      [m.train_field_sigma, m.guide_number_sigma, m.guide_usual_sigma],
      [m.train_field_share, m.guide_number_share, plain('10–50 %')],
      [m.train_field_latent, m.guide_number_latent_denoising, plain('64–128')],
    ),
    watch(m.guide_denoising_watch_1, m.guide_denoising_watch_2),
    wrong(
      [m.guide_denoising_blur, m.guide_denoising_blur_fix],
      [m.guide_denoising_left, m.guide_denoising_left_fix],
      [m.guide_denoising_clean, m.guide_denoising_clean_fix],
      [m.guide_denoising_photos, m.guide_denoising_photos_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: ['mnist-denoising', 'folder-denoising'],
  sources: [sources.vincent2008, sources.vincent2010, sources.alain],
}
