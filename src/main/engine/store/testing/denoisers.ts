/** For tests only: a model file of the Denoise screen. */
import type { Container } from '../container'

export function sampleDenoiser(name: string): Container {
  const card = {
    ...{ name, kind: 'denoiser', title: '', description: '', channels: 1, sigmaRange: [0, 55] },
    ...{ parameters: 1, licence: 'MIT', data: [], seed: 0, command: '', measured: [] },
    trained: { steps: 1, seconds: 1, tensorflow: '', curve: [[1, 20]] },
  }
  const tensors = new Map([['w', { shape: [1], data: Float32Array.of(1) }]])
  return { header: { kind: 'denoiser', config: { channels: 1 }, card }, tensors }
}
