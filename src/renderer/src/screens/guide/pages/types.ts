/** What a page of the Guide is made of. Pages are data; `PageBlock.svelte` shows their parts. */
import type { RecipeName } from '../../../../../shared/training'
import type { Source } from './sources'

export const pageIds = [
  'denoise',
  'keys',
  'principle',
  'training',
  'images',
  'autoencoder',
  'sparse',
  'contractive',
  'denoising',
  'variational',
  'photo-denoiser',
  'latent-space',
  'measuring',
] as const
export type PageId = (typeof pageIds)[number]

/** A text in the language in force. */
export type Words = () => string

export type Block =
  | { kind: 'text'; text: Words }
  | { kind: 'steps' | 'list'; items: readonly Words[] }
  | { kind: 'formula'; says: Words; tex: string }
  /** Names and what they mean; a name may lead to its page. */
  | { kind: 'terms'; items: readonly { term: Words; text: Words; page?: PageId }[] }
  /** The first cell of a row names it. */
  | { kind: 'table'; columns: readonly Words[]; rows: readonly (readonly Words[])[] }
  | { kind: 'note'; title: Words; items: readonly Words[] }
  | { kind: 'keys' }

export interface Section {
  title: Words
  blocks: readonly Block[]
}

export interface GuidePage {
  id: PageId
  title: Words
  /** What it is about, above everything else. */
  lead: readonly Words[]
  sections: readonly Section[]
  /** Recipes that its buttons open. */
  recipes: readonly RecipeName[]
  sources: readonly Source[]
}
