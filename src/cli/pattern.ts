/** `--pattern`: what results are called, from the names of their inputs. */
import { basename } from 'node:path'
import { m } from '../shared/messages/compiled/messages'
import {
  patternFault,
  patternWords,
  resultNameOf,
  type PatternFault,
  type ResultName,
} from '../shared/resultNames'
import { usage } from './arguments'

const refusals: Record<PatternFault, (words: { name: string; model: string }) => string> = {
  separator: m.cli_pattern_separator,
  name: m.cli_pattern_name,
  words: m.cli_pattern_words,
  ending: m.cli_pattern_ending,
  model: m.cli_pattern_model,
}

/**
 * @param pattern a text with `{name}` once, and perhaps `{model}`
 * @param model what `--model` said; a file is called by its base name
 * @throws DarkroomError `usage` for a pattern that is none, or that names a model while each photo's is chosen by itself
 */
export function patternOf(pattern: string, model: string): ResultName {
  const fault = patternFault(pattern, model)
  if (fault !== null) throw usage(refusals[fault](patternWords))
  return resultNameOf(pattern, basename(model, '.ldm'))
}
