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

const noise = String.raw`\tilde{\mathbf{x}} = \mathbf{x} + \sigma\,\mathbf{n}, \qquad \mathbf{n} \sim \mathcal{N}(\mathbf{0}, \mathbf{I}), \qquad \sigma \sim \mathcal{U}(\sigma_{\min}, \sigma_{\max})`
const subtract = String.raw`\hat{\mathbf{x}} = \tilde{\mathbf{x}} - h_\theta(\tilde{\mathbf{x}}, \sigma)`
const loss = String.raw`\mathcal{L} = \frac{255}{d} \sum_{i=1}^{d} |x_i - \hat{x}_i|`

const neighbours = String.raw`\mathcal{L} = \lVert h(g_1(\mathbf{y})) - g_2(\mathbf{y}) \rVert^2 + \gamma\, \lVert h(g_1(\mathbf{y})) - g_2(\mathbf{y}) - g_1(h(\mathbf{y})) + g_2(h(\mathbf{y})) \rVert^2`

export const photoDenoiser: GuidePage = {
  id: 'photo-denoiser',
  title: m.guide_photo_title,
  lead: [m.guide_photo_lead_1, m.guide_photo_lead_2],
  sections: [
    computes(
      formula(m.guide_photo_noise, noise),
      formula(m.guide_photo_subtract, subtract),
      formula(m.guide_photo_loss, loss),
      text(m.guide_photo_text),
      formula(m.guide_photo_neighbours, neighbours),
      text(m.guide_photo_neighbours_text),
    ),
    numbers(
      [m.guide_photo_sigma_range, m.guide_number_sigma_range, plain('0–55')],
      [m.train_field_widths, m.guide_number_widths, plain('32, 48, 64')],
      [m.train_field_blocks, m.guide_number_blocks, plain('2–4')],
      [m.train_field_patch, m.guide_number_patch, plain('48–96 px')],
      [m.train_field_batch, m.guide_number_batch, plain('16')],
    ),
    watch(m.guide_photo_watch_1, m.guide_photo_watch_2),
    wrong(
      [m.guide_photo_wax, m.guide_photo_wax_fix],
      [m.guide_photo_left, m.guide_photo_left_fix],
      [m.guide_photo_blocks, m.guide_photo_blocks_fix],
      [m.guide_photo_camera, m.guide_photo_camera_fix],
      [m.guide_photo_unlearned, m.guide_photo_unlearned_fix],
      [m.guide_photo_slow, m.guide_photo_slow_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: ['photo-denoiser', 'noisy-photos'],
  sources: [sources.vincent2008, sources.ffdnet, sources.drunet, sources.neighbor2neighbor],
}
