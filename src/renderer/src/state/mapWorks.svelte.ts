import { SvelteMap } from 'svelte/reactivity'
import type { WindowEvents } from '../../../shared/contract'
import { errorFromData } from '../../../shared/errors'
import type { LatentMap, MapRequest } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import type { Ask } from '../bridge'
import type { Notices } from './notices.svelte'

/** A map that is being made. */
export interface Making {
  /** Null until the engine has taken it. */
  job: string | null
  request: MapRequest
  phase: WindowEvents['work.progress']['phase']
  share: number
  secondsLeft: number | null
}

/** A map, and the job that the engine knows it by. */
export interface Made {
  job: string
  map: LatentMap
}

interface Around {
  ask: Ask
  notices: Notices
  /** What was asked for is there. */
  made: () => void
  /** It is not made any more: it was cancelled, or failed. */
  gaveUp: (request: MapRequest) => void
}

/** Maps that were made in this engine, the one that is being made, and quietly behind it the baseline beside it. */
export class MapWorks {
  making = $state.raw<Making | null>(null)
  /** By their request, as JSON. */
  readonly #made = new SvelteMap<string, Made>()
  /** The baseline that is being made. */
  #quiet: { job: string; request: MapRequest } | null = null
  /** Ends that were told before the engine's answer with the job's name. */
  readonly #early = new SvelteMap<string, WindowEvents['work.finished']['outcome']>()
  readonly #around: Around

  constructor(around: Around) {
    this.#around = around
  }

  of(request: MapRequest): Made | null {
    return this.#made.get(JSON.stringify(request)) ?? null
  }

  /** Makes a map, unless it is being made already. */
  async make(request: MapRequest): Promise<void> {
    const { ask, notices } = this.#around
    if (this.making && JSON.stringify(this.making.request) === JSON.stringify(request)) return
    await this.cancel()
    const making: Making = { job: null, request, phase: 'data', share: 0, secondsLeft: null }
    this.making = making
    try {
      const { job } = await ask('map.start', { map: request })
      if (this.making !== making) {
        void ask('job.cancel', { job }).catch(notices.fail)
        return
      }
      this.making = { ...making, job }
      const early = this.#early.get(job)
      if (early) this.finished({ job, outcome: early })
    } catch (error) {
      if (this.making === making) this.#giveUp()
      notices.failAsked(error)
    }
  }

  /** Ends the map that is being made; those before stay. */
  async cancel(): Promise<void> {
    const { making } = this
    const { ask, notices } = this.#around
    if (!making) return
    this.#giveUp()
    if (!making.job) return
    try {
      await ask('job.cancel', { job: making.job })
    } catch (error) {
      notices.fail(error)
    }
  }

  #giveUp(): void {
    const { making } = this
    this.making = null
    if (making) this.#around.gaveUp(making.request)
  }

  progressed({ job, phase, share, secondsLeft }: WindowEvents['work.progress']): void {
    if (this.making?.job === job) this.making = { ...this.making, phase, share, secondsLeft }
  }

  finished({ job, outcome }: WindowEvents['work.finished']): void {
    if (this.#quiet?.job === job) {
      const { request } = this.#quiet
      this.#quiet = null
      if (outcome.state === 'done') void this.#read(job, request)
      return
    }
    if (this.making?.job !== job) {
      if (this.making?.job === null) this.#early.set(job, outcome)
      return
    }
    this.#early.clear()
    const { request } = this.making
    if (outcome.state === 'done') void this.#read(job, request)
    else {
      this.#giveUp()
      if (outcome.state === 'failed') this.#around.notices.failAsked(errorFromData(outcome.error))
    }
  }

  async #read(job: string, request: MapRequest): Promise<void> {
    const { ask, notices, made } = this.#around
    try {
      const map = await ask('map.read', { job })
      this.#made.set(JSON.stringify(request), { job, map })
      if (this.making?.job !== job) return
      this.making = null
      made()
      notices.announcement = m.map_announce({ count: map.count.toLocaleString('en') })
      await this.#compare(request)
    } catch (error) {
      if (this.making?.job === job) this.#giveUp()
      notices.fail(error)
    }
  }

  /** The baseline beside it: the pixels' own principal components. */
  async #compare(request: MapRequest): Promise<void> {
    const baseline: MapRequest = { ...request, projection: 'pixels-pca' }
    if (this.#quiet || this.of(baseline)) return
    try {
      const { job } = await this.#around.ask('map.start', { map: baseline })
      this.#quiet = { job, request: baseline }
      const early = this.#early.get(job)
      if (early) this.finished({ job, outcome: early })
    } catch (error) {
      this.#around.notices.fail(error)
    }
  }

  /** The model has learned since. */
  forget(): void {
    this.#made.clear()
  }

  /** The engine ended, and its work and its maps with it. */
  lost(): void {
    this.making = null
    this.#quiet = null
    this.#made.clear()
    this.#early.clear()
  }
}
