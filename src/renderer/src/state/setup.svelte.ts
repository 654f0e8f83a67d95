import type { ResultOf, WindowRequests } from '../../../shared/contract'
import { DarkroomError, errorFromData } from '../../../shared/errors'
import type { DataSource, Forecast, RecipeName, RunConfig } from '../../../shared/training'
import type { Ask } from '../bridge'
import { isChosen } from './configEdits'
import { problemsOf, withAt } from './configFields'

type Description = ResultOf<WindowRequests, 'data.describe'>

/** How long values must rest before the engine is asked about them. */
export const describeMilliseconds = 250
export const forecastMilliseconds = 700

const isCancelled = (error: unknown) => error instanceof DarkroomError && error.code === 'cancelled'

const asError = (error: unknown) =>
  error instanceof DarkroomError ? error : new DarkroomError('internal', String(error))

/** A run that is being set up: its configuration, what its data hold, and what it will cost. */
export class RunSetup {
  /** The recipe it began with; null for the copy of a run. */
  readonly recipe: RecipeName | null
  config = $state.raw<RunConfig>() as RunConfig
  name = $state('')
  description = $state.raw<Description | null>(null)
  describing = $state(false)
  dataError = $state.raw<DarkroomError | null>(null)
  forecast = $state.raw<Forecast | null>(null)
  forecasting = $state(false)
  forecastError = $state.raw<DarkroomError | null>(null)
  starting = $state(false)
  readonly problems = $derived(problemsOf(this.config))
  readonly dataChosen = $derived(isChosen(this.config.data))
  /** Why it cannot be started, as far as the engine knows. */
  readonly refusal = $derived(
    this.dataError ??
      (this.forecast?.refusal ? errorFromData(this.forecast.refusal) : this.forecastError),
  )
  readonly canStart = $derived(
    this.problems.size === 0 &&
      this.dataChosen &&
      this.refusal === null &&
      this.name.trim() !== '' &&
      !this.starting,
  )
  readonly #ask: Ask
  #described = ''
  #forecasted = ''
  #timers: Partial<Record<'describe' | 'forecast', ReturnType<typeof setTimeout>>> = {}
  #closed = false

  constructor(ask: Ask, config: RunConfig, name: string, recipe: RecipeName | null) {
    this.#ask = ask
    this.recipe = recipe
    this.config = config
    this.name = name
    this.#changed()
  }

  change(config: RunConfig): void {
    this.config = config
    this.#changed()
  }

  /** One value, by its path. */
  set(path: string, value: unknown): void {
    this.change(withAt(this.config, path, value))
  }

  setData(data: DataSource): void {
    this.change({ ...this.config, data })
  }

  /** The engine is a new one, which knows nothing of what the last one was asked. */
  again(): void {
    this.#described = ''
    this.#forecasted = ''
    this.#changed()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timers.describe)
    clearTimeout(this.#timers.forecast)
  }

  #changed(): void {
    this.#later('describe', describeMilliseconds, () => this.#describe())
    const key = JSON.stringify(this.config)
    if (key === this.#forecasted) return
    this.forecast = null
    this.forecastError = null
    this.#later('forecast', forecastMilliseconds, () => this.#makeForecast())
  }

  #later(what: 'describe' | 'forecast', milliseconds: number, work: () => Promise<void>): void {
    clearTimeout(this.#timers[what])
    this.#timers[what] = setTimeout(() => void work(), milliseconds)
  }

  async #describe(): Promise<void> {
    const { data } = this.config
    const key = JSON.stringify(data)
    if (key === this.#described) return
    this.#described = key
    this.description = null
    this.dataError = null
    if (!isChosen(data) || [...this.problems.keys()].some((path) => path.startsWith('data.')))
      return
    this.describing = true
    try {
      const description = await this.#ask('data.describe', { source: data })
      if (key === this.#described) this.description = description
    } catch (error) {
      if (key === this.#described && !isCancelled(error)) this.dataError = asError(error)
    } finally {
      if (key === this.#described) this.describing = false
    }
  }

  async #makeForecast(): Promise<void> {
    const { config } = this
    const key = JSON.stringify(config)
    this.#forecasted = key
    if (!this.dataChosen || this.problems.size > 0 || this.#closed) return
    this.forecasting = true
    try {
      const forecast = await this.#ask('train.forecast', { config })
      if (key === this.#forecasted) this.forecast = forecast
    } catch (error) {
      if (key === this.#forecasted && !isCancelled(error)) this.forecastError = asError(error)
    } finally {
      if (key === this.#forecasted) this.forecasting = false
    }
  }
}
