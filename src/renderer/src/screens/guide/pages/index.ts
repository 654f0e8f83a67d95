/** The pages of the Guide, in their order. */
import { m } from '../../../../../shared/messages/compiled/messages'
import { autoencoder } from './autoencoder'
import { contractive } from './contractive'
import { denoise, keys } from './denoise'
import { denoising } from './denoising'
import { images } from './images'
import { latentSpace } from './latentSpace'
import { measuring } from './measuring'
import { photoDenoiser } from './photoDenoiser'
import { principle } from './principle'
import { sparse } from './sparse'
import { training } from './training'
import type { GuidePage, PageId, Words } from './types'
import { variational } from './variational'

export const groups: readonly { title: Words; pages: readonly GuidePage[] }[] = [
  { title: m.guide_group_denoise, pages: [denoise, keys] },
  { title: m.guide_group_training, pages: [principle, training, images] },
  {
    title: m.guide_group_models,
    pages: [autoencoder, sparse, contractive, denoising, variational, photoDenoiser],
  },
  { title: m.guide_group_latent, pages: [latentSpace, measuring] },
]

export const pages: readonly GuidePage[] = groups.flatMap((group) => group.pages)

export function pageOf(id: PageId): GuidePage {
  const page = pages.find((each) => each.id === id)
  if (!page) throw new Error(`Expected a page of the guide. Received ${id}.`)
  return page
}
