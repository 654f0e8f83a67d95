/** `export MODEL --format savedmodel|model|run --out PATH`: a model for others, or a run to be gone on with elsewhere. */
import { basename } from 'node:path'
import { identityOf, sameFile } from '../../main/engine/store/identity'
import { writeFileAtomically } from '../../main/engine/store/atomicWriter'
import { encodeLibraryFile } from '../../main/engine/store/libraryFile'
import { folderBytes } from '../../main/engine/store/libraryFolders'
import { asModel, asMoved } from '../../main/engine/store/transfer'
import { DarkroomError, errorFromData } from '../../shared/errors'
import { m } from '../../shared/messages/compiled/messages'
import { oneOf, parse, required, usage } from '../arguments'
import type { Command } from '../context'
import { withPath } from '../../main/engine/batch/failures'
import { findModel, type FoundModel } from '../libraryModels'

type Part = 'model' | 'encoder' | 'decoder'

export const exportCommand: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    format: { type: 'string' },
    part: { type: 'string' },
    out: { type: 'string' },
    licence: { type: 'string' },
  })
  const [wanted] = positionals
  if (wanted === undefined || positionals.length > 1) throw usage(m.cli_one_model())
  const format = oneOf('--format', required('--format', values.format), formats)
  const out = required('--out', values.out)
  if (values.part !== undefined && format !== 'savedmodel') throw usage(m.cli_part_of_savedmodel())
  const part: Part = oneOf('--part', values.part ?? 'model', parts)
  const engine = context.createEngine()
  try {
    const model = licensed(await findModel(engine, wanted), values.licence)
    const bytes =
      format === 'savedmodel'
        ? await writeSavedModel(model, part, out)
        : model.item === null || values.licence !== undefined
          ? await writeFile(model, format, out)
          : (await engine.library.exportFile(model.item, out, format)).bytes
    const { terminal, json } = context
    const told = { model: model.name, format, ...(format === 'savedmodel' ? { part } : {}) }
    if (json) terminal.out(JSON.stringify({ ...told, out, bytes }))
    else terminal.out(m.cli_exported({ model: model.name, out }))
    return 0
  } catch (error) {
    throw errorFromData(withPath(error, [out]))
  } finally {
    await engine.close()
  }
}

/** The model with a licence on its card, for whoever gives it away. */
function licensed(model: FoundModel, licence: string | undefined): FoundModel {
  const { file } = model
  if (licence === undefined || file.kind !== 'run') return model
  const card = { ...file.run.card, licence }
  return { ...model, file: { ...file, run: { ...file.run, card } } }
}

const formats = ['savedmodel', 'model', 'run'] as const
const parts = ['model', 'encoder', 'decoder'] as const

async function writeSavedModel(
  { name, file }: FoundModel,
  part: Part,
  out: string,
): Promise<number> {
  if (file.kind === 'run') {
    const { exportRun } = await import('../../main/engine/runs/trainedModel')
    exportRun(file.run, part, out)
  } else {
    const { exportSavedModel } = await import('../../main/engine/models/exportSavedModel')
    const { header, tensors } = file.container
    exportSavedModel({ name, kind: 'denoiser', config: header.config, weights: tensors }, part, out)
  }
  return folderBytes(out)
}

/** A model that is no item of the library: a file, or a bundled denoiser. */
async function writeFile(
  { name, file, path }: FoundModel,
  format: 'model' | 'run',
  out: string,
): Promise<number> {
  if (path !== null && sameFile(await identityOf(path), await identityOf(out))) {
    const base = basename(out)
    throw new DarkroomError('target-is-source', `${base} is the model itself`, { file: base })
  }
  const given =
    file.kind === 'run'
      ? { ...file, run: format === 'model' ? asModel(file.run) : asMoved(file.run) }
      : file
  const bytes = encodeLibraryFile(given, name)
  await writeFileAtomically(out, bytes)
  return bytes.length
}
