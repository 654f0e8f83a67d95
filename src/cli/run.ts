/** One run of the command line: language, command, exit status. Separate from the process, so that tests can call it. */
import { DarkroomError, errorToData } from '../shared/errors'
import { chooseLocale, setLocale } from '../shared/messages'
import { m } from '../shared/messages/compiled/messages'
import { oneOf, usage } from './arguments'
import { addNoise } from './commands/addNoise'
import { denoise } from './commands/denoise'
import { encode } from './commands/encode'
import { evaluate } from './commands/evaluate'
import { exportCommand } from './commands/export'
import {
  arithmetic,
  interpolate,
  manifold,
  reconstruct,
  remake,
  sample,
  traverse,
} from './commands/galleries'
import { help, version } from './commands/help'
import { inspect } from './commands/inspect'
import { lab } from './commands/lab'
import { library } from './commands/library'
import { measure } from './commands/measure'
import { models } from './commands/models'
import { recipes } from './commands/recipes'
import { train } from './commands/train'
import type { Command, Context, ExitStatus } from './context'
import { report } from './failures'

const commands: Record<string, Command> = {
  denoise,
  'add-noise': addNoise,
  evaluate,
  lab,
  train,
  encode,
  sample,
  interpolate,
  reconstruct,
  arithmetic,
  manifold,
  traverse,
  remake,
  measure,
  export: exportCommand,
  recipes,
  library,
  inspect,
  models,
  help,
  version,
  '--help': help,
  '-h': help,
  '--version': version,
  '-v': version,
}

type Environment = Record<string, string | undefined>

/** The language asked for: `--language`, else what the environment says, else the system's. */
function languageOf(argv: readonly string[], environment: Environment): void {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const system = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  setLocale(chooseLocale([system]))
  const at = argv.findIndex((each) => each === '--language' || each.startsWith('--language='))
  if (at < 0) return
  const wanted = argv[at]?.split('=')[1] ?? argv[at + 1] ?? ''
  setLocale(oneOf('--language', wanted === 'zh' ? 'zh-Hans' : wanted, ['en', 'zh-Hans']))
}

/**
 * Runs one command.
 * @returns 0 done, 1 something failed and was named, 2 the command line makes no sense
 */
export async function run(
  argv: readonly string[],
  environment: Environment,
  surroundings: Omit<Context, 'json'>,
): Promise<ExitStatus> {
  const context: Context = { ...surroundings, json: argv.includes('--json') }
  try {
    languageOf(argv, environment)
    const [name, ...args] = withoutLanguage(argv)
    if (name === undefined) throw usage(m.cli_no_command())
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command) throw usage(m.cli_unknown_command({ name }))
    const asked = args.includes('--help') || args.includes('-h')
    return await (asked ? help : command)(args, context)
  } catch (error) {
    report(context, errorToData(error))
    return error instanceof DarkroomError && error.code === 'usage' ? 2 : 1
  }
}

/** `--language` may stand before the command. */
function withoutLanguage(argv: readonly string[]): string[] {
  const at = argv.indexOf('--language')
  return argv.filter(
    (each, index) => !each.startsWith('--language') && (at < 0 || index !== at + 1),
  )
}
