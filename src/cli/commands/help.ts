/** `help [COMMAND]` and `version`. */
import { m } from '../../shared/messages/compiled/messages'
import { version as programVersion } from '../../../package.json'
import type { Command } from '../context'
import { patternWords } from '../../shared/resultNames'

/** The words about each command, after its usage line. */
export const help: Command = (_args, { terminal }) => {
  terminal.out(`${m.app_name()} ${programVersion}`)
  terminal.out('')
  terminal.out(m.cli_help(patternWords))
  return Promise.resolve(0)
}

export const version: Command = (_args, { terminal }) => {
  terminal.out(programVersion)
  return Promise.resolve(0)
}
