/** `--pattern`: what results are called, from the names of their inputs. */
import { basename, extname } from 'node:path'
import { formatOfEnding } from '../shared/exportFormats'
import { m } from '../shared/messages/compiled/messages'
import { usage } from './arguments'

/** The name of a result without its ending, from that of its input. */
export type ResultName = (name: string) => string

/** The words of a pattern, for texts that name them: there, braces are places for values. */
export const patternWords = { name: '{name}', model: '{model}' }

const refusals: [
  is: (text: string) => boolean,
  why: (words: { name: string; model: string }) => string,
][] = [
  // both separators everywhere, so that a command means the same on every system
  [(text) => /[/\\\0]/.test(text), m.cli_pattern_separator],
  [(text) => text.split('{name}').length !== 2, m.cli_pattern_name],
  [(text) => /[{}]/.test(text.replaceAll(/\{(name|model)\}/g, '')), m.cli_pattern_words],
  [(text) => formatOfEnding(extname(text)) !== undefined, m.cli_pattern_ending],
]

/**
 * @param pattern a text with `{name}` once, and perhaps `{model}`
 * @param model what `--model` said; a file is called by its base name
 * @throws DarkroomError `usage` for a pattern that is none, or that names a model while each photo's is chosen by itself
 */
export function resultNameOf(pattern: string, model: string): ResultName {
  const refusal = refusals.find(([is]) => is(pattern))
  if (refusal) throw usage(refusal[1](patternWords))
  if (model === 'auto' && pattern.includes('{model}'))
    throw usage(m.cli_pattern_model(patternWords))
  const modelName = basename(model, '.ldm')
  // at once, so that braces in a photo's name are never taken for words
  return (name) =>
    pattern.replaceAll(/\{(?:name|model)\}/g, (word) => (word === '{name}' ? name : modelName))
}
