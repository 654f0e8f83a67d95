/** A stand-in for main and the engine, for tests of the state: it answers at once and keeps what it was asked. */
import type { ArgsOf, WindowRequest, WindowRequests } from '../../../../shared/contract'
import { DarkroomError } from '../../../../shared/errors'
import { defaultSettings, type DenoiseReport, type ModelInfo } from '../../../../shared/types'
import type { LibraryItem } from '../../../../shared/training'
import type { Ask } from '../../bridge'
import { libraryItem, recipe } from './runs'

type Handlers = {
  [Name in WindowRequest]?: (args: ArgsOf<WindowRequests, Name>) => unknown
}

const level = (sigma: number) => ({
  sigma,
  perChannel: [sigma, sigma, sigma],
  correlated: false,
  shared: false,
  impulses: null,
  byBrightness: null,
})

export const report: DenoiseReport = {
  model: 'colour',
  reasons: { model: 'named', level: 'estimated', impulses: null },
  sigma: 25,
  byBrightness: null,
  sigmaEstimated: true,
  noiseBefore: level(25),
  noiseAfter: level(1),
  residualCorrelation: 0.02,
  residualStructured: false,
  seconds: 1,
  megapixelsPerSecond: 2,
}

const model = (name: string, channels: 1 | 3) =>
  ({
    card: { name, title: name, channels, sigmaRange: [0, 55] },
    bundled: true,
  }) as unknown as ModelInfo

export class FakeEngine {
  /** Names of all requests, in order, with their arguments. */
  asked: { name: WindowRequest; args: unknown }[] = []
  /** Answers that a test wants different. */
  handlers: Handlers = {}
  /** The library, the newest first. */
  items: LibraryItem[] = []
  trashed: LibraryItem[] = []
  #count = 0

  readonly #usual: Handlers = {
    'settings.read': () => defaultSettings,
    'settings.change': () => defaultSettings,
    'app.info': () => ({ language: 'en' }),
    'engine.state': () => ({ state: 'ready', error: null }),
    'engine.info': () => ({ tensorflow: '2.21.0', threads: 2, precision: 'float32' }),
    'models.list': () => [model('grey', 1), model('colour', 3)],
    'recipes.list': () => [recipe],
    'library.list': () => ({ items: this.items, setAside: [], bytes: 1000 }),
    'library.trashed': () => this.trashed,
    'library.history': () => ({ epochs: [], points: [] }),
    'train.start': ({ config, name, group }) => {
      const item = libraryItem({ item: `item ${++this.#count}`, name, config, group })
      this.items = [item, ...this.items]
      return item
    },
    'library.trash': ({ item }) => this.#move(item, 'items', 'trashed'),
    'library.restore': ({ item }) => this.#move(item, 'trashed', 'items'),
    'library.rename': ({ item, name }) => {
      this.items = this.items.map((each) => (each.item === item ? { ...each, name } : each))
      return this.items.find((each) => each.item === item)
    },
    'photo.open': ({ source, page }) => ({
      photo: `id ${++this.#count}`,
      name: 'name' in source ? source.name : source.file,
      format: 'png',
      width: 100,
      height: 50,
      channels: 3,
      alpha: false,
      bits: 16,
      fileBits: 16,
      usedBits: 16,
      float: false,
      page: page ?? 1,
      pages: 1,
      orientation: 1,
      exif: false,
      camera: null,
      profile: null,
      fileBytes: 1000,
    }),
    'photo.view': ({ width, height }) => ({ width, height, pixels: new Uint8Array() }),
    'photo.noiseLevel': () => level(3),
    'photo.quality': () => ({ noisy: { psnr: 20, ssim: 0.4 }, denoised: { psnr: 30, ssim: 0.9 } }),
    'photo.denoise': () => ({ job: `job ${++this.#count}` }),
    'photo.score': () => ({ job: `job ${++this.#count}` }),
  }

  readonly ask: Ask = (async (name: WindowRequest, args: never) => {
    this.asked.push({ name, args })
    await Promise.resolve()
    const handler = this.handlers[name] ?? this.#usual[name]
    return handler ? await handler(args) : null
  }) as Ask

  #move(item: string, from: 'items' | 'trashed', to: 'items' | 'trashed'): LibraryItem | undefined {
    const moved = this[from].find((each) => each.item === item)
    this[from] = this[from].filter((each) => each.item !== item)
    if (moved) this[to] = [moved, ...this[to]]
    return moved
  }

  /** What was asked of the given names, in order. */
  of<Name extends WindowRequest>(name: Name): ArgsOf<WindowRequests, Name>[] {
    return this.asked
      .filter((request) => request.name === name)
      .map(({ args }) => args as ArgsOf<WindowRequests, Name>)
  }
}

export const died = () => new DarkroomError('engine-lost', 'The engine ended before it answered')
