/** What every command is given: where to write, how, and the engine to work with. */
import type { Engine, EngineOptions } from '../main/engine/handlers'

/** Where words go: results to standard output, everything else to standard error. */
export interface Terminal {
  out(line: string): void
  error(line: string): void
  /** One line that is written over again and again, on a terminal only; null removes it. */
  progress(line: string | null): void
}

export interface Context {
  terminal: Terminal
  /** Results and errors as one JSON object a line on standard output. */
  json: boolean
  /** Given by Ctrl-C: the command ends what it does at the next good moment. */
  signal: AbortSignal
  createEngine: (options?: EngineOptions) => Engine
}

/** 0 done, 1 something failed and was named, 2 the command line makes no sense. */
export type ExitStatus = 0 | 1 | 2

/** `args` are those after the command's name. */
export type Command = (args: string[], context: Context) => Promise<ExitStatus>
