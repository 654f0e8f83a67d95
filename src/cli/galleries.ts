/** What the commands of Generate share: points of the latent space in words, and a gallery written as it is in the window. */
import { basename, resolve } from 'node:path'
import type { Space } from '../main/engine/spaces/spaces'
import type { Engine } from '../main/engine/handlers'
import { errorFromData } from '../shared/errors'
import type { Anchor, Gallery, GalleryExport, Group } from '../shared/latent'
import { m } from '../shared/messages/compiled/messages'
import { numberOf, oneOf, parse, required, usage } from './arguments'
import type { Command, Context } from './context'
import { withPath } from '../main/engine/batch/failures'
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
  plus: { type: 'string' },
  minus: { type: 'string' },
  weights: { type: 'string' },
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

/** A group in words: `label:7` (the test images with that label; `training:label:7` the others), or points. */
export function groupOf(option: string, text: string): Group {
  const label = /^(?:(test|training):)?label:(.*)$/.exec(text)
  if (!label) return { kind: 'anchors', anchors: anchorsOf(option, text) }
  const part = label[1] === 'training' ? 'training' : 'test'
  return { kind: 'label', part, label: numberOf(option, label[2] ?? '', 0, 255, true) }
}

/** The data set that points name (`mnist:3`), undefined where they mean the model's own. */
function dataNamed(values: GalleryValues): string | undefined {
  const named = [values.anchors, values.base, values.plus, values.minus].join(',').split(',')
  return values.data ?? dataSets.find((set) => named.some((each) => each.startsWith(`${set}:`)))
}

/** Where a gallery goes: `--out`, and as what. */
export interface Target {
  out: string
  as: GalleryExport
}

/** @throws DarkroomError `usage` for one picture that is not to be called .png */
export function targetOf(values: GalleryValues): Target {
  const out = required('--out', values.out)
  const as = oneOf('--as', values.as ?? 'sheet', ['sheet', 'frames', 'animation'] as const)
  if (as === 'frames' || /\.a?png$/i.test(out)) return { out, as }
  throw usage(m.cli_out_png({ out }))
}

/** A command that makes a gallery of MODEL and writes it to `--out`, as a sheet or as `--as` says. */
export function galleryCommand(galleryOf: (values: GalleryValues) => Gallery): Command {
  return async (args, context) => {
    const { values, positionals } = parse(args, galleryOptions)
    const [wanted] = positionals
    if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
    const { out, as } = targetOf(values)
    const gallery = galleryOf(values)
    const engine = context.createEngine()
    try {
      const space = await openSpaceOn(engine, wanted, dataNamed(values), context)
      const { exportGallery } = await import('../main/engine/spaces/sheets')
      const { filesOf } = await import('../main/engine/spaces/provenance')
      const { bytes, pictures } = await exportGallery(space, gallery, as, out).catch(
        (error: unknown) => {
          throw errorFromData(withPath(error, [...filesOf(gallery), out]))
        },
      )
      tell({ space, kind: gallery.kind, out, as, bytes, count: pictures.pictures.count }, context)
      return 0
    } finally {
      context.terminal.progress(null)
      await engine.close()
    }
  }
}

interface Written extends Target {
  space: Space
  kind: Gallery['kind']
  bytes: number
  count: number
}

/** Tells what was written. */
export function tell(
  { space, kind, out, as, bytes, count }: Written,
  { terminal, json }: Pick<Context, 'terminal' | 'json'>,
): void {
  const told = { model: space.name, out, pictures: count, bytes, hash: space.hash }
  if (json) terminal.out(JSON.stringify({ ...told, kind, as }))
  else terminal.out(m.cli_gallery_written({ model: space.name, out, count }))
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
