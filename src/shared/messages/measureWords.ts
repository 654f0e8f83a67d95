/**
 * Words for what measurements name: figures, what they are compared with, lines of the protocol, sheets. A report has
 * names only, so that it is read in the language in force whenever it is opened, in the window and as a file.
 */
import type { Locale } from './index'
import { m } from './compiled/messages'

type Part = 'figure' | 'name' | 'protocol' | 'sheet'
type Message = (inputs: Record<string, unknown>, options: { locale?: Locale }) => string

/**
 * The message `measure_<part>_<name>`, with `_` for `-`. A name in quotation marks is a word of the data and stays as it
 * is, without the marks; one that has no message is shown as it is.
 */
export function measureWords(
  part: Part,
  name: string,
  values: Readonly<Record<string, string | number>> = {},
  locale?: Locale,
): string {
  const quoted = /^"(.*)"$/s.exec(name)?.[1]
  if (quoted !== undefined) return quoted
  const key = `measure_${part}_${name.replaceAll('-', '_')}`
  const message = (m as unknown as Record<string, Message | undefined>)[key]
  return message ? message(values, locale ? { locale } : {}) : name
}
