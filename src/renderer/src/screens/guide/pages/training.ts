import { m } from '../../../../../shared/messages/compiled/messages'
import { divergence, formula, numbers, overFitting, plain, text, wrong } from './parts'
import { sources } from './sources'
import type { GuidePage } from './types'

export const training: GuidePage = {
  id: 'training',
  title: m.guide_training_title,
  lead: [m.guide_training_lead],
  sections: [
    {
      title: m.guide_training_step,
      blocks: [
        {
          kind: 'steps',
          items: [
            m.guide_training_step_forward,
            m.guide_training_step_loss,
            m.guide_training_step_backward,
            m.guide_training_step_update,
          ],
        },
        formula(
          m.guide_training_adam_title,
          String.raw`\theta \leftarrow \theta - \eta \left( \frac{\hat{m}}{\sqrt{\hat{v}} + \varepsilon} + \omega\,\theta \right)`,
        ),
        text(m.guide_training_adam),
        text(m.guide_training_single),
      ],
    },
    {
      title: m.guide_training_until,
      blocks: [text(m.guide_training_until_1), text(m.guide_training_until_2)],
    },
    { title: m.guide_training_safe, blocks: [text(m.guide_training_safe_text)] },
    { title: m.guide_training_seed, blocks: [text(m.guide_training_seed_text)] },
    numbers(
      [m.train_field_epochs, m.guide_number_epochs, plain('10–100')],
      [m.train_field_batch, m.guide_number_batch, plain('32–256')],
      [m.train_field_rate, m.guide_number_rate, plain('0.0005–0.002')],
      [m.train_field_schedule, m.guide_number_schedule, m.train_schedule_cosine],
      [m.train_field_warmup, m.guide_number_warmup, plain('0–1')],
      [m.train_field_clip, m.guide_number_clip, m.guide_usual_off_or_one],
      [m.train_field_decay, m.guide_number_decay, plain('0–0.01')],
      [m.train_field_dropout, m.guide_number_dropout, plain('0–0.3')],
      [m.train_field_patience, m.guide_number_patience, plain('5–20')],
      [m.train_field_validation, m.guide_number_validation, plain('8–10 %')],
      [m.train_field_precision, m.guide_number_precision, plain('float32')],
    ),
    wrong(
      overFitting,
      [m.guide_training_underfit, m.guide_training_underfit_fix],
      [m.guide_training_jumps, m.guide_training_jumps_fix],
      divergence,
    ),
  ],
  recipes: ['mnist-autoencoder'],
  sources: [
    sources.rumelhart,
    sources.prechelt,
    sources.srivastava,
    sources.kingmaBa,
    sources.sgdr,
    sources.adamw,
  ],
}
