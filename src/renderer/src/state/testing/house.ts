/** A workspace on a stand-in engine, with the events and clicks that tests make. Time stands still but for what they pass. */
import { vi } from 'vitest'
import type { WindowEvents } from '../../../../shared/contract'
import type { Adopt, Listen } from '../../bridge'
import type { Photo } from '../photo.svelte'
import { viewFirstMilliseconds } from '../photoLook'
import { settleMilliseconds } from '../photoSync'
import { Workspace } from '../workspace.svelte'
import { FakeEngine } from './fakeEngine'

export class House {
  readonly engine = new FakeEngine()
  readonly adopt = vi.fn<Adopt>()
  readonly workspace: Workspace
  readonly #handlers = new Map<string, (payload: never) => void>()

  private constructor() {
    const listen = ((name: string, handler: (payload: never) => void) => {
      this.#handlers.set(name, handler)
      return () => this.#handlers.delete(name)
    }) as Listen
    const bridge = { ask: this.engine.ask, adopt: this.adopt, listen }
    this.workspace = new Workspace(bridge, ({ code }) => code)
  }

  /** `prepare` makes the engine what it shall be before it is asked for the first time. */
  static async open(prepare: (engine: FakeEngine) => void = () => undefined): Promise<House> {
    const house = new House()
    prepare(house.engine)
    await house.workspace.start()
    await house.rest()
    return house
  }

  get active(): Photo {
    const photo = this.workspace.photos.active
    if (!photo) throw new Error('no photo is shown')
    return photo
  }

  /** What is told, by kind and words (here the error's code). */
  get told(): string[] {
    return this.workspace.notices.list.map(({ kind, text }) => `${kind}: ${text()}`)
  }

  /** Lets everything that is under way come to rest, but no setting. */
  rest() {
    return vi.advanceTimersByTimeAsync(viewFirstMilliseconds)
  }

  /** Lets settings come to rest too. */
  settle() {
    return vi.advanceTimersByTimeAsync(settleMilliseconds + viewFirstMilliseconds)
  }

  /** An event from main, without waiting for what follows from it. */
  emit<Name extends keyof WindowEvents>(name: Name, payload: WindowEvents[Name]): void {
    this.#handlers.get(name)?.(payload as never)
  }

  async send<Name extends keyof WindowEvents>(
    name: Name,
    payload: WindowEvents[Name],
  ): Promise<void> {
    this.emit(name, payload)
    await this.rest()
  }

  async openFiles(...names: string[]): Promise<void> {
    this.workspace.open(names.map((name) => ({ file: name, name })))
    await this.rest()
  }

  /** A tile of the running job: the upper fifth of the photo, unless told otherwise. */
  progress(share: number, more: Partial<WindowEvents['job.progress']> = {}): Promise<void> {
    return this.send('job.progress', {
      job: this.active.job?.id ?? '',
      photo: this.active.info.photo,
      phase: 'exact',
      share,
      secondsLeft: 1,
      region: { x: 0, y: 0, width: 100, height: 10 },
      ...more,
    })
  }

  finish(outcome: WindowEvents['job.finished']['outcome']): Promise<void> {
    const { job, info } = this.active
    return this.send('job.finished', { job: job?.id ?? '', photo: info.photo, outcome })
  }

  /** The engine dies and another one takes its place. */
  async restart(): Promise<void> {
    await this.send('engine.state', { state: 'restarting', error: null })
    await this.send('engine.state', { state: 'ready', error: null })
    await this.settle()
  }
}
