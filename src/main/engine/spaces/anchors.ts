/** Points of a latent space as codes, with the picture that each is of. */
import { DarkroomError } from '../../../shared/errors'
import type { Anchor, Group, Origin } from '../../../shared/latent'
import { decodeImageFile } from '../codec'
import { fitImage } from '../data/fitImage'
import { fromMixture } from '../latent/mixture'
import { meanCode } from '../latent/moments'
import { fromPrior } from '../latent/sample'
import { imagesOf, partOf, type Space } from './spaces'

export interface Point {
  code: Float32Array
  /** The picture [height, width, channels] in 0–1; null for a code that is of none. */
  image: Float32Array | null
}

/**
 * Draws codes `first` to `first + count − 1` of a seed: [count, latent].
 * @throws DarkroomError `model-without-prior`; as `Space.mixture` for those from the mixture
 */
export async function drawn(
  space: Space,
  { from, seed, temperature }: { from: Origin; seed: number; temperature: number },
  first: number,
  count: number,
): Promise<Float32Array> {
  const { latent, kind } = space.config
  if (from === 'prior' && kind !== 'variational') {
    throw new DarkroomError('model-without-prior', `${space.name} is no variational model`, {
      model: space.name,
    })
  }
  const mixture = from === 'mixture' ? await space.mixture() : null
  const codes = new Float32Array(count * latent)
  for (let i = 0; i < count; i++) {
    const index = first + i
    codes.set(
      mixture
        ? fromMixture(mixture, seed, index, temperature)
        : fromPrior(latent, seed, index, temperature),
      i * latent,
    )
  }
  return codes
}

/**
 * The code of an anchor and its picture.
 * @throws DarkroomError `anchor-unfit` for a code of another size or an image that the data does not have; as
 * `decodeImageFile` for a file, `Space.set` for data, {@link drawn} for samples
 */
export async function pointOf(space: Space, anchor: Anchor): Promise<Point> {
  const { config, autoencoder } = space
  switch (anchor.kind) {
    case 'code': {
      if (anchor.code.length !== config.latent)
        throw unfit(space, 'z', `${anchor.code.length} × 1`, `${config.latent} × 1`)
      return { code: Float32Array.from(anchor.code), image: null }
    }
    case 'sample': {
      const code = await drawn(space, anchor, anchor.index, 1)
      return { code, image: null }
    }
    case 'data': {
      const set = await space.set()
      const { count } = partOf(set, anchor.part)
      if (anchor.index >= count)
        throw unfit(space, set.card.name, String(anchor.index), `0–${count - 1}`)
      const image = imagesOf(set, anchor.part, [anchor.index])
      return { code: autoencoder.encode(image).mean, image }
    }
    case 'file': {
      const image = await fileImage(space, anchor.path)
      return { code: autoencoder.encode(image).mean, image }
    }
  }
}

const unfit = (space: Space, file: string, received: string, expected: string): DarkroomError =>
  new DarkroomError('anchor-unfit', `${file}: ${received}, expected ${expected}`, {
    ...{ file, received, expected },
    model: space.name,
  })

/** A file's picture brought to the model's size as its data was. */
async function fileImage({ shape, run }: Space, path: string): Promise<Float32Array> {
  const planes = await decodeImageFile(path)
  const fit = run.data.kind === 'folder' ? run.data.fit : 'crop'
  const channels = shape.channels === 3 ? 3 : 1
  const { width, height } = shape
  return Float32Array.from(fitImage(planes, { width, height, channels, fit }), (v) => v / 255)
}

/**
 * The mean code of a group.
 * @throws DarkroomError `labels-missing`, `anchor-unfit` for a label that no image has; as {@link pointOf}
 */
export async function groupCode(space: Space, group: Group): Promise<Float32Array> {
  const { latent } = space.config
  if (group.kind === 'anchors') {
    const points: Float32Array[] = []
    for (const anchor of group.anchors) points.push((await pointOf(space, anchor)).code)
    const codes = new Float32Array(points.length * latent)
    points.forEach((code, i) => codes.set(code, i * latent))
    return meanCode(codes, latent, [...points.keys()])
  }
  const set = await space.set()
  const { labels } = partOf(set, group.part)
  if (!labels) {
    const file = set.card.name
    throw new DarkroomError('labels-missing', `${file} has no labels`, { file })
  }
  const rows = [...labels.keys()].filter((i) => labels[i] === group.label)
  if (rows.length === 0)
    throw unfit(
      space,
      set.card.name,
      String(group.label),
      `0–${(set.card.labels?.length ?? 1) - 1}`,
    )
  return meanCode((await space.codes(group.part)).mean, latent, rows)
}
