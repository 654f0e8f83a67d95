/**
 * A run and the model it makes, as one file: what a container of the kind `run` holds.
 *
 * | tensors | what |
 * | --- | --- |
 * | `best/P` | parameter P of the best epoch |
 * | `last/P`, `last/P/adam/m`, `last/P/adam/v` | where training stands; an exported model has none of them |
 * | `preview/inputs`, `preview/outputs`, `preview/clean` | images [n, height, width, channels], 0–1 |
 * | `history/epochs`, `history/points` | see `historyTensors` |
 */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { z } from 'zod'
import { DarkroomError } from '../../../shared/errors'
import type { History, LibraryItem } from '../../../shared/training'
import {
  dataCard,
  denoiserComparison,
  history,
  losses,
  measurement,
  preview,
  runConfig,
  runProgress,
} from '../../../shared/training'
import type { Container, ContainerHeader, Tensor } from './container'
import { damaged, decodeContainer, encodeContainer, readContainer } from './container'
import type { HeaderOfFile } from './containerParts'
import { readContainerTensors } from './containerParts'
import { fitsHistory, historyOf, historyTensors } from './historyTensors'

/** The format of what is in the container. A later one is read where it has all that this one needs, never written. */
const format = 1
/** Files that could not be used are named on the card; all of a folder of a million would not fit. */
const mostSkipped = 100

const card = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Milliseconds since 1970. */
  created: z.number().min(0),
  data: dataCard.nullable(),
  parameters: z.int().min(0),
  measured: z.array(measurement),
  comparison: denoiserComparison.optional(),
  licence: z.string(),
  command: z.string(),
  tensorflow: z.string(),
  threads: z.int().min(0),
  group: z.string().nullable(),
})
export type RunCard = z.infer<typeof card>

const storedPreview = z.strictObject({ epoch: preview.shape.epoch, latents: preview.shape.latents })

const more = {
  format: z.int().min(1),
  progress: runProgress,
  validation: losses.nullable(),
  position: z.json(),
  preview: storedPreview.nullable(),
  check: z.string(),
}
const strictMore = z.strictObject(more)
const looseMore = z.object(more)

/** What is known of a run without its tensors. */
export interface RunHeader {
  config: z.infer<typeof runConfig>
  card: RunCard
  progress: z.infer<typeof runProgress>
  /** Validation losses of the best epoch. */
  validation: z.infer<typeof losses> | null
  /** Where the loop stands; only the loop knows what it means. */
  position: z.infer<ReturnType<typeof z.json>>
  preview: z.infer<typeof storedPreview> | null
}

/** A run, whole. `tensors` has no history in it. */
export interface RunFile extends RunHeader {
  history: History
  tensors: Map<string, Tensor>
}

/** A header as it was read, and whether this program may write the file. */
export type ReadHeader = RunHeader & { newer: boolean }

/** Of a run's tensors those under `best/` or `last/`, by what follows: parameters, and the moments of the last ones. */
export function tensorsUnder(
  tensors: ReadonlyMap<string, Tensor>,
  part: 'best' | 'last',
): Map<string, Tensor> {
  const prefix = `${part}/`
  return new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  )
}

