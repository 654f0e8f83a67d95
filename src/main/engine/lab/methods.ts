/** How each kind of method makes its picture: the classical ones, denoisers of photos, autoencoders at their own size. */
import { noiseStructureOf } from '../../../shared/automaticModel'
import { DarkroomError } from '../../../shared/errors'
import type { LabMethod } from '../../../shared/lab'
import { classical } from '../classical'
import type { Planes } from '../codec'
import { maximumOf, newSamples } from '../codec/planes'
import { denoisePlanes, fitRunner } from '../imaging/denoise'
import type { Denoisers } from '../photos/denoisers'
import { copyOf } from '../photos/openPhoto'
import type { Spaces } from '../spaces/spaces'
import type { Pace } from '../work/pace'
import { sizeOf, type Lab } from './lab'

export interface LabTools {
  denoisers: Denoisers
  /** The library's autoencoders; TensorFlow is loaded with the first. */
  spaces: () => Promise<Pick<Spaces, 'open'>>
}

/** A method that is ready to be used, until it is released. */
export interface Opened {
  /** A network's own name; null for the classical methods. */
  title: string | null
  /** @throws DarkroomError `cancelled`; `model-size-unfit` for an autoencoder that reads images of another size */
  make: (pace: LabPace) => Promise<Planes>
  release: () => void
}
export type LabPace = Required<Pace> & { signal: AbortSignal }

/**
 * @throws DarkroomError `model-unknown`, `model-unfit`, `item-unknown`, …
 */
export function open(method: LabMethod, lab: Lab, tools: LabTools): Promise<Opened> {
  const { noisy } = lab
  switch (method.kind) {
    case 'classical': {
      const make = async (pace: LabPace): Promise<Planes> => {
        const picture = { ...noisy, data: valuesOf(noisy) }
        return planesOf(await classical[method.name](picture, lab.run.sigma / 255, pace), noisy)
      }
      return Promise.resolve({ title: null, make, release: () => undefined })
    }
    case 'denoiser':
      return openDenoiser(method.model, lab, tools)
    case 'autoencoder':
      return openAutoencoder(method.item, noisy, tools)
  }
}

async function openDenoiser(
  model: string,
  { noisy, noise, level }: Lab,
  { denoisers }: LabTools,
): Promise<Opened> {
  const lease = await denoisers.acquire(model, noisy.channels, noiseStructureOf(noise))
  const { name, title } = lease.model.info.card
  const make = async ({ signal, report }: LabPace): Promise<Planes> => {
    const runner = fitRunner(lease.runner, noisy.channels, name)
    const planes = copyOf(noisy)
    const onTile = ({ done, total }: { done: number; total: number }): void => report(done / total)
    await denoisePlanes(noisy, planes, runner, level, { noise, signal, onTile })
    return planes
  }
  return { title, make, release: () => lease.release() }
}

async function openAutoencoder(item: string, noisy: Planes, { spaces }: LabTools): Promise<Opened> {
  const { autoencoder, shape, name } = await (await spaces()).open(item)
  const make = (): Promise<Planes> => {
    const [expected, received] = [sizeOf(shape), sizeOf(noisy)]
    if (expected === received)
      return Promise.resolve(planesOf(autoencoder.reconstruct(valuesOf(noisy)), noisy))
    const message = `${name} reads ${expected}, this is ${received}`
    const params = { model: name, expected, received }
    return Promise.reject(new DarkroomError('model-size-unfit', message, params))
  }
  return { title: name, make, release: () => undefined }
}

const valuesOf = ({ data, bits }: Planes): Float32Array => {
  const scale = 1 / maximumOf(bits)
  return Float32Array.from(data, (value) => value * scale)
}

/** Values with white at 1 in the depth of another picture of the size: clipped and rounded, as a file would hold them. */
function planesOf(values: Float32Array, like: Planes): Planes {
  const white = maximumOf(like.bits)
  const data = newSamples(like.bits, values.length)
  for (let i = 0; i < data.length; i++)
    data[i] = Math.round(Math.min(1, Math.max(0, values[i] as number)) * white)
  return { ...like, data }
}
