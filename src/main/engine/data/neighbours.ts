/**
 * Two views of one noisy image for training without a clean one: of every 2 × 2 pixels two that touch, one for each
 * view (Huang et al. 2021, 'Neighbor2Neighbor', section 3.2). Both show nearly the same, their noise is independent.
 */
import { uniform } from './random'

/** Places in 2 × 2 pixels, row by row: the pairs that touch, either of them first. */
const pairs = [
  [0, 1],
  [1, 0],
  [0, 2],
  [2, 0],
  [1, 3],
  [3, 1],
  [2, 3],
  [3, 2],
] as const

/**
 * Which pixel each view takes of `images` images of even sides, [images, height/2, width/2, 4]: 1 at its place, 0 at
 * the three others. Depends on nothing but the arguments.
 */
export function chooseNeighbours(
  images: number,
  height: number,
  width: number,
  seed: number,
  step: number,
): { first: Float32Array; second: Float32Array } {
  const cells = (images * height * width) / 4
  const first = new Float32Array(4 * cells)
  const second = new Float32Array(4 * cells)
  for (let cell = 0; cell < cells; cell++) {
    const pair = pairs[Math.floor(8 * uniform(seed, step, 'neighbour', cell))] as (typeof pairs)[0]
    first[4 * cell + pair[0]] = 1
    second[4 * cell + pair[1]] = 1
  }
  return { first, second }
}
