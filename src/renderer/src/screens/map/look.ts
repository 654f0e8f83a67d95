/** How a map's points look: which class of the palette each is, and where the labels' names stand. */
import type { LatentMap } from '../../../../shared/latent'
import type { Name } from '../../charts/points/overlay'
import { paletteSize } from '../../charts/points/palette'
import { quantile } from '../../state/mapSelection'

export type ColourBy = 'label' | 'error'

/** Errors beyond have the last colour: one strange image must not make all others look the same. */
export const errorCeiling = ({ errors }: Pick<LatentMap, 'errors'>): number =>
  quantile(errors, 0.995) || 1

export const errorClass = (error: number, ceiling: number): number =>
  Math.min(paletteSize - 1, Math.max(0, Math.floor((error / ceiling) * (paletteSize - 1))))

export function classesOf({ labels, errors, count }: LatentMap, by: ColourBy): Uint8Array {
  if (by === 'label' && labels) return Uint8Array.from(labels, (label) => label % paletteSize)
  const ceiling = errorCeiling({ errors })
  return Uint8Array.from({ length: count }, (_, i) => errorClass(errors[i] ?? 0, ceiling))
}

export function marksOf(count: number, selected: Int32Array): Uint8Array {
  const marks = new Uint8Array(count)
  for (const point of selected) marks[point] = 1
  return marks
}

/** More names than that would only cover each other. */
const mostNames = 24

/** Each label's name at the median of its places. */
export function namesOf({ places, labels, labelNames }: LatentMap): (Name & { label: number })[] {
  if (!labels || !labelNames || labelNames.length > mostNames) return []
  return labelNames.flatMap((text, label) => {
    const [x, y] = [0, 1].map((axis) => {
      const values: number[] = []
      for (let point = 0; point < labels.length; point += 1)
        if (labels[point] === label) values.push(places[point * 2 + axis] ?? 0)
      return values.sort((a, b) => a - b)[values.length >> 1]
    })
    return x === undefined || y === undefined ? [] : [{ text, x, y, label }]
  })
}
