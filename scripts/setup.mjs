import { hasDisplay } from './setup/decide.mjs'
import { setUp } from './setup/index.mjs'
import { createReport, reportFailure } from './setup/report.mjs'

/**
 * `npm run setup [-- --force]`: everything that starting and testing need. `--force` looks at it all again, and tries
 * again what could not be reached before.
 */
const report = createReport()
const started = Date.now()
try {
  await setUp(hasDisplay(process.platform, process.env) ? 'window' : 'tests', {
    force: process.argv.includes('--force'),
    report,
  })
  report.line('Set-up', `complete (${((Date.now() - started) / 1000).toFixed(1)} s)`)
} catch (error) {
  process.exitCode = reportFailure(error)
}
