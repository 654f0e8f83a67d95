/**
 * Limited-memory BFGS (Nocedal 1980; Nocedal and Wright, 'Numerical Optimization', 2006, algorithm 7.4) for smooth
 * convex functions, with steps that are halved until Armijo's condition holds.
 */

/** A function's value and its gradient at x; the gradient is a fresh array. */
export type Objective = (x: Float64Array) => { value: number; gradient: Float64Array }

export interface MinimiseOptions {
  /** It has converged where no component of the gradient is larger. */
  tolerance: number
  /** Steps at most. */
  iterations: number
  /** Called before each step: lets others have their turn, and may throw. */
  pause?: () => Promise<void>
}

export interface Minimum {
  x: Float64Array
  value: number
  iterations: number
  converged: boolean
}

const memory = 10
const armijo = 1e-4
/** A value in float32 is not known better: a step may raise it by that. */
const rounding = 1e-6
const halvings = 30

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
const largest = (a: Float64Array): number =>
  a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
/** a + factor · b. */
const plus = (a: Float64Array, b: Float64Array, factor: number): Float64Array =>
  a.map((value, i) => value + factor * (b[i] as number))

/** Minimises a function from a start. The same start gives the same result. */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  { tolerance, iterations, pause }: MinimiseOptions,
): Promise<Minimum> {
  let x = start
  let { value, gradient } = objective(x)
  const history: Correction[] = []
  for (let iteration = 0; ; iteration++) {
    const converged = largest(gradient) <= tolerance
    if (converged || iteration === iterations) return { x, value, iterations: iteration, converged }
    await pause?.()
    const direction = descent(gradient, history)
    const slope = dot(direction, gradient)
    let step = history.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)))
    let next = x
    let found = { value, gradient }
    let accepted = false
    for (let halved = 0; halved < halvings && !accepted; halved++, step /= 2) {
      next = plus(x, direction, step)
      found = objective(next)
      accepted = found.value <= value + armijo * step * slope + rounding * Math.abs(value)
    }
    if (!accepted) return { x, value, iterations: iteration, converged: false }
    remember(history, plus(next, x, -1), plus(found.gradient, gradient, -1))
    x = next
    value = found.value
    gradient = found.gradient
  }
}

/** s = xₖ₊₁ − xₖ, y = ∇fₖ₊₁ − ∇fₖ and their product. */
interface Correction {
  s: Float64Array
  y: Float64Array
  curvature: number
}

function remember(history: Correction[], s: Float64Array, y: Float64Array): void {
  const curvature = dot(s, y)
  if (curvature <= 1e-12 * dot(s, s)) return
  history.push({ s, y, curvature })
  if (history.length > memory) history.shift()
}

/** −H·∇f by the two loops over the corrections. */
function descent(gradient: Float64Array, history: readonly Correction[]): Float64Array {
  let direction: Float64Array = gradient.map((value) => -value)
  const factors: number[] = []
  for (let i = history.length - 1; i >= 0; i--) {
    const { s, y, curvature } = history[i] as Correction
    const factor = dot(s, direction) / curvature
    factors[i] = factor
    direction = plus(direction, y, -factor)
  }
  const last = history.at(-1)
  if (last) {
    const scale = last.curvature / dot(last.y, last.y)
    direction = direction.map((value) => value * scale)
  }
  history.forEach(({ s, y, curvature }, i) => {
    const back = dot(y, direction) / curvature
    direction = plus(direction, s, (factors[i] as number) - back)
  })
  return direction
}
