import { spawn } from 'node:child_process'
import os from 'node:os'

/**
 * Runs a program to its end with our own standard streams.
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, onStderr?: (text: string) => void, passInterrupt?: boolean }} [options]
 *   `onStderr` receives what it says on stderr, where `stdio` makes that a pipe; `passInterrupt` for a program that takes
 *   several interrupts at once for one
 * @returns {Promise<number>} its exit status; 128 + the signal's number when a signal ended it, as shells report it
 */
export function run(
  program,
  parameters,
  {
    cwd,
    env = process.env,
    stdio = 'inherit',
    onStderr = () => undefined,
    passInterrupt = false,
  } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env, stdio })
    child.stderr?.setEncoding('utf8').on('data', onStderr)
    // The terminal sends an interrupt to the child as well, `kill` does not: either way, wait for its own ending.
    const interrupt = () => void (passInterrupt && child.kill('SIGINT'))
    const pass = () => child.kill('SIGTERM')
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', pass)
    const done = () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', pass)
    }
    child.once('error', (error) => {
      done()
      reject(error)
    })
    child.once('close', (code, signal) => {
      done()
      resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0))
    })
  })
}
