import { m } from '../../../../../shared/messages/compiled/messages'
import { formula, plain, text } from './parts'
import type { GuidePage } from './types'

export const denoise: GuidePage = {
  id: 'denoise',
  title: m.guide_page_denoise,
  lead: [],
  sections: [
    { title: m.guide_what_title, blocks: [text(m.guide_what_1), text(m.guide_what_2)] },
    { title: m.guide_steps_title, blocks: [text(m.guide_steps_1), text(m.guide_steps_2)] },
    {
      title: m.guide_numbers_title,
      blocks: [
        {
          kind: 'terms',
          items: [
            { term: plain('σ'), text: m.guide_term_sigma },
            { term: plain('PSNR'), text: m.guide_term_psnr },
          ],
        },
        formula(plain('PSNR'), String.raw`\mathrm{PSNR} = -10\,\log_{10} \mathrm{MSE}`),
        {
          kind: 'terms',
          items: [
            { term: plain('SSIM'), text: m.guide_term_ssim },
            { term: m.guide_term_residual_name, text: m.guide_term_residual },
            { term: m.guide_term_look_name, text: m.guide_term_look },
            { term: m.texture, text: m.guide_term_texture },
          ],
        },
      ],
    },
    { title: m.batch_title, blocks: [text(m.guide_batch_1), text(m.guide_batch_2)] },
    {
      title: m.lab_title,
      blocks: [
        text(m.guide_lab_1),
        {
          kind: 'terms',
          items: [
            { term: m.lab_nlm, text: m.guide_lab_nlm },
            { term: m.lab_wavelet, text: m.guide_lab_wavelet },
            { term: m.lab_total_variation, text: m.guide_lab_total_variation },
            { term: m.lab_bilateral, text: m.guide_lab_bilateral },
            { term: m.lab_median, text: m.guide_lab_median },
          ],
        },
        text(m.guide_lab_2),
      ],
    },
    { title: m.guide_trust_title, blocks: [text(m.guide_trust_1), text(m.guide_trust_2)] },
    { title: m.guide_limits_title, blocks: [text(m.guide_limits)] },
  ],
  recipes: [],
  sources: [],
}

export const keys: GuidePage = {
  id: 'keys',
  title: m.guide_keys_title,
  lead: [],
  sections: [{ title: m.rail_denoise, blocks: [{ kind: 'keys' }] }],
  recipes: [],
  sources: [],
}
