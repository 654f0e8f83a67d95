import { m } from '../../../../../shared/messages/compiled/messages'
import {
  computes,
  crossEntropy,
  divergence,
  encodeDecode,
  formula,
  numbers,
  onArticle,
  overFitting,
  plain,
  squaredError,
  text,
  watch,
  wrong,
} from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

export const autoencoder: GuidePage = {
  id: 'autoencoder',
  title: m.train_kind_autoencoder,
  lead: [m.guide_autoencoder_lead],
  sections: [
    computes(
      formula(m.guide_encode_decode, encodeDecode),
      text(m.guide_autoencoder_output),
      formula(m.train_loss_squared, squaredError),
      formula(m.train_loss_cross, crossEntropy),
      text(m.guide_autoencoder_loss_text),
      onArticle(m.guide_autoencoder_article),
    ),
    numbers(
      [m.train_field_latent, m.guide_number_latent, m.guide_usual_latent_small],
      [m.guide_family, m.guide_number_family, plain('CNN')],
      [m.train_field_layers, m.guide_number_layers, m.guide_usual_layers],
      [m.train_field_loss, m.guide_number_loss, m.train_loss_squared],
    ),
    watch(m.guide_autoencoder_watch_1, m.guide_autoencoder_watch_2, m.guide_autoencoder_watch_3),
    wrong(
      [m.guide_autoencoder_blur, m.guide_autoencoder_blur_fix],
      [m.guide_autoencoder_same, m.guide_autoencoder_same_fix],
      [m.guide_autoencoder_copy, m.guide_autoencoder_copy_fix],
      overFitting,
      divergence,
    ),
  ],
  recipes: ['mnist-autoencoder', 'folder-autoencoder'],
  sources: [sources.hinton, sources.odena],
}
