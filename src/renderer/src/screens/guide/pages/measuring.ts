import { m } from '../../../../../shared/messages/compiled/messages'
import { formula, list, text, wrong } from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

const auroc = String.raw`\mathrm{AUROC} = P\bigl(s_{\text{anomaly}} > s_{\text{normal}}\bigr) + \tfrac{1}{2}\,P\bigl(s_{\text{anomaly}} = s_{\text{normal}}\bigr)`
const bound = String.raw`\mathrm{ELBO}(\mathbf{x}) = \mathbb{E}_{q}\bigl[\log p_\varphi(\mathbf{x} \mid \mathbf{z})\bigr] - \mathrm{KL}\bigl(q_\theta(\mathbf{z} \mid \mathbf{x}) \,\big\Vert\, p(\mathbf{z})\bigr) \le \log p_\varphi(\mathbf{x})`
const weighted = String.raw`\log p_\varphi(\mathbf{x}) \approx \log \frac{1}{K} \sum_{k=1}^{K} \frac{p_\varphi(\mathbf{x} \mid \mathbf{z}_k)\, p(\mathbf{z}_k)}{q_\theta(\mathbf{z}_k \mid \mathbf{x})}, \qquad \mathbf{z}_k \sim q_\theta(\mathbf{z} \mid \mathbf{x})`

export const measuring: GuidePage = {
  id: 'measuring',
  title: m.guide_measuring_title,
  lead: [m.guide_measuring_lead],
  sections: [
    {
      title: m.guide_measuring_anomaly,
      blocks: [
        text(m.guide_measuring_anomaly_text),
        formula(m.guide_measuring_auroc, auroc),
        list(
          m.guide_measuring_anomaly_baselines,
          m.guide_measuring_anomaly_figures,
          m.guide_measuring_anomaly_threshold,
        ),
      ],
    },
    { title: m.guide_measuring_compress, blocks: [text(m.guide_measuring_compress_text)] },
    {
      title: m.guide_measuring_features,
      blocks: [text(m.guide_measuring_features_text), text(m.guide_measuring_features_more)],
    },
    {
      title: m.guide_measuring_likelihood,
      blocks: [
        formula(m.guide_measuring_bound, bound),
        formula(m.guide_measuring_weighted, weighted),
        text(m.guide_measuring_likelihood_text),
      ],
    },
    wrong(
      [m.guide_measuring_equal, m.guide_measuring_equal_fix],
      [m.guide_measuring_loses, m.guide_measuring_loses_fix],
      [m.guide_measuring_seen, m.guide_measuring_seen_fix],
    ),
  ],
  recipes: ['mnist-anomaly', 'mnist-missing', 'mnist-autoencoder', 'mnist-vae-binary'],
  sources: [sources.burda, sources.ruff],
}
