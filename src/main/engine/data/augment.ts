/** Random changes of training images as coefficients for TensorFlow's image transform, drawn anew for each image of each step. */
import type { Augmentation } from '../../../shared/training'
import { uniform } from './random'

/** Random numbers that one image may take. */
const drawsAnImage = 8

/** Whether a configuration changes anything. */
export const augments = ({ flipHorizontal, flipVertical, ...amounts }: Augmentation): boolean =>
  flipHorizontal || flipVertical || Object.values(amounts).some((amount) => amount > 0)

/**
 * For each image of a batch the eight coefficients [a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁] of `ImageProjectiveTransformV3`:
 * output pixel (x, y) is read at input (a₀x + a₁y + a₂, b₀x + b₁y + b₂); c₀ = c₁ = 0. Around the image's centre
 * c = ((width − 1)/2, (height − 1)/2) it is
 *
 *   p_in = c + F R(−θ) (p_out − c − t) / s,
 *
 * so that the image is mirrored (F: each way with probability ½), turned by θ ~ U(−rotate, rotate) degrees, enlarged
 * by s ~ U(1 − zoom, 1 + zoom) and moved by t ~ U(−shift, shift) · side, in this order.
 * The same arguments give the same numbers on every platform.
 * @param step counts from the run's start; each step has numbers of its own
 * @returns [batch · 8], or null when nothing is on
 */
export function augmentTransforms(
  config: Augmentation,
  { width, height }: { width: number; height: number },
  batch: number,
  seed: number,
  step: number,
): Float32Array | null {
  if (!augments(config)) return null
  const transforms = new Float32Array(batch * 8)
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2]
  for (let image = 0; image < batch; image++) {
    const draw = (index: number): number =>
      uniform(seed, step, 'augment', image * drawsAnImage + index)
    const symmetric = (index: number, most: number): number => most * (2 * draw(index) - 1)
    const mirrorX = config.flipHorizontal && draw(0) < 0.5 ? -1 : 1
    const mirrorY = config.flipVertical && draw(1) < 0.5 ? -1 : 1
    const angle = (symmetric(2, config.rotate) * Math.PI) / 180
    const scale = 1 + symmetric(3, config.zoom)
    const moveX = symmetric(4, config.shift) * width
    const moveY = symmetric(5, config.shift) * height
    const [cosine, sine] = [cos(angle) / scale, sin(angle) / scale]
    const [a0, a1] = [mirrorX * cosine, mirrorX * sine]
    const [b0, b1] = [-mirrorY * sine, mirrorY * cosine]
    const [fromX, fromY] = [centreX + moveX, centreY + moveY]
    const a2 = centreX - a0 * fromX - a1 * fromY
    const b2 = centreY - b0 * fromX - b1 * fromY
    transforms.set([a0, a1, a2, b0, b1, b2, 0, 0], image * 8)
  }
  return transforms
}

/**
 * Sine and cosine for |x| ≤ π by their Taylor series, to 1e-15: sums and products are the same on every platform,
 * `Math.sin` is not (see `noise/elementary.ts`).
 */
function sin(x: number): number {
  let sum = 1
  for (let n = 28; n >= 2; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return x * sum
}

function cos(x: number): number {
  let sum = 1
  for (let n = 29; n >= 1; n -= 2) sum = 1 - (sum * x * x) / (n * (n + 1))
  return sum
}
