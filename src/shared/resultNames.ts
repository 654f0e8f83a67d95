/** What the results of a batch are called, from the names of their inputs. */
import { automatic } from './automaticModel'
import { formatOfEnding } from './exportFormats'

/** The name of a result without its ending, from that of its input. */
export type ResultName = (name: string) => string

/** The words of a pattern, for texts that name them: there, braces are places for values. */
export const patternWords = { name: '{name}', model: '{model}' }

const faults = {
  // both separators everywhere, so that a pattern means the same on every system
  separator: (text: string) => /[/\\\0]/.test(text),
  name: (text: string) => text.split('{name}').length !== 2,
  words: (text: string) => /[{}]/.test(text.replaceAll(/\{(name|model)\}/g, '')),
  ending: (text: string) => formatOfEnding(/\.[^.]*$/.exec(text)?.[0] ?? '') !== undefined,
  /** It names a model while each photo's is chosen by itself. */
  model: (text: string, model: string) => model === automatic && text.includes('{model}'),
}
export type PatternFault = keyof typeof faults

/**
 * What is wrong with a pattern, or null. A good one has `{name}` once, perhaps `{model}`, no folder and no ending.
 * @param model the name of the model that is asked for, or `auto`
 */
export function patternFault(pattern: string, model: string): PatternFault | null {
  const names = Object.keys(faults) as PatternFault[]
  return names.find((name) => faults[name](pattern, model)) ?? null
}

/** The names that a good pattern gives. */
export const resultNameOf =
  (pattern: string, model: string): ResultName =>
  (name) =>
    // at once, so that braces in a photo's name are never taken for words
    pattern.replaceAll(/\{(?:name|model)\}/g, (word) => (word === '{name}' ? name : model))
