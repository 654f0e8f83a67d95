/** `sample`, `interpolate`, `manifold`, `traverse`, `reconstruct`: pictures out of a model; `remake`: the same ones again. */
import type { Anchor } from '../../shared/latent'
import { errorFromData } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import { oneOf, parse, required, usage } from '../arguments'
import type { Command } from '../context'
import { withPath } from '../failures'
import {
  anchorOf,
  anchorsOf,
  galleryCommand,
  number,
  spaceWith,
  whole,
  writeGallery,
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

export const remake: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    model: { type: 'string' },
  })
  const [sheet] = positionals
  if (sheet === undefined || positionals.length > 1) throw usage(m.cli_one_sheet())
  const out = required('--out', values.out)
  const engine = context.createEngine()
  try {
    const { provenance, item } = await engine.handlers['latent.provenance'](
      { path: sheet },
      () => undefined,
    ).catch((error: unknown) => {
      throw errorFromData(withPath(error, [sheet]))
    })
    const space = await spaceWith(engine, item, values.model, context)
    if (space.hash !== provenance.hash) context.terminal.error(m.cli_remake_other_model())
    const { gallery } = provenance
    return await writeGallery(space, gallery, { out, as: 'sheet', paths: [] }, context)
  } finally {
    await engine.close()
  }
}
