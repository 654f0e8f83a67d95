/** `encode MODEL --data … --out codes.npy|csv`: the codes of a data set, for other programs. */
import { extname } from 'node:path'
import { dataPart } from '../../shared/latent'
import { errorFromData } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import { oneOf, parse, required, usage } from '../arguments'
import type { Command } from '../context'
import { withPath } from '../../main/engine/batch/failures'
import { openSpaceOn } from '../spaceData'

const formats = ['npy', 'csv'] as const

export const encode: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    data: { type: 'string' },
    part: { type: 'string' },
    out: { type: 'string' },
  })
  const [wanted] = positionals
  if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
  const path = required('--out', values.out)
  const format = oneOf('--out', extname(path).slice(1).toLowerCase(), formats)
  const part = oneOf('--part', values.part ?? 'training', dataPart.options)
  const engine = context.createEngine()
  try {
    const space = await openSpaceOn(engine, wanted, values.data, context)
    const { exportCodes } = await import('../../main/engine/spaces/exportCodes')
    const percentOf = (share: number): { percent: number } => ({ percent: Math.floor(100 * share) })
    const written = await exportCodes(
      space,
      { part, format, path },
      {
        signal: context.signal,
        onProgress: (share) =>
          context.terminal.progress(m.cli_encoding({ name: space.name, ...percentOf(share) })),
      },
    ).catch((error: unknown) => {
      throw errorFromData(withPath(error, [path]))
    })
    context.terminal.progress(null)
    const { images, latent, labels } = written
    const told = { model: space.name, part, images, latent, out: path, labels }
    if (context.json) context.terminal.out(JSON.stringify({ ...told, bytes: written.bytes }))
    else context.terminal.out(m.cli_encoded({ model: space.name, out: path, images, latent }))
    return 0
  } finally {
    context.terminal.progress(null)
    await engine.close()
  }
}
