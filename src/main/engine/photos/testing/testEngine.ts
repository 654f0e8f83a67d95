/** For tests only: an engine whose models are stubs, in a folder of its own. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Emit, EngineEvents } from '../../../../shared/contract'
import type { ModelCard } from '../../../../shared/types'
import type { Planes } from '../../codec'
import { encodeImage } from '../../codec'
import type { Engine, EngineOptions } from '../../handlers'
import { createEngine } from '../../handlers'
import { stubRunner } from '../../imaging/testing/stubRunner'
import { writeFileAtomically } from '../../store/atomicWriter'
import { writeContainer } from '../../store/container'
import type { OpenRunner } from '../denoisers'

export interface StubControl {
  /** How far the stub looks; 0 gives the input back. */
  radius: number
  /** Called before each call of a network. */
  before: (call: number) => void
  /** σ of each call. */
  sigmas: number[]
  opened: string[]
  closed: string[]
}

export const newControl = (): StubControl => ({
  radius: 0,
  before: () => undefined,
  sigmas: [],
  opened: [],
  closed: [],
})

export const cardOf = (name: string, channels: 1 | 3): ModelCard => ({
  name,
  kind: 'denoiser',
  title: 'Stub',
  description: 'For tests',
  channels,
  sigmaRange: [0, 55],
  parameters: 1,
  licence: 'MIT',
  data: [],
  seed: 0,
  command: '',
  trained: { steps: 0, seconds: 0, tensorflow: '', curve: [] },
  measured: [{ what: 'PSNR', value: 30.5, unit: 'dB' }],
})

/** Writes a container that has a card and nothing to compute with. */
export async function writeStubModel(path: string, name: string, channels: 1 | 3): Promise<void> {
  await writeContainer(path, {
    header: { kind: 'denoiser', config: { channels }, card: cardOf(name, channels) },
    tensors: new Map([[name, { shape: [1], data: Float32Array.of(channels) }]]),
  })
}

/** Makes the folder `resources` with a grey and a colour stub. */
export async function stubResources(folder: string): Promise<string> {
  const resources = join(folder, 'resources')
  mkdirSync(resources)
  await writeStubModel(join(resources, 'denoise-grey.ldm'), 'denoise-grey', 1)
  await writeStubModel(join(resources, 'denoise-colour.ldm'), 'denoise-colour', 3)
  return resources
}

export function stubEngine(
  resources: string,
  control: StubControl,
  more: EngineOptions = {},
): Engine {
  const openModel = ({
    header,
    tensors,
  }: Parameters<NonNullable<EngineOptions['openModel']>>[0]): OpenRunner => {
    const { channels } = header.config as { channels: 1 | 3 }
    const name = [...tensors.keys()].join()
    control.opened.push(name)
    const runner = stubRunner({
      channels,
      radius: control.radius,
      before: (call) => control.before(call),
    })
    return {
      ...runner,
      run: (noisy, height, width, sigma) => {
        control.sigmas.push(Number(sigma))
        return runner.run(noisy, height, width, sigma)
      },
      close: () => control.closed.push(name),
    }
  }
  const libraryFolder = join(resources, 'library') // never that of the person who runs the tests
  return createEngine({ resources, journal: null, libraryFolder, openModel, ...more })
}

/** A smooth picture with a little structure, the same every time. */
export function picture(
  width: number,
  height: number,
  channels: 1 | 3 = 3,
  bits: 8 | 16 = 8,
): Planes {
  const white = bits === 8 ? 255 : 65535
  const data =
    bits === 8
      ? new Uint8Array(width * height * channels)
      : new Uint16Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const value = 0.5 + 0.3 * Math.sin(x / 17 + c) * Math.cos(y / 23)
        data[(y * width + x) * channels + c] = Math.round(value * white)
      }
    }
  }
  return { width, height, channels, bits, data, alpha: null }
}

export async function writePicture(
  path: string,
  planes: Planes,
  format: 'png' | 'jpeg' | 'webp' = 'png',
): Promise<void> {
  await writeFileAtomically(
    path,
    await encodeImage(planes, { format, bits: planes.bits, quality: 95, metadata: null }),
  )
}

type Progress = EngineEvents['job.progress']
type Finished = EngineEvents['job.finished']

/** Takes a job's events, and waits for its end. */
export class Listener {
  readonly progress: Progress[] = []
  readonly emit: Emit
  readonly finished: Promise<Finished>

  constructor() {
    let end: (event: Finished) => void = () => undefined
    this.finished = new Promise((resolve) => (end = resolve))
    this.emit = ((_name: string, payload: Progress | Finished) => {
      if ('outcome' in payload) end(payload)
      else this.progress.push(payload)
    }) as Emit
  }
}
