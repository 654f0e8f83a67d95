/** What the rest of the machine notices of training: power, taskbar, notifications, and how the program ends. */
import { app, BrowserWindow, dialog, powerMonitor } from 'electron'
import type {
  ArgsOf,
  EngineRequest,
  EngineRequests,
  EngineState,
  ResultOf,
} from '../../shared/contract'
import type { EngineEventMessage } from '../../shared/engineProtocol'
import { errorToData } from '../../shared/errors'
import { errorText } from '../../shared/messages'
import { m } from '../../shared/messages/compiled/messages'
import type { Settings } from '../../shared/types'
import { ActiveRuns } from './activeRuns'
import { announceEnd, TaskbarProgress } from './announcing'
import { BatteryPause } from './batteryPause'
import { askBeforeLeaving } from './dialogs'
import type { Language } from './language'
import { Leaving } from './leaving'
import { Awake, watchPower } from './power'

interface Options {
  request: <Name extends EngineRequest>(
    name: Name,
    args: ArgsOf<EngineRequests, Name>,
  ) => Promise<ResultOf<EngineRequests, Name>>
  settings: () => Settings
  language: () => Language
  window: () => BrowserWindow | null
  /** Shows the window, in front of the others. */
  show: () => void
  log: (text: string) => void
}

/** Milliseconds after its start within which an engine takes up what was interrupted. */
const resuming = 15_000

export class Training {
  readonly leaving: Leaving
  readonly #options: Options
  readonly #runs: ActiveRuns
  readonly #battery: BatteryPause
  readonly #awake = new Awake()
  readonly #taskbar = new TaskbarProgress()
  #resumingUntil = 0

  constructor(options: Options) {
    this.#options = options
    const { request, log, window, language } = options
    this.#runs = new ActiveRuns({
      changed: () => this.#show(),
      ended: (item) => {
        if (!BrowserWindow.getFocusedWindow()) announceEnd(item, language(), options.show)
      },
    })
    this.#battery = new BatteryPause({
      wanted: () => options.settings().pauseOnBattery,
      active: () => this.#runs.all,
      pause: (item) => request('train.pause', { item }),
      resume: (item) => request('train.resume', { item }),
      log,
    })
    this.leaving = new Leaving({
      active: () => this.#runs.all.map(({ name }) => name),
      waiting: () => this.#battery.waiting,
      ask: (names) => askBeforeLeaving(window(), language(), names),
      suspend: (as) => request('train.suspend', { as }),
      hide: () => window()?.hide(),
      show: options.show,
      quit: () => app.quit(),
      failed: (error) => {
        const locale = language()
        const text = errorText(errorToData(error), locale)
        log(`cannot pause before leaving: ${text}`)
        dialog.showErrorBox(m.leave_failed({}, { locale }), text)
      },
    })
  }

  /** Watches the machine's power and end. Electron must be ready. */
  start(): void {
    watchPower((onBattery) => this.#battery.power(onBattery))
    powerMonitor.on('suspend', () => {
      this.#options.request('train.suspend', { as: 'running' }).catch(this.#report)
    })
    const shutDown = (event?: { preventDefault(): void }) => {
      event?.preventDefault() // asks the system to wait a moment
      void this.leaving.atOnce()
    }
    powerMonitor.on('shutdown', shutDown) // its event is documented, but not typed
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
    for (const signal of signals) process.on(signal, () => void this.leaving.atOnce())
  }

  heard(message: EngineEventMessage): void {
    if (message.name === 'train.progress') this.#runs.progressed(message.payload)
    if (message.name !== 'library.changed') return
    const { item } = message.payload
    if (!item) return this.#refresh()
    this.#battery.heard(item)
    this.#runs.heard(item)
    if (performance.now() < this.#resumingUntil) this.#battery.check()
  }

  /** A new engine takes interrupted runs up again by itself. */
  engineChanged({ state }: EngineState): void {
    if (state === 'ready') {
      this.#resumingUntil = performance.now() + resuming
      this.#refresh()
    } else if (state === 'failed') this.#runs.clear()
  }

  settingsChanged(): void {
    this.#battery.check()
  }

  readonly #report = (error: Error) => this.#options.log(`training: ${error.message}`)

  #refresh(): void {
    this.#options
      .request('library.list', {})
      .then(({ items }) => this.#runs.refresh(items))
      .catch(this.#report)
  }

  #show(): void {
    this.#awake.set(this.#runs.all.length > 0)
    this.#taskbar.show(this.#options.window(), this.#runs.share)
    this.leaving.runsChanged()
  }
}
