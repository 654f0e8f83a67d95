import { run } from './run.mjs'

/** How absl, TensorFlow's log, begins its lines; `E` and `F`, errors, are let through. */
const news =
  /^(?:WARNING: All log messages before absl::InitializeLog.*|[IW]\d{4} (?:\d\d:\d\d:)?\d+\.\d+ .*)\r?\n/gm

/**
 * What a person should see of a program's stderr: all but TensorFlow's greetings, which it writes whatever is set.
 * @param {string} text whole writes, which for TensorFlow are whole lines
 */
export const withoutGreetings = (text) => text.replace(news, '')

/**
 * Runs the command line with our own standard streams, its stderr without TensorFlow's greetings.
 * @param {readonly string[]} parameters of Node
 * @param {{ cwd?: string, stdout?: 'inherit' | number }} [options]
 * @returns {Promise<number>} its exit status; 128 + the signal's number when a signal ended it
 */
export function runQuietly(parameters, { cwd = process.cwd(), stdout = 'inherit' } = {}) {
  // Its stderr is a pipe, so it is told of the terminal that ours may be.
  const columns = process.stderr.isTTY ? String(process.stderr.columns || 80) : ''
  return run(process.execPath, parameters, {
    cwd,
    env: { ...process.env, DARKROOM_TERMINAL_COLUMNS: columns },
    stdio: ['inherit', stdout, 'pipe'],
    passInterrupt: true,
    onStderr: (text) => process.stderr.write(withoutGreetings(text)),
  })
}
