import path from 'node:path'
import { setUp } from './setup/index.mjs'
import { reportFailure } from './setup/report.mjs'
import { buildProgram } from './steps/build.mjs'
import { root } from './steps/project.mjs'
import { runQuietly } from './steps/quietStderr.mjs'

/**
 * `npm run --silent cli -- …`: the command line in plain Node. All that is said before it starts goes to stderr; its
 * exit status is passed on.
 */
try {
  await setUp('commandLine')
  await buildProgram()
  // Paths are meant from where the user is; npm changes into the checkout and notes where that was (and every process
  // below inherits that note, so it counts only when this is the script that npm runs).
  const { npm_lifecycle_event: script, INIT_CWD: origin } = process.env
  const cwd = script === 'cli' && origin ? origin : process.cwd()
  const command = [path.join(root, 'out/main/cli.js'), ...process.argv.slice(2)]
  process.exitCode = await runQuietly(command, { cwd })
} catch (error) {
  process.exitCode = reportFailure(error)
}
