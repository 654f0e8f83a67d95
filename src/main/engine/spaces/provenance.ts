/** What an exported picture says of how it was made: written into its metadata, and read back. */
import { basename } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import {
  provenance as provenanceSchema,
  type Anchor,
  type Gallery,
  type GalleryPictures,
  type Group,
  type Provenance,
} from '../../../shared/latent'
import { readImageFile } from '../codec'
import { textOf } from '../codec/png/extras'
import { pointOf } from './anchors'
import type { Space, Spaces } from './spaces'

/** Of the text chunk that holds it, as JSON. */
export const keyword = 'latent-darkroom'

/** What makes these pictures again; `gallery` names no file any more ({@link withoutFiles}). */
export function provenanceOf(
  { name, hash, config }: Space,
  gallery: Gallery,
  { codes, pictures }: GalleryPictures,
): Provenance {
  const codeOf = (index: number): number[] | null => {
    const code = [...codes.subarray(index * config.latent, (index + 1) * config.latent)]
    return code.some(Number.isNaN) ? null : code
  }
  const all = Array.from({ length: pictures.count }, (_, index) => codeOf(index))
  return { program: 'Latent Darkroom', model: name, hash, gallery, codes: all }
}

const groupAnchors = (group: Group): Anchor[] => (group.kind === 'anchors' ? group.anchors : [])

/** The user's own files that a gallery shows, by path. */
export function filesOf(gallery: Gallery): string[] {
  const anchors = (): (Anchor | null)[] => {
    switch (gallery.kind) {
      case 'sample':
      case 'manifold':
        return []
      case 'reconstruct':
      case 'interpolate':
        return gallery.anchors
      case 'traverse':
        return [gallery.base]
      case 'arithmetic':
        return [gallery.base, ...groupAnchors(gallery.plus), ...groupAnchors(gallery.minus)]
    }
  }
  return anchors().flatMap((anchor) => (anchor?.kind === 'file' ? [anchor.path] : []))
}

/** A file of the user's stands in the metadata as its code: no path leaves this machine, and none is needed. */
export async function withoutFiles(space: Space, gallery: Gallery): Promise<Gallery> {
  const anchorOf = async (anchor: Anchor): Promise<Anchor> =>
    anchor.kind === 'file'
      ? { kind: 'code', code: [...(await pointOf(space, anchor)).code] }
      : anchor
  const all = async (anchors: readonly Anchor[]): Promise<Anchor[]> => {
    const coded: Anchor[] = []
    for (const anchor of anchors) coded.push(await anchorOf(anchor))
    return coded
  }
  const groupOf = async (group: Group): Promise<Group> =>
    group.kind === 'anchors' ? { ...group, anchors: await all(group.anchors) } : group
  switch (gallery.kind) {
    case 'sample':
    case 'manifold':
      return gallery
    case 'reconstruct':
    case 'interpolate':
      return { ...gallery, anchors: await all(gallery.anchors) }
    case 'traverse':
      return { ...gallery, base: gallery.base && (await anchorOf(gallery.base)) }
    case 'arithmetic':
      return {
        ...gallery,
        base: await anchorOf(gallery.base),
        plus: await groupOf(gallery.plus),
        minus: await groupOf(gallery.minus),
      }
  }
}

/**
 * How an exported picture was made.
 * @throws DarkroomError `picture-without-provenance` for any other file; as `readImageFile`
 */
export async function readProvenance(path: string): Promise<Provenance> {
  const file = basename(path)
  const bytes = await readImageFile(path)
  const isPng = Buffer.from(bytes.subarray(1, 4)).toString('latin1') === 'PNG'
  const text = isPng ? textOf(bytes, keyword) : null
  const parsed = provenanceSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  throw new DarkroomError('picture-without-provenance', `${file} says nothing`, { file })
}

/** JSON, or null for what is none. */
function parsedJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}

/**
 * The library's model with these weights, if there is one: those of the same name are looked at first. None is opened,
 * so that what is open stays.
 */
export async function itemWith(
  spaces: Spaces,
  { hash, model }: Pick<Provenance, 'hash' | 'model'>,
): Promise<string | null> {
  const { items } = await spaces.library.list()
  const fit = items.filter(({ kind }) => kind !== 'photo-denoiser' && kind !== 'denoiser')
  const [same, others] = [true, false].map((same) =>
    fit.filter(({ name }) => (name === model) === same),
  ) as [typeof fit, typeof fit]
  for (const { item } of [...same, ...others]) {
    if ((await spaces.hashOf(item).catch(() => null)) === hash) return item
  }
  return null
}
