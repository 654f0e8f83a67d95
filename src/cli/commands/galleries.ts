/** `sample`, `interpolate`, `manifold`, `traverse`, `reconstruct`, `arithmetic`: pictures out of a model; `remake`: the same ones again. */
import type { Anchor, Gallery } from '../../shared/latent'
import { errorFromData } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import { oneOf, parse, required, usage } from '../arguments'
import type { Command } from '../context'
import { withPath } from '../../main/engine/batch/failures'
import {
  anchorOf,
  anchorsOf,
  galleryCommand,
  galleryOptions,
  groupOf,
  number,
  spaceWith,
  targetOf,
  tell,
  whole,
} from '../galleries'

export const sample = galleryCommand((values) => ({
  kind: 'sample',
  count: whole(values, 'count', 64, 1, 1024),
  seed: whole(values, 'seed', 0, 0),
  temperature: number(values, 'temperature', 1, 0, 4),
  from: oneOf('--from', values.from ?? 'prior', ['prior', 'mixture'] as const),
}))

const points = (text: string | undefined, least: number, most: number): Anchor[] => {
  const anchors = anchorsOf('--anchors', required('--anchors', text))
  if (anchors.length >= least && anchors.length <= most) return anchors
  throw usage(m.cli_anchors_count({ least, most, count: anchors.length }))
}

export const interpolate = galleryCommand((values) => ({
  kind: 'interpolate',
  anchors: points(values.anchors, 2, 16),
  steps: whole(values, 'steps', 9, 2, 64),
  mode: oneOf('--mode', values.mode ?? 'slerp', ['lerp', 'slerp'] as const),
}))

export const reconstruct = galleryCommand((values) => ({
  kind: 'reconstruct',
  anchors: points(values.anchors, 1, 64),
}))

export const manifold = galleryCommand((values) => ({
  kind: 'manifold',
  size: whole(values, 'size', 20, 2, 40),
}))

export const traverse = galleryCommand((values) => ({
  kind: 'traverse',
  base: values.base === undefined ? null : anchorOf('--base', values.base),
  latents: whole(values, 'latents', 10, 1, 64),
  steps: whole(values, 'steps', 9, 2, 32),
  extent: number(values, 'extent', 3, 0.1, 10),
}))

const weightsOf = (text: string): number[] => {
  const weights = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)))
  if (weights.length <= 32 && weights.every((weight) => Math.abs(weight) <= 10)) return weights
  throw usage(m.cli_weights({ received: text }))
}

export const arithmetic = galleryCommand((values) => ({
  kind: 'arithmetic',
  base: anchorOf('--base', required('--base', values.base)),
  plus: groupOf('--plus', required('--plus', values.plus)),
  minus: groupOf('--minus', required('--minus', values.minus)),
  weights: weightsOf(values.weights ?? '0,0.25,0.5,0.75,1'),
}))

/** Pictures of the user's own were shown, of which an exported file keeps the codes only. */
const isWithoutOriginals = (gallery: Gallery): boolean =>
  gallery.kind === 'reconstruct' && gallery.anchors.some(({ kind }) => kind === 'code')

export const remake: Command = async (args, context) => {
  const { out: place, as: form } = galleryOptions
  const options = { out: place, as: form, model: { type: 'string' } } as const
  const { values, positionals } = parse(args, options)
  const [source] = positionals
  if (source === undefined || positionals.length > 1) throw usage(m.cli_one_sheet())
  const { out, as } = targetOf(values)
  const engine = context.createEngine()
  try {
    const named = (error: unknown): never => {
      throw errorFromData(withPath(error, [source, out]))
    }
    const find = engine.handlers['latent.provenance']
    const { provenance, item } = await find({ path: source }, () => undefined).catch(named)
    const space = await spaceWith(engine, item, values.model, context)
    if (space.hash !== provenance.hash) context.terminal.error(m.cli_remake_other_model())
    const { remakeGallery } = await import('../../main/engine/spaces/sheets')
    const target = { as, path: out, source }
    const { bytes, pictures } = await remakeGallery(space, provenance, target).catch(named)
    const { kind } = provenance.gallery
    if (isWithoutOriginals(provenance.gallery)) context.terminal.error(m.cli_remake_no_originals())
    tell({ space, kind, out, as, bytes, count: pictures.pictures.count }, context)
    return 0
  } finally {
    await engine.close()
  }
}