/** The inverse of {@link tensorsUnder}: a state's tensors as a run's file names them. */
export const tensorsAs = (
  part: 'best' | 'last',
  state: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> => new Map([...state].map(([name, tensor]) => [`${part}/${name}`, tensor]))

const pictureTensor = /^preview\/(inputs|outputs|clean)$/
const weight = /^(best|last)\/(.+)$/
const slot = /^last\/(.+)\/adam\/[mv]$/
const historyTensor = /^history\/(epochs|points)$/

/**
 * The container of a run. The tensors are not copied.
 * @throws Error when the run has something that could not be read back: our own mistake, not the user's
 */
export function containerOf(file: RunFile): Container {
  const { config, progress, validation, position, preview: shown } = file
  const { data } = file.card
  const skipped = data?.skipped.slice(0, mostSkipped) ?? []
  const written: RunCard = { ...file.card, data: data && { ...data, skipped } }
  const tensors = new Map([...file.tensors, ...historyTensors(file.history)])
  const shapes = [...tensors].map(([name, { shape }]) => ({ name, shape }))
  const problem = problemOf(shapes, shown !== null)
  if (problem) throw new Error(problem)
  const rest = { format, progress, validation, position, preview: shown }
  const check = checkOf(config, written, rest, shapes)
  return { header: { kind: 'run', config, card: written, ...rest, check }, tensors }
}

/** The file's bytes. @throws Error as {@link containerOf} and `encodeContainer` */
export const encodeRun = (file: RunFile): Uint8Array => encodeContainer(containerOf(file))

/**
 * The inverse of {@link encodeRun}. `name` is what errors call the file.
 * @throws DarkroomError `model-not-ours`, `model-newer`, `model-damaged`
 */
export const decodeRun = (bytes: Uint8Array, name: string): RunFile =>
  runOf(decodeContainer(bytes, name), name)

/**
 * Reads a run, whole. `hash` is the SHA-256 of the file, `bytes` its size.
 * @throws DarkroomError as {@link decodeRun} and `readContainer`
 */
export async function readRun(path: string): Promise<RunFile & { hash: string; bytes: number }> {
  const container = await readContainer(path)
  const { hash, bytes } = container
  return { ...runOf(container, basename(path)), hash, bytes }
}

/** The run that a container holds. @throws DarkroomError as {@link decodeRun} */
export function runOf({ header, tensors }: Container, name: string): RunFile {
  const { kind, config, card: given, ...rest } = header
  const shapes = [...tensors].map(([tensor, { shape }]) => ({ name: tensor, shape }))
  const raw = { kind, config, card: given, more: rest, tensors: shapes }
  const read = readRunHeader(raw as ContainerHeader, name)
  return { ...withoutNewer(read), history: checkedHistory(tensors, name), tensors: rid(tensors) }
}

/**
 * Reads what a run's curves and pictures need, and no weights. Without the checksum of the whole file.
 * @throws DarkroomError as {@link readRun}
 */
export async function readRunView(
  path: string,
  which: 'history' | 'preview',
): Promise<Pick<RunFile, 'history' | 'preview' | 'tensors'>> {
  const name = basename(path)
  const wanted = which === 'history' ? historyTensor : pictureTensor
  const { header, tensors } = await readContainerTensors(path, (each) => wanted.test(each))
  const { preview: shown } = readRunHeader(header, name)
  return { preview: shown, history: checkedHistory(tensors, name), tensors: rid(tensors) }
}

/** Whether a header's format is a later one than this program writes. */
export const isNewer = (found: unknown): boolean => typeof found === 'number' && found > format

/**
 * Checks a container's header and the names and shapes of its tensors.
 * @throws DarkroomError `model-not-ours` (another kind of container), `model-newer`, `model-damaged`
 */
export function readRunHeader(header: ContainerHeader, name: string): ReadHeader {
  if (header.kind !== 'run') {
    throw new DarkroomError('model-not-ours', `${name} is a ${header.kind}, not a run`, {
      file: name,
    })
  }
  const newer = isNewer(header.more['format'])
  const refuse = (reason: string): DarkroomError =>
    newer
      ? new DarkroomError('model-newer', `${name} has a later format: ${reason}`, { file: name })
      : damaged(name, reason)
  const { check, ...rest } = header.more
  if (check !== checkOf(header.config, header.card, rest, header.tensors)) {
    throw damaged(name, 'the checksum of its header does not match')
  }
  const parts = z
    .object({ config: runConfig, card, more: newer ? looseMore : strictMore })
    .safeParse(header)
  if (!parts.success) throw refuse(`its header does not fit: ${firstIssue(parts.error)}`)
  const { config, card: read, more: own } = parts.data
  const problem = problemOf(header.tensors, own.preview !== null)
  if (problem) throw refuse(problem)
  const { progress, validation, position, preview: shown } = own
  return { config, card: read, progress, validation, position, preview: shown, newer }
}

function checkedHistory(tensors: ReadonlyMap<string, Tensor>, name: string): History {
  const read = history.safeParse(historyOf(tensors))
  if (!read.success) throw damaged(name, `its history does not fit: ${firstIssue(read.error)}`)
  return read.data
}

const withoutNewer = ({ newer: _, ...read }: ReadHeader): RunHeader => read
const rid = (tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
  new Map([...tensors].filter(([name]) => !historyTensor.test(name)))

/** What is wrong with the names and shapes, if anything. */
function problemOf(tensors: ContainerHeader['tensors'], pictures: boolean): string | null {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape.join()]))
  for (const { name, shape } of tensors) {
    if (historyTensor.test(name)) {
      if (!fitsHistory(name, shape)) return `${name} has no history's shape: [${shape.join()}]`
    } else if (pictureTensor.test(name)) {
      const like = shapes.get('preview/inputs')
      if (!pictures || shape.length !== 4 || shapes.get(name) !== like) {
        return `${name} has no pictures' shape: [${shape.join()}]`
      }
    } else if (!weight.test(name)) {
      return `${name} is no tensor of a run`
    } else {
      const parameter = slot.exec(name)?.[1] ?? weight.exec(name)?.[2]
      const like = shapes.get(`last/${parameter}`) ?? shapes.get(name)
      if (like !== shape.join()) return `${name} has not the shape of its parameter: [${like}]`
    }
  }
  if (pictures && !(shapes.has('preview/inputs') && shapes.has('preview/outputs'))) {
    return 'it has a preview without pictures'
  }
  return null
}

/** SHA-256 of everything in the header: damage there is seen without reading the weights. */
export const checkOf = (config: unknown, given: unknown, rest: unknown, tensors: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([config, given, rest, tensors]))
    .digest('hex')

const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'unknown'
}

/** An item of the library, as its file's header tells it. */
export function itemOfRun(
  { config, card: read, progress, validation, newer }: ReadHeader,
  { state }: Pick<HeaderOfFile, 'state'>,
  place: { item: string; bundled: boolean },
): LibraryItem {
  const { name, created, data, parameters, measured, licence, command } = read
  const compared = read.comparison ? { comparison: read.comparison } : {}
  const { tensorflow, threads, group } = read
  const about = { created, changed: state.mtimeMs, bytes: state.size, config, data, progress }
  const made = { validation, parameters, measured, ...compared, licence, command }
  const by = { tensorflow, threads, group }
  const readOnly = place.bundled || newer
  return { ...place, name, kind: config.model.kind, ...about, ...made, ...by, readOnly }
}
