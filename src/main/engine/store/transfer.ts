/** What becomes of a run when it leaves the library, comes into it or is copied. */
import type { DataSource } from '../../../shared/training'
import { tensorsUnder, type RunFile } from './runFile'

/** A copy with its weights: it belongs to no sweep and does not train. */
export function asCopy(file: RunFile): RunFile {
  const state = file.progress.state === 'finished' ? 'finished' : 'stopped'
  return {
    ...file,
    card: { ...file.card, created: Date.now(), group: null },
    progress: { ...file.progress, state, error: null },
  }
}

/**
 * A run on its way out of the library or into it, to be gone on with: all of it, but where its data lie, which is
 * another machine's affair. It must not start by itself.
 */
export function asMoved(file: RunFile): RunFile {
  const run = withoutPaths(file)
  return { ...run, progress: atRest(run.progress) }
}

/**
 * A model to give away: its best weights (its last where no epoch was finished), without where training stands. Pictures
 * of a person's own data stay at home.
 */
export function asModel(file: RunFile): RunFile {
  const run = withoutPaths(file)
  const own = file.config.data.kind === 'folder' || file.config.data.kind === 'idx'
  const kept = [...run.tensors].filter(
    ([name]) => name.startsWith('best/') || (!own && name.startsWith('preview/')),
  )
  return {
    ...run,
    tensors: new Map([...kept, ...(hasBest(run) ? [] : lastAsBest(run))]),
    preview: own ? null : run.preview,
    position: null,
    progress: { ...run.progress, state: 'finished', error: null },
  }
}

/** The weights of the best epoch by their parameters' names; the last ones where there is no best epoch yet. */
export function bestWeights(file: Pick<RunFile, 'tensors'>): RunFile['tensors'] {
  return tensorsUnder(hasBest(file) ? file.tensors : new Map(lastAsBest(file)), 'best')
}

const hasBest = ({ tensors }: Pick<RunFile, 'tensors'>): boolean =>
  [...tensors.keys()].some((name) => name.startsWith('best/'))
const lastAsBest = ({
  tensors,
}: Pick<RunFile, 'tensors'>): [string, { shape: number[]; data: Float32Array }][] =>
  [...tensors]
    .filter(([name]) => /^last\/(?!.*\/adam\/[mv]$)/.test(name))
    .map(([name, tensor]) => [name.replace(/^last/, 'best'), tensor])

function atRest(progress: RunFile['progress']): RunFile['progress'] {
  const waits = progress.state === 'running' || progress.state === 'queued'
  return waits ? { ...progress, state: 'paused' } : progress
}

/** Every mention of the data's place by the data's name; the place itself is emptied. */
function withoutPaths(file: RunFile): RunFile {
  const { data } = file.config
  const paths = pathsOf(data).filter((path) => path.length > 1)
  const name = 'name' in data ? data.name : data.kind
  const cleaned = <T>(value: T): T => replaceAll(value, paths, name)
  return {
    ...file,
    card: cleaned(file.card),
    progress: cleaned(file.progress),
    position: cleaned(file.position),
    config: { ...cleaned(file.config), data: cleaned(withoutPlace(data)) },
  }
}

function withoutPlace(data: DataSource): DataSource {
  if (data.kind === 'folder') return { ...data, path: '' }
  if (data.kind === 'idx') return { ...data, path: '', labels: data.labels === null ? null : '' }
  return data
}

/** A path as it may be written in a command: plain, and with what a shell or JSON puts before some characters. */
function pathsOf(data: DataSource): string[] {
  const places =
    data.kind === 'idx' ? [data.path, data.labels ?? ''] : data.kind === 'folder' ? [data.path] : []
  return places.flatMap((path) => [
    path,
    path.replaceAll("'", "'\\''"),
    JSON.stringify(path).slice(1, -1),
  ])
}

function replaceAll<T>(value: T, wanted: readonly string[], by: string): T {
  if (typeof value === 'string') {
    return wanted.reduce<string>((text, each) => text.replaceAll(each, () => by), value) as T
  }
  if (Array.isArray(value)) return value.map((each: unknown) => replaceAll(each, wanted, by)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, replaceAll(each as unknown, wanted, by)]),
  ) as T
}
