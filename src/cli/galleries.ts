/** What the commands of Generate share: points of the latent space in words, and a gallery written as it is in the window. */
import { basename, resolve } from 'node:path'
import type { Space } from '../main/engine/spaces/spaces'
import type { Engine } from '../main/engine/handlers'
import { errorFromData } from '../shared/errors'
import type { Anchor, Gallery, GalleryExport } from '../shared/latent'
import { m } from '../shared/messages/compiled/messages'
import { numberOf, oneOf, parse, required, usage } from './arguments'
import type { Command, Context, ExitStatus } from './context'
import { withPath } from './failures'
import { openSpaceOn } from './spaceData'

const largest = 2 ** 31 - 1
const dataSets = ['mnist', 'fashion-mnist']

/** Every option of these commands; each command uses those it knows. */
export const galleryOptions = {
  out: { type: 'string' },
  as: { type: 'string' },
  data: { type: 'string' },
  count: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  temperature: { type: 'string' },
  anchors: { type: 'string' },
  base: { type: 'string' },
  steps: { type: 'string' },
  mode: { type: 'string' },
  size: { type: 'string' },
  latents: { type: 'string' },
  extent: { type: 'string' },
} as const
export type GalleryValues = { [Name in keyof typeof galleryOptions]?: string | undefined }

/** A whole number given by an option, or what it is when it is not given. */
export const whole = (
  values: GalleryValues,
  name: keyof GalleryValues,
  otherwise: number,
  from: number,
  to = largest,
): number => numberOf(`--${name}`, values[name] ?? String(otherwise), from, to, true)

/** A number that need not be whole. */
export const number = (
  values: GalleryValues,
  name: keyof GalleryValues,
  otherwise: number,
  from: number,
  to: number,
): number => numberOf(`--${name}`, values[name] ?? String(otherwise), from, to)

/**
 * A point in words: `mnist:3` or `test:3` (a test image), `training:3`, `sample:SEED:3`, or a file's path.
 * @throws DarkroomError `usage` for a place that is no whole number
 */
export function anchorOf(option: string, text: string): Anchor {
  const [kind = '', ...rest] = text.split(':')
  const at = (place: string | undefined): number => numberOf(option, place ?? '', 0, largest, true)
  if (kind === 'training') return { kind: 'data', part: 'training', index: at(rest[0]) }
  if (kind === 'test' || dataSets.includes(kind))
    return { kind: 'data', part: 'test', index: at(rest[0]) }
  if (kind === 'sample') {
    const [seed, index] = [at(rest[0]), at(rest[1])]
    return { kind: 'sample', seed, index, temperature: 1, from: 'prior' }
  }
  return { kind: 'file', path: resolve(text), name: basename(text) }
}

/** The points of a list with commas between. */
export const anchorsOf = (option: string, text: string): Anchor[] =>
  text.split(',').map((each) => anchorOf(option, each))

/** The data set that points name (`mnist:3`), undefined where they mean the model's own. */
function dataNamed(values: GalleryValues): string | undefined {
  const named = [values.anchors, values.base].join(',').split(',')
  return values.data ?? dataSets.find((set) => named.some((each) => each.startsWith(`${set}:`)))
}

/** A command that makes a gallery of MODEL and writes it to `--out`, as a sheet or as `--as` says. */
export function galleryCommand(galleryOf: (values: GalleryValues) => Gallery): Command {
  return async (args, context) => {
    const { values, positionals } = parse(args, galleryOptions)
    const [wanted] = positionals
    if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
    const out = required('--out', values.out)
    const as = oneOf('--as', values.as ?? 'sheet', ['sheet', 'frames', 'animation'] as const)
    const gallery = galleryOf(values)
    const engine = context.createEngine()
    try {
      const space = await openSpaceOn(engine, wanted, dataNamed(values), context)
      return await writeGallery(space, gallery, { out, as, paths: pathsOf(gallery) }, context)
    } finally {
      context.terminal.progress(null)
      await engine.close()
    }
  }
}

/** Files that an error may be about. */
const pathsOf = (gallery: Gallery): string[] =>
  'anchors' in gallery
    ? gallery.anchors.flatMap((anchor) => (anchor.kind === 'file' ? [anchor.path] : []))
    : []

export async function writeGallery(
  space: Space,
  gallery: Gallery,
  { out, as, paths }: { out: string; as: GalleryExport; paths: string[] },
  { terminal, json }: Pick<Context, 'terminal' | 'json'>,
): Promise<ExitStatus> {
  const { exportGallery } = await import('../main/engine/spaces/sheets')
  const { bytes, pictures } = await exportGallery(space, gallery, as, out).catch(
    (error: unknown) => {
      throw errorFromData(withPath(error, [...paths, out]))
    },
  )
  const { count } = pictures.pictures
  const told = { model: space.name, out, pictures: count, bytes, hash: space.hash }
  if (json) terminal.out(JSON.stringify({ ...told, kind: gallery.kind, as }))
  else terminal.out(m.cli_gallery_written({ model: space.name, out, count }))
  return 0
}

/** The engine's model with a hash, or `--model`. @throws DarkroomError `usage` where there is none */
export async function spaceWith(
  engine: Engine,
  item: string | null,
  named: string | undefined,
  context: Context,
): Promise<Space> {
  if (named !== undefined) return openSpaceOn(engine, named, undefined, context)
  if (item === null) throw usage(m.cli_remake_no_model())
  return (await engine.spaces()).open(item)
}
