/** Every number of a run's configuration that a person may set: where it lies, its range, and when it means something. */
import { runConfig, type RunConfig } from '../../../shared/training'

export interface NumberField {
  /** Where it lies in the configuration. */
  path: string
  minimum: number
  maximum: number
  whole?: boolean
  /** What a person reads and types is so many times the value. */
  scale?: number
  unit?: string
  /** The minimum itself is not allowed. */
  open?: boolean
  /** It may be switched off: null. `initial` is what switching on begins with. */
  initial?: number
}

/** Far beyond what anyone needs, and what the engine refuses to go beyond. */
const [widest, largestBatch, mostEpochs] = [8192, 8192, 5000]

const fields = {
  latent: { path: 'model.latent', minimum: 1, maximum: widest, whole: true },
  dense: { path: 'model.dense', minimum: 0, maximum: widest, whole: true },
  dropout: { path: 'model.dropout', minimum: 0, maximum: 0.95 },
  target: { path: 'model.target', minimum: 0, maximum: 0.999, open: true },
  weight: { path: 'model.weight', minimum: 0, maximum: 1e6 },
  beta: { path: 'model.beta', minimum: 0, maximum: 1e6 },
  betaWarmUp: { path: 'model.betaWarmUp', minimum: 0, maximum: mostEpochs },
  blocks: { path: 'model.blocks', minimum: 1, maximum: 16, whole: true },
  patch: { path: 'model.patch', minimum: 16, maximum: 512, whole: true, unit: 'px' },
  sigmaFrom: { path: 'model.sigma.0', minimum: 0, maximum: 255 },
  sigmaTo: { path: 'model.sigma.1', minimum: 0, maximum: 255 },
  corruptionSigma: { path: 'model.corruption.sigma', minimum: 0, maximum: 255 },
  corruptionPhotons: { path: 'model.corruption.photons', minimum: 1, maximum: 100_000 },
  corruptionShare: {
    path: 'model.corruption.share',
    minimum: 0,
    maximum: 1,
    scale: 100,
    unit: '%',
  },
  corruptionQuality: { path: 'model.corruption.quality', minimum: 1, maximum: 100, whole: true },
  epochs: { path: 'training.epochs', minimum: 1, maximum: mostEpochs, whole: true },
  batch: { path: 'training.batch', minimum: 1, maximum: largestBatch, whole: true },
  rate: { path: 'training.rate', minimum: 0, maximum: 1, open: true },
  warmUp: { path: 'training.warmUp', minimum: 0, maximum: mostEpochs },
  clipNorm: { path: 'training.clipNorm', minimum: 0, maximum: 1e9, open: true, initial: 1 },
  weightDecay: { path: 'training.weightDecay', minimum: 0, maximum: 1 },
  patience: {
    path: 'training.patience',
    minimum: 1,
    maximum: mostEpochs,
    whole: true,
    initial: 10,
  },
  seed: { path: 'training.seed', minimum: 0, maximum: 2 ** 31 - 1, whole: true },
  validation: { path: 'validation', minimum: 0, maximum: 0.5, scale: 100, unit: '%' },
  shift: { path: 'augmentation.shift', minimum: 0, maximum: 0.5, scale: 100, unit: '%' },
  rotate: { path: 'augmentation.rotate', minimum: 0, maximum: 180, unit: '°' },
  zoom: { path: 'augmentation.zoom', minimum: 0, maximum: 0.5, scale: 100, unit: '%' },
  width: { path: 'data.width', minimum: 4, maximum: 1024, whole: true, unit: 'px' },
  height: { path: 'data.height', minimum: 4, maximum: 1024, whole: true, unit: 'px' },
} as const satisfies Record<string, NumberField>

export type FieldName = keyof typeof fields
export const fieldNames = Object.keys(fields) as FieldName[]
export const numberField = (name: FieldName): NumberField => fields[name]

/** The value at a path, `undefined` where there is none. */
export function at(config: RunConfig, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)[key]
      : undefined
  }, config)
}

/** A copy with another value at a path. */
export function withAt(config: RunConfig, path: string, value: unknown): RunConfig {
  const replace = (part: unknown, [key = '', ...rest]: string[]): unknown => {
    const next = rest.length === 0 ? value : replace((part as Record<string, unknown>)[key], rest)
    if (Array.isArray(part)) return part.map((old: unknown, i) => (String(i) === key ? next : old))
    return { ...(part as Record<string, unknown>), [key]: next }
  }
  return replace(config, path.split('.')) as RunConfig
}

/** Whether the configuration has such a number; false for those of other models. */
export const has = (config: RunConfig, name: FieldName): boolean =>
  at(config, fields[name].path) !== undefined

export type Problem = 'number' | 'whole' | 'range' | 'list' | 'order'

/** What is wrong with a number, or null. */
export function problemOf(field: NumberField, value: unknown): Problem | null {
  if (value === null && field.initial !== undefined) return null
  if (typeof value !== 'number' || Number.isNaN(value)) return 'number'
  if (value < field.minimum || value > field.maximum) return 'range'
  if (field.open && value === field.minimum) return 'range'
  return field.whole && !Number.isInteger(value) ? 'whole' : null
}

const isWidth = (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= widest

/** Everything that is wrong with a configuration, by the path of the value. */
export function problemsOf(config: RunConfig): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>()
  for (const name of fieldNames) {
    if (!has(config, name)) continue
    const problem = problemOf(fields[name], at(config, fields[name].path))
    if (problem) problems.set(fields[name].path, problem)
  }
  for (const path of ['model.layers', 'model.widths']) {
    const list = at(config, path)
    if (list === undefined) continue
    const least = path === 'model.widths' ? 1 : 0
    const good = Array.isArray(list) && list.length >= least && list.length <= 8
    if (!good || !list.every(isWidth)) problems.set(path, 'list')
  }
  const { model } = config
  if (model.kind === 'photo-denoiser' && model.sigma[0] > model.sigma[1])
    problems.set('model.sigma.1', 'order')
  if (problems.size === 0 && !runConfig.safeParse(config).success) problems.set('', 'range')
  return problems
}

/** The paths at which two configurations differ. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return []
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isRecord(a) || !isRecord(b)) return [path]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key))
}
