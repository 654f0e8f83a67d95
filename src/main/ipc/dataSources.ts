/**
 * Data sources on their way through main: a handle in the window is a path in the engine. Every source inside an
 * argument, a result or an event is found by its shape, so that a new request cannot forget one.
 */
import { basename, isAbsolute } from 'node:path'
import type { FileHandles } from '../app/files'

/** A source that names files: `dataSource` in `shared/training.ts`, `anchor` in `shared/latent.ts`. */
interface PathSource {
  kind: 'idx' | 'folder' | 'file'
  path: string
  name: string
  labels?: string | null
}

const isPathSource = (value: object): value is PathSource => {
  const { kind, path } = value as Partial<PathSource>
  return (kind === 'idx' || kind === 'folder' || kind === 'file') && typeof path === 'string'
}

type Fields = Record<string, unknown>
const isPlain = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)

/** A copy of `value` in which each source is what `map` makes of it. Pixels are not copied. */
function mapSources<T>(value: T, map: (source: PathSource) => PathSource): T
function mapSources(value: unknown, map: (source: PathSource) => PathSource): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => mapSources(element, map))
  if (!isPlain(value)) return value
  if (isPathSource(value)) return map(value)
  const copy = Object.entries(value).map(([name, field]) => [name, mapSources(field, map)])
  return withoutPaths(value, Object.fromEntries(copy) as Fields)
}

/** An item's command names the path that its configuration has; the window's copy names the source instead. */
function withoutPaths(from: Fields, copy: Fields): Fields {
  const { command, config } = from
  const data = isPlain(config) && isPlain(config['data']) ? config['data'] : null
  if (typeof command !== 'string' || !data || !isPathSource(data)) return copy
  const named = [data.path, data.labels ?? '']
    .filter((path) => path !== '')
    .flatMap((path) => spellings(path).map((spelling) => [spelling, basename(path)] as const))
    .reduce((text, [path, name]) => text.replaceAll(path, () => name), command)
  return { ...copy, command: named }
}

/** A path as a command may have it: plain, in a shell's single quotes, in JSON's double ones. */
const spellings = (path: string) => [
  path,
  path.replaceAll("'", "'\\''"),
  JSON.stringify(path).slice(1, -1),
]

/** Both fields that name files, each as `change` makes it. */
const changeFiles = (source: PathSource, change: (file: string) => string): PathSource => ({
  ...source,
  path: change(source.path),
  ...(typeof source.labels === 'string' ? { labels: change(source.labels) } : {}),
})

/**
 * Arguments of the window as the engine takes them.
 * @throws DarkroomError `request-refused` for a source whose handle was never issued.
 */
export const forEngine = <T>(args: T, files: FileHandles): T =>
  mapSources(args, (source) =>
    changeFiles(source, (handle) => files.pathOf(handle, 'open', 'data')),
  )

/** The same for what is only written down and never opened: the files' names, and none where none was chosen yet. */
export const forText = <T>(args: T, files: FileHandles): T =>
  mapSources(args, (source) =>
    changeFiles(source, (handle) =>
      handle === '' ? source.name : basename(files.pathOf(handle, 'open', 'data')),
    ),
  )

/**
 * What the engine says, for the window. A path that no system dialog could have given, as a file from elsewhere may
 * hold, becomes empty: not chosen yet.
 */
export const forWindow = <T>(value: T, files: FileHandles): T =>
  mapSources(value, (source) =>
    changeFiles(source, (path) =>
      isAbsolute(path) && !path.includes('\0') ? files.issue(path, 'data').file : '',
    ),
  )
