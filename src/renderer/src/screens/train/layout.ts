/** How many pictures across fill an area best. */

interface Layout {
  columns: number
  /** How many of them are shown. */
  count: number
  zoom: number
}

/** Pictures are recognised from about this many pixels a side on; beyond the other they only take room. */
const [smallest, largest] = [36, 112]

/**
 * The layout of `sets` rows of pictures, one set under the other, that shows most pictures at a size that can be
 * recognised, and among those the one that shows them largest.
 */
export function bestColumns(
  pictures: { count: number; width: number; height: number },
  sets: number,
  width: number,
  height: number,
): Layout {
  const { count } = pictures
  const side = Math.max(pictures.width, pictures.height)
  let best: Layout = { columns: 1, count: 1, zoom: smallest / side }
  let bestScore = -1
  for (let columns = 1; columns <= count; columns += 1)
    for (let groups = 1; groups <= Math.ceil(count / columns); groups += 1) {
      const zoom = Math.min(
        width / (columns * (pictures.width + 1)),
        height / (groups * (sets * (pictures.height + 1) + 3)),
        largest / side,
      )
      if (zoom * side < smallest && columns * groups > 1) continue
      const shown = Math.min(count, columns * groups)
      const filled = (shown * zoom * zoom * side * side * sets) / (width * height)
      const score = Math.min(shown, 24) / 24 + filled
      if (score <= bestScore) continue
      bestScore = score
      best = { columns, count: shown, zoom }
    }
  return best
}
