/** Ways between two codes (White 2016): straight, or along the arc of a great circle. */
import { DarkroomError } from '../../../shared/errors'
import type { WalkMode } from '../../../shared/latent'

/** Below this sine the arc is a straight line to every digit that a picture shows, or no one arc at all. */
const PARALLEL = 1e-3

export interface Between {
  code: Float32Array
  /** The arc is straight: the codes point the same way, or one of them is zero. */
  straight: boolean
}

/** (1 − t)·a + t·b */
export const lerp = (a: Float32Array, b: Float32Array, t: number): Float32Array =>
  a.map((value, j) => (1 - t) * value + t * (b[j] as number))

/**
 * sin((1 − t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b with cos Ω = a·b/(‖a‖‖b‖). Nearly parallel codes go straight.
 * @throws DarkroomError `anchors-opposite` for codes that point in nearly opposite ways
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Between {
  const [lengthA, lengthB] = [norm(a), norm(b)]
  if (lengthA === 0 || lengthB === 0) return { code: lerp(a, b, t), straight: true }
  const cosine = Math.max(-1, Math.min(1, dot(a, b) / (lengthA * lengthB)))
  const angle = Math.acos(cosine)
  const sine = Math.sin(angle)
  if (sine < PARALLEL) {
    if (cosine < 0) throw new DarkroomError('anchors-opposite', 'The codes are opposite')
    return { code: lerp(a, b, t), straight: true }
  }
  const [from, to] = [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine]
  return { code: a.map((value, j) => from * value + to * (b[j] as number)), straight: false }
}

/** The code at share t of the way from a to b. @throws DarkroomError as {@link slerp} */
export const between = (a: Float32Array, b: Float32Array, t: number, mode: WalkMode): Between =>
  mode === 'slerp' ? slerp(a, b, t) : { code: lerp(a, b, t), straight: false }

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number)
  return sum
}
const norm = (a: Float32Array): number => Math.sqrt(dot(a, a))
