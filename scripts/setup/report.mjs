/** A failure of the set-up, in the words for the person at the terminal. */
export class SetupError extends Error {
  /**
   * @param {string} what what failed
   * @param {string} why the reason, as far as it is known
   * @param {string} help the command, or the act, that helps
   */
  constructor(what, why, help) {
    super(`${what}: ${why}. ${help}`)
    this.name = 'SetupError'
    this.what = what
    this.why = why
    this.help = help
  }
}

/**
 * @param {number} bytes
 * @returns {string} in decimal units, as disks and downloads are sold
 */
export function formatBytes(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${Math.round(bytes / 1e6)} MB`
  return `${Math.round(bytes / 1e3)} kB`
}

/**
 * @param {number} milliseconds
 * @returns {string}
 */
export function formatDuration(milliseconds) {
  const seconds = milliseconds / 1000
  return seconds < 90
    ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
    : `${Math.round(seconds / 60)} min`
}

/**
 * @typedef {object} Report
 * @property {(subject: string, text: string) => void} line one line of progress
 * @property {(subject: string) => (text: string) => void} start begins a step; call the result at its end, it adds the time
 */

/**
 * Progress for a terminal, a line per step. It goes to stderr, so that the command line keeps stdout for its results.
 * @param {(text: string) => void} [write]
 * @param {() => number} [now] milliseconds
 * @returns {Report}
 */
export function createReport(write = (text) => process.stderr.write(text), now = Date.now) {
  const line = (/** @type {string} */ subject, /** @type {string} */ text) =>
    write(`${subject.padEnd(18)}${text}\n`)
  return {
    line,
    start(subject) {
      const started = now()
      return (text) => line(subject, `${text} (${formatDuration(now() - started)})`)
    },
  }
}

/**
 * Prints a failure and returns the exit status that goes with it.
 * @param {unknown} error
 * @param {(text: string) => void} [write]
 */
export function reportFailure(error, write = (text) => process.stderr.write(text)) {
  if (error instanceof SetupError) {
    write(`\nStopped: ${error.what}\n  why:  ${error.why}\n  help: ${error.help}\n`)
  } else {
    write(`\nStopped: ${error instanceof Error ? error.stack : String(error)}\n`)
  }
  return 1
}
