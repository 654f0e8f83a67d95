/** For tests only: an engine of its own for each test, and short ways to ask it for things. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import type { ArgsOf, EngineRequests, ResultOf } from '../../../../shared/contract'
import { fullLook, type Layer, type Look, type PhotoInfo } from '../../../../shared/types'
import type { Planes } from '../../codec'
import { closeCodecs } from '../../codec'
import type { Engine } from '../../handlers'
import type { StubControl } from './testEngine'
import {
  Listener,
  newControl,
  picture,
  stubEngine,
  stubResources,
  writePicture,
} from './testEngine'

type Denoise = Omit<ArgsOf<EngineRequests, 'photo.denoise'>, 'photo'>
type Export = Omit<ArgsOf<EngineRequests, 'photo.export'>, 'photo' | 'path'>
type Outcome = Awaited<Listener['finished']>['outcome']

const usual: Denoise = { model: 'auto', sigma: 10, visible: null }
const usualExport: Export = {
  layer: 'denoised',
  look: fullLook,
  format: 'png',
  bits: 8,
  quality: 92,
  keepMetadata: true,
}
/** For requests whose events do not matter. */
export const silent = (): void => undefined

/** Filled in anew before each test. */
export class PhotoBench {
  folder = ''
  control: StubControl = newControl()
  #engine: Engine | undefined

  constructor() {
    beforeEach(async () => {
      this.folder = mkdtempSync(join(tmpdir(), 'engine-'))
      this.control = newControl()
      this.#engine = stubEngine(await stubResources(this.folder), this.control)
    })
    afterEach(async () => {
      await this.engine.close()
      rmSync(this.folder, { recursive: true })
    })
    afterAll(closeCodecs)
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error('Expected to be inside a test.')
    return this.#engine
  }
  set engine(engine: Engine) {
    this.#engine = engine
  }

  readonly at = (...names: string[]): string => join(this.folder, ...names)

  /** Writes a picture to the folder and opens it. */
  readonly open = async (
    planes: Planes = picture(60, 40),
    name = 'photo.png',
  ): Promise<PhotoInfo> => {
    const path = this.at(name)
    await writePicture(path, planes)
    return this.engine.handlers['photo.open']({ source: { path } }, silent)
  }

  readonly start = async (
    info: PhotoInfo,
    wanted: Partial<Denoise> = {},
  ): Promise<{ job: string; listener: Listener }> => {
    const listener = new Listener()
    const args = { photo: info.photo, ...usual, ...wanted }
    const { job } = await this.engine.handlers['photo.denoise'](args, listener.emit)
    return { job, listener }
  }

  /** Starts a job and waits for its end. */
  readonly denoise = async (info: PhotoInfo, wanted: Partial<Denoise> = {}): Promise<Outcome> => {
    const { listener } = await this.start(info, wanted)
    return (await listener.finished).outcome
  }

  readonly addNoise = (info: PhotoInfo, sigma = 20): Promise<null> => {
    const noise = { kind: 'gaussian', sigma } as const
    return this.engine.handlers['photo.addNoise']({ photo: info.photo, noise, seed: 1 }, silent)
  }

  readonly exportTo = (
    info: PhotoInfo,
    path: string,
    more: Partial<Export> = {},
  ): Promise<ResultOf<EngineRequests, 'photo.export'>> => {
    const args = { photo: info.photo, ...usualExport, path, ...more }
    return this.engine.handlers['photo.export'](args, silent)
  }

  /** The whole of a layer at 100 %, RGBA8. */
  readonly viewOf = async (info: PhotoInfo, layer: Layer, look = fullLook): Promise<Uint8Array> => {
    const { width, height } = info
    const region = { x: 0, y: 0, width, height }
    const wanted = { kind: 'layer', layer, look } as const
    const args = { photo: info.photo, picture: wanted, region, width, height }
    return (await this.engine.handlers['photo.view'](args, silent)).pixels
  }

  readonly quality = (
    info: PhotoInfo,
    look: Look = fullLook,
  ): Promise<ResultOf<EngineRequests, 'photo.quality'>> =>
    this.engine.handlers['photo.quality']({ photo: info.photo, look }, silent)
}
