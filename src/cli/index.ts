/** The command line, in plain Node: `npm run --silent cli -- help`. */
import { createEngine } from '../main/engine/handlers'
import { run } from './run'
import { terminalOf } from './terminal'

const stop = new AbortController()
/** Milliseconds within which signals are one: the terminal sends Ctrl-C to every process, and each passes it on. */
const ONE_SIGNAL = 1000

// The first Ctrl-C ends the work at the next good moment; a second one, being unhandled then, ends the process.
function interrupt(): void {
  if (stop.signal.aborted) return
  stop.abort()
  setTimeout(() => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt)
  }, ONE_SIGNAL).unref()
}
process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)

const context = { terminal: terminalOf(process), signal: stop.signal, createEngine }
void run(process.argv.slice(2), process.env, context).then((status) => {
  process.exitCode = status
})
