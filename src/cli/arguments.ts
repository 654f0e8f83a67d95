/** Options and numbers of a command line, refused with words that say what was expected. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { DarkroomError } from '../shared/errors'
import { m } from '../shared/messages/compiled/messages'
import type { GivenLevel } from '../shared/types'

export type OptionTable = NonNullable<ParseArgsConfig['options']>

/** Known to every command; `run.ts` has read them already. */
const common = { json: { type: 'boolean' }, language: { type: 'string' } } as const

/** The command line makes no sense: exit status 2. `reason` is in the user's language, with its full stop. */
export const usage = (reason: string): DarkroomError =>
  new DarkroomError('usage', reason, { reason })

type Parsed<Table extends OptionTable> = ReturnType<
  typeof parseArgs<{ options: Table & typeof common; allowPositionals: true; strict: true }>
>

/** @throws DarkroomError `usage` for an unknown option, or one that lacks its value */
export function parse<Table extends OptionTable>(args: string[], options: Table): Parsed<Table> {
  try {
    return parseArgs({
      args,
      options: { ...options, ...common },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    const option = /'(?:-\w, )?(-[^'\s]+)/.exec(error instanceof Error ? error.message : '')?.[1]
    if (!option) throw error
    const unknown =
      error instanceof Error && 'code' in error && error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
    throw usage(unknown ? m.cli_unknown_option({ option }) : m.cli_option_value({ option }))
  }
}

/** A number in a range. @throws DarkroomError `usage` */
export function numberOf(
  option: string,
  text: string,
  from: number,
  to: number,
  whole = false,
): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value
  const expected = { option, from, to, received: text }
  throw usage(whole ? m.cli_expected_whole(expected) : m.cli_expected_number(expected))
}

/**
 * A noise level: null for `auto`, a number from 0 to 255, or three of them for shadows, mid-tones and highlights.
 * @throws DarkroomError `usage`
 */
export function levelOf(option: string, text = 'auto'): GivenLevel | null {
  if (text === 'auto') return null
  const parts = text.split(',').map((part) => numberOf(option, part, 0, 255))
  const [shadows, middle, highlights] = parts
  if (parts.length === 1) return shadows as number
  if (parts.length === 3) return [shadows, middle, highlights] as [number, number, number]
  throw usage(m.cli_expected_level({ option, received: text }))
}

/** One of some words. @throws DarkroomError `usage` */
export function oneOf<Word extends string>(
  option: string,
  text: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === text)
  if (found) return found
  throw usage(m.cli_expected_word({ option, words: words.join(', '), received: text }))
}

/** The value of an option that must be there. @throws DarkroomError `usage` */
export function required<Value>(option: string, value: Value | undefined): Value {
  if (value === undefined) throw usage(m.cli_option_missing({ option }))
  return value
}

/** At least one input. @throws DarkroomError `usage` */
export function inputsOf(positionals: string[]): string[] {
  if (positionals.length === 0) throw usage(m.cli_no_input())
  return positionals
}
