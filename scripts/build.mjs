import { setUp } from './setup/index.mjs'
import { reportFailure } from './setup/report.mjs'
import { buildProgram } from './steps/build.mjs'

/** `npm run build`: the program into `out`, whether its sources changed or not. */
try {
  await setUp('commandLine')
  await buildProgram({ force: true })
} catch (error) {
  process.exitCode = reportFailure(error)
}
