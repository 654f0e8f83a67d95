/** A function of one thing that is run on one, or on two of them side by side in one call: see `halves.ts` for why. */
import type { InputSpec, Program, ProgramBuilder, Variables } from './program'
import type { Tensor } from './tensorflow'

export interface SideBySide {
  /** How many outputs the function has. */
  outputs: number
  /**
   * Runs it on one thing or two of the same sizes; all that is given is disposed.
   * @returns for each thing its outputs' values
   */
  run(program: Program, things: readonly Tensors[]): Float32Array[][]
}
/** The inputs of a thing, by name. */
type Tensors = Record<string, Tensor>

/** Traces `body` for one thing and for two. */
export function defineSideBySide(
  builder: ProgramBuilder,
  thing: Record<string, InputSpec>,
  reads: readonly string[],
  body: (thing: Tensors, variables: Variables) => Tensor[],
): SideBySide {
  const names = Object.keys(thing)
  const define = (things: readonly string[]) =>
    builder.define(
      Object.fromEntries(
        things.flatMap((each) => names.map((name) => [each + name, thing[name] as InputSpec])),
      ),
      reads,
      (inputs, variables) =>
        things.flatMap((each) => {
          const own = names.map((name) => [name, inputs[each + name] as Tensor] as const)
          return body(Object.fromEntries(own), variables)
        }),
    )
  const [first, second] = ['first/', 'second/']
  const [one, two] = [define([first]), define([first, second])]
  const outputs = one.outputs.length
  return {
    outputs,
    run(program, things) {
      const traced = things.length === 1 ? one : two
      const all: Tensors = {}
      things.forEach((each, k) => {
        for (const name of names) all[(k === 0 ? first : second) + name] = each[name] as Tensor
      })
      const values = program.calculate(traced, all)
      return things.map((_, k) => values.slice(k * outputs, (k + 1) * outputs))
    },
  }
}
