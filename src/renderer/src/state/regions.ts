import type { Region } from '../../../shared/types'

/** Whether two regions share a pixel. */
export function overlaps(a: Region, b: Region): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
