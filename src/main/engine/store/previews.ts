/** A run's preview: pictures as bytes for the window, as floats in the file. */
import type { Pictures, Preview } from '../../../shared/training'
import type { Tensor } from './container'
import type { RunFile } from './runFile'

const parts = ['inputs', 'outputs', 'clean'] as const

/** The preview that a run's file holds, or null where it has none. */
export function previewOf({
  preview,
  tensors,
}: Pick<RunFile, 'preview' | 'tensors'>): Preview | null {
  const [inputs, outputs, clean] = parts.map((part) => picturesOf(tensors.get(`preview/${part}`)))
  if (!preview || !inputs || !outputs) return null
  return { epoch: preview.epoch, inputs, outputs, clean: clean ?? null, latents: preview.latents }
}

/** What of a run's file a preview is: spread the first into it, add the tensors to its own. */
export function storedPreview({ epoch, latents, ...pictures }: Preview): {
  preview: RunFile['preview']
  tensors: Map<string, Tensor>
} {
  const tensors = new Map<string, Tensor>()
  for (const part of parts) {
    const given = pictures[part]
    if (given) tensors.set(`preview/${part}`, tensorOf(given))
  }
  return { preview: { epoch, latents }, tensors }
}

/** Values in 0–1 as bytes: round(255 x), clipped. */
export const bytesOf = (values: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))

/** The pictures that a tensor [n, height, width, channels] holds. */
function picturesOf(tensor: Tensor | undefined): Pictures | null {
  if (!tensor) return null
  const [count = 0, height = 0, width = 0, channels = 0] = tensor.shape
  if (channels !== 1 && channels !== 3) return null
  return { count, width, height, channels, pixels: bytesOf(tensor.data) }
}

const tensorOf = ({ count, width, height, channels, pixels }: Pictures): Tensor => ({
  shape: [count, height, width, channels],
  data: Float32Array.from(pixels, (value) => value / 255),
})
