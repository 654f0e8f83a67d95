import type { LibraryItem, RunConfig } from '../../../shared/training'
import type { Ask } from '../bridge'
import { at, withAt } from './configFields'
import type { Notices } from './notices.svelte'
import type { Run } from './train.svelte'

export type SweepKind = 'latent' | 'beta'
export const sweepPaths: Record<SweepKind, string> = {
  latent: 'model.latent',
  beta: 'model.beta',
}
const usual: Record<SweepKind, readonly number[]> = {
  latent: [2, 4, 8, 16, 32, 64],
  beta: [0.25, 0.5, 1, 2, 4, 8],
}
/** A penalty below this many nats a picture says that the codes tell the decoder nothing. */
const collapsedNats = 0.5

/** A run's place in a sweep. */
export interface SweepPoint {
  run: Run
  value: number
  /** MSE of a validation pixel; null before the first epoch's end. */
  mse: number | null
  rate: number | null
  distortion: number | null
  collapsed: boolean
}

interface Runs {
  readonly runs: readonly Run[]
  start(config: RunConfig, name: string, group: string): Promise<LibraryItem | null>
}

/** Several runs that differ in one number: made, and compared. */
export class SweepState {
  kind = $state.raw<SweepKind>('latent')
  values = $state.raw<readonly number[]>(usual.latent)
  /** The sweep whose result is shown; null is the newest. */
  chosen = $state.raw<string | null>(null)
  /** What a linear code of each size reaches, of the sweep that is shown. */
  baseline = $state.raw<readonly { size: number; mse: number }[]>([])
  starting = $state(false)
  readonly groups = $derived.by(() => groupsOf(this.#runs.runs))
  readonly group = $derived(this.chosen ?? this.groups[0] ?? null)
  /** The runs of the sweep that is shown. */
  readonly members = $derived.by(() =>
    this.#runs.runs.filter((run) => this.group !== null && run.group === this.group),
  )
  readonly kindOfGroup = $derived(kindOf(this.members))
  readonly points = $derived(
    this.members.map(pointOf(this.kindOfGroup)).sort((a, b) => a.value - b.value),
  )
  readonly #runs: Runs
  readonly #ask: Ask
  readonly #notices: Notices
  #baselineOf: string | null = null

  constructor(runs: Runs, ask: Ask, notices: Notices) {
    this.#runs = runs
    this.#ask = ask
    this.#notices = notices
  }

  /** A sweep by the name of its first run, without what was varied. */
  nameOf(group: string): string {
    const first = [...this.#runs.runs].reverse().find((run) => run.group === group)
    return first ? withoutValue(first.name) : group
  }

  choose(kind: SweepKind): void {
    if (kind === this.kind) return
    this.kind = kind
    this.values = usual[kind]
  }

  /** One run for each value, in one group; they wait for each other. */
  async start(config: RunConfig, name: string): Promise<void> {
    const { kind, values } = this
    const group = `${kind} ${name} ${Date.now().toString(36)}`
    this.starting = true
    for (const value of values) {
      const words = kind === 'latent' ? `k ${value}` : `β ${value}`
      const changed = withAt(config, sweepPaths[kind], value)
      if (!(await this.#runs.start(changed, `${withoutValue(name)} ${words}`, group))) break
      this.chosen = group
    }
    this.starting = false
  }

  /** Asks for the linear baseline of what is shown, once for each list of sizes. */
  async readBaseline(): Promise<void> {
    const { group, points } = this
    const first = points[0]
    if (!group || !first || this.kindOfGroup !== 'latent') return
    const sizes = points.map(({ value }) => value).filter(isFirst)
    const key = JSON.stringify([group, sizes])
    if (this.#baselineOf === key) return
    this.#baselineOf = key
    this.baseline = []
    try {
      const { config } = first.run
      const errors = await this.#ask('data.principalError', { config, sizes: sizes.slice(0, 20) })
      if (this.#baselineOf === key) this.baseline = errors
    } catch (error) {
      this.#baselineOf = null
      this.#notices.fail(error)
    }
  }
}

/** The name of a sweep's run without what was varied. */
const withoutValue = (name: string) => name.replace(/ (k|β) [\d.]+( \d+)?$/, '')

/** Which of the two numbers the runs differ in. */
function kindOf(runs: readonly Run[]): SweepKind {
  const several = (path: string) =>
    runs.some(({ config }) => at(config, path) !== at(runs[0]?.config ?? config, path))
  return !several(sweepPaths.latent) && several(sweepPaths.beta) ? 'beta' : 'latent'
}

const isFirst = <T>(value: T, index: number, all: readonly T[]) => all.indexOf(value) === index

function groupsOf(runs: readonly Run[]): string[] {
  return runs.flatMap(({ group }) => (group === null ? [] : [group])).filter(isFirst)
}

const pointOf =
  (kind: SweepKind) =>
  (run: Run): SweepPoint => {
    const { validation } = run
    const rate = validation?.penalty ?? null
    return {
      run,
      value: Number(at(run.config, sweepPaths[kind])),
      mse: validation?.mse ?? null,
      rate,
      distortion: validation?.reconstruction ?? null,
      collapsed: run.config.model.kind === 'variational' && rate !== null && rate < collapsedNats,
    }
  }
