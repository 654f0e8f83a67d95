/** The command line, in plain Node: `npm run --silent cli -- help`. */
import { createEngine } from '../main/engine/handlers'
import { run } from './run'
import { terminalOf } from './terminal'

const stop = new AbortController()
// The first Ctrl-C ends the work at the next tile; a second one, being unhandled then, ends the process.
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

const context = { terminal: terminalOf(process), signal: stop.signal, createEngine }
void run(process.argv.slice(2), process.env, context).then((status) => {
  process.exitCode = status
})
