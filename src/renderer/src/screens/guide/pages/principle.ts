import { m } from '../../../../../shared/messages/compiled/messages'
import { encodeDecode, formula, onArticle, text } from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

export const principle: GuidePage = {
  id: 'principle',
  title: m.guide_principle_title,
  lead: [m.guide_principle_lead_1, m.guide_principle_lead_2],
  sections: [
    {
      title: m.guide_principle_formulas,
      blocks: [
        formula(m.guide_encode_decode, encodeDecode),
        formula(
          m.guide_principle_aim,
          String.raw`\min_{\theta,\,\varphi}\; \mathcal{L}\bigl(\mathbf{x},\, g_\varphi(f_\theta(\mathbf{x}))\bigr)`,
        ),
        text(m.guide_principle_symbols),
      ],
    },
    {
      title: m.guide_principle_gives,
      blocks: [
        {
          kind: 'terms',
          items: [
            { term: m.guide_principle_dimensions, text: m.guide_principle_dimensions_text },
            { term: m.guide_principle_features, text: m.guide_principle_features_text },
            { term: m.guide_principle_sparsity, text: m.guide_principle_sparsity_text },
            { term: m.guide_principle_regularisation, text: m.guide_principle_regularisation_text },
          ],
        },
      ],
    },
    {
      title: m.guide_principle_which,
      blocks: [
        {
          kind: 'terms',
          items: [
            {
              term: m.train_kind_autoencoder,
              text: m.guide_which_autoencoder,
              page: 'autoencoder',
            },
            { term: m.recipe_mnist_sparse, text: m.guide_which_sparse, page: 'sparse' },
            {
              term: m.recipe_mnist_contractive,
              text: m.guide_which_contractive,
              page: 'contractive',
            },
            { term: m.recipe_mnist_denoising, text: m.guide_which_denoising, page: 'denoising' },
            {
              term: m.guide_variational_title,
              text: m.guide_which_variational,
              page: 'variational',
            },
            { term: m.guide_photo_title, text: m.guide_which_photo, page: 'photo-denoiser' },
          ],
        },
      ],
    },
    {
      title: m.guide_principle_scope,
      blocks: [text(m.guide_principle_scope_text), onArticle(m.guide_principle_article)],
    },
  ],
  recipes: ['mnist-autoencoder'],
  sources: [sources.baldi, sources.hinton, sources.bengio],
}
