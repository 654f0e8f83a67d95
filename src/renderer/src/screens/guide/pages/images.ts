import { m } from '../../../../../shared/messages/compiled/messages'
import { text } from './parts'
import type { GuidePage } from './types'

export const images: GuidePage = {
  id: 'images',
  title: m.guide_images_title,
  lead: [m.guide_images_lead],
  sections: [
    {
      title: m.guide_images_folders,
      blocks: [text(m.guide_images_folders_1), text(m.guide_images_folders_2)],
    },
    {
      title: m.guide_images_size,
      blocks: [
        text(m.guide_images_size_text),
        {
          kind: 'terms',
          items: [
            { term: m.train_fit_crop, text: m.guide_images_fit_crop },
            { term: m.train_fit_pad, text: m.guide_images_fit_pad },
            { term: m.train_fit_stretch, text: m.guide_images_fit_stretch },
          ],
        },
      ],
    },
    { title: m.guide_images_splits, blocks: [text(m.guide_images_splits_text)] },
    { title: m.guide_images_many, blocks: [text(m.guide_images_many_text)] },
    { title: m.guide_images_skipped, blocks: [text(m.guide_images_skipped_text)] },
    { title: m.guide_images_memory, blocks: [text(m.guide_images_memory_text)] },
    { title: m.guide_images_photos, blocks: [text(m.guide_images_photos_text)] },
  ],
  recipes: ['folder-autoencoder', 'folder-vae', 'folder-denoising', 'photo-denoiser'],
  sources: [],
}
