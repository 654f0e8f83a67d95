/** Short names for the parts that pages are written with. */
import { m } from '../../../../../shared/messages/compiled/messages'
import type { Block, Section, Words } from './types'

/** A text that is the same in every language: numbers, symbols. */
export const plain =
  (value: string): Words =>
  () =>
    value

export const text = (words: Words): Block => ({ kind: 'text', text: words })
export const list = (...items: Words[]): Block => ({ kind: 'list', items })
export const formula = (says: Words, tex: string): Block => ({ kind: 'formula', says, tex })
/** What has to be said about the article that the program grew from. */
export const onArticle = (...items: Words[]): Block => ({
  kind: 'note',
  title: m.guide_about_article,
  items,
})

/** A number of the configuration: its name on the Train screen, what it does, usual values. */
type NumberRow = [name: Words, meaning: Words, usual: Words]
export const numbers = (...rows: NumberRow[]): Section => ({
  title: m.guide_section_numbers,
  blocks: [
    {
      kind: 'table',
      columns: [m.guide_column_number, m.guide_column_meaning, m.guide_column_usual],
      rows,
    },
  ],
})

export const computes = (...blocks: Block[]): Section => ({
  title: m.guide_section_computes,
  blocks,
})
export const watch = (...items: Words[]): Section => ({
  title: m.guide_section_watch,
  blocks: [list(...items)],
})

type WrongRow = [sign: Words, remedy: Words]

/** What can be seen to go wrong with any model, and what to do. */
export const overFitting: WrongRow = [m.guide_training_overfit, m.guide_training_overfit_fix]
export const divergence: WrongRow = [m.guide_training_diverges, m.guide_training_diverges_fix]

/** What can be seen to go wrong, and what to do. */
export const wrong = (...rows: WrongRow[]): Section => ({
  title: m.guide_section_wrong,
  blocks: [{ kind: 'table', columns: [m.guide_column_sign, m.guide_column_remedy], rows }],
})

/** Formulas that several models share. θ is the encoder's and φ the decoder's throughout. */
export const encodeDecode = String.raw`\mathbf{z} = f_\theta(\mathbf{x}), \qquad \mathbf{x}' = g_\varphi(\mathbf{z})`
export const squaredError = String.raw`\mathcal{L}(\mathbf{x}, \mathbf{x}') = \lVert \mathbf{x} - \mathbf{x}' \rVert_2^2 = \sum_{i=1}^{d} (x_i - x'_i)^2`
export const crossEntropy = String.raw`\mathcal{L}(\mathbf{x}, \mathbf{x}') = -\sum_{i=1}^{d} \bigl[\, x_i \log x'_i + (1 - x_i) \log (1 - x'_i) \,\bigr]`
