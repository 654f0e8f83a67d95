/** A function of one thing that is run on one, or on two of them side by side in one call: see `halves.ts` for why. */
import type { InputSpec, Program, ProgramBuilder, Variables } from './program'
import type { Tensor } from './tensorflow'

export interface SideBySide {
  /** How many outputs the function has. */
  outputs: number
  /**
   * Runs it on one thing or two of the same sizes, with what they share; all that is given is disposed.
   * @returns for each thing its outputs' values
   */
  run(
    program: Program,
    things: readonly Tensor[],
    shared?: Record<string, Tensor>,
  ): Float32Array[][]
}

/** Traces `body` for one thing and for two. `shared` are inputs that both read. */
export function defineSideBySide(
  builder: ProgramBuilder,
  thing: InputSpec,
  shared: Record<string, InputSpec>,
  reads: readonly string[],
  body: (thing: Tensor, shared: Record<string, Tensor>, variables: Variables) => Tensor[],
): SideBySide {
  const define = (names: readonly string[]) =>
    builder.define(
      { ...shared, ...Object.fromEntries(names.map((name) => [name, thing])) },
      reads,
      (inputs, variables) =>
        names.flatMap((name) => body(inputs[name] as Tensor, inputs, variables)),
    )
  const names = ['first', 'second']
  const [one, two] = [define(names.slice(0, 1)), define(names)]
  const outputs = one.outputs.length
  return {
    outputs,
    run(program, things, given = {}) {
      const traced = things.length === 1 ? one : two
      const all: Record<string, Tensor> = { ...given }
      things.forEach((each, k) => (all[names[k] as string] = each))
      const values = program.calculate(traced, all)
      return things.map((_, k) => values.slice(k * outputs, (k + 1) * outputs))
    },
  }
}
