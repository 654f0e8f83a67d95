/** The requests of Generate: each a thin function over an open space. */
import { basename } from 'node:path'
import type { EngineHandlers } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { LatentFacts } from '../../../shared/latent'
import { between } from '../latent/walk'
import { picturesOf } from '../runs/pictures'
import type { Works } from '../work/works'
import { spaceDuring } from './calculated'
import { exportCodes } from './exportCodes'
import { latentMoments, makeGallery } from './galleries'
import { itemWith, readProvenance } from './provenance'
import { exportGallery, exportPicture } from './sheets'
import { partOf, type Space, type Spaces } from './spaces'

type Name =
  | 'latent.facts'
  | 'latent.gallery'
  | 'latent.decode'
  | 'latent.between'
  | 'latent.labels'
  | 'latent.posteriors'
  | 'latent.export'
  | 'latent.exportPicture'
  | 'latent.provenance'
  | 'latent.exportCodes'

export function latentHandlers(spaces: Spaces, works: Works): Pick<EngineHandlers, Name> {
  return {
    'latent.facts': async ({ item }) => factsOf(await spaces.open(item)),
    'latent.gallery': async ({ item, gallery, job }, emit) => {
      const space = await spaces.open(item)
      if (job === null) return makeGallery(space, gallery)
      return works.during(job, (work) => makeGallery(spaceDuring(space, work), gallery), emit)
    },
    'latent.decode': async ({ item, codes }) => decoded(await spaces.open(item), codes),
    'latent.between': async ({ item, from, to, share, mode }) => {
      const space = await spaces.open(item)
      const { code } = between(from, to, share, mode)
      return { picture: decoded(space, code), code }
    },
    'latent.labels': async ({ item, part }) => {
      const { labels } = partOf(await (await spaces.open(item)).set(), part)
      return { labels: labels && Int32Array.from(labels) }
    },
    'latent.posteriors': async ({ item, count }) => posteriorsOf(await spaces.open(item), count),
    'latent.export': async ({ item, gallery, as, path }) => {
      const { bytes } = await exportGallery(await spaces.open(item), gallery, as, path)
      return { name: basename(path), bytes }
    },
    'latent.exportPicture': async ({ item, gallery, place, path }) => {
      const bytes = await exportPicture(await spaces.open(item), gallery, place, path)
      return { name: basename(path), bytes }
    },
    'latent.provenance': async ({ path }) => {
      const provenance = await readProvenance(path)
      return { provenance, item: await itemWith(spaces, provenance) }
    },
    'latent.exportCodes': async ({ item, part, format, path }) => {
      const { bytes } = await exportCodes(await spaces.open(item), { part, format, path })
      return { name: basename(path), bytes }
    },
  }
}

/** @throws DarkroomError `anchor-unfit` for codes of another size */
function decoded(space: Space, codes: Float32Array) {
  const { latent } = space.config
  if (codes.length === 0 || codes.length % latent !== 0) {
    const [received, expected] = [`${codes.length}`, `n × ${latent}`]
    const params = { file: 'z', model: space.name, received, expected }
    throw new DarkroomError('anchor-unfit', `${received} numbers for ${expected}`, params)
  }
  return picturesOf(space.autoencoder.decode(codes), space.shape)
}

async function factsOf(space: Space): Promise<LatentFacts> {
  const { item, hash, config, shape } = space
  const { width, height, channels } = shape
  const set = await space.set().catch((error: unknown) => {
    if (error instanceof DarkroomError) return null // the model works without its data
    throw error
  })
  const latents = await latentMoments(space)
  const data = set && {
    training: set.card.images,
    test: set.card.test,
    labels: set.labels ? set.card.labels : null,
  }
  const prior = config.kind === 'variational'
  return { item, hash, latent: config.latent, width, height, channels, prior, latents, data }
}

/**
 * Posteriors of the first test images (or training images, where there are no others).
 * @throws DarkroomError `latents-not-two`, `model-without-prior`
 */
async function posteriorsOf(space: Space, count: number) {
  const { latent } = space.config
  const named = { model: space.name }
  if (latent !== 2)
    throw new DarkroomError('latents-not-two', `${latent} latents`, { ...named, latent })
  const set = await space.set()
  const part = set.card.test > 0 ? 'test' : 'training'
  const { mean, logVariance } = await space.codes(part)
  if (!logVariance) throw new DarkroomError('model-without-prior', 'No posterior', named)
  const { labels } = partOf(set, part)
  return {
    means: mean.slice(0, 2 * count),
    deviations: logVariance.slice(0, 2 * count).map((value) => Math.exp(value / 2)),
    labels: labels ? Int32Array.from(labels.subarray(0, count)) : null,
  }
}
