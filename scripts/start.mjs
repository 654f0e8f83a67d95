import { createRequire } from 'node:module'
import path from 'node:path'
import { electronSwitches, hasDisplay, sandboxHelp } from './setup/decide.mjs'
import { setUp } from './setup/index.mjs'
import { reportFailure, SetupError } from './setup/report.mjs'
import { hasUserNamespaces, isSetuidRoot } from './setup/sandbox.mjs'
import { buildProgram } from './steps/build.mjs'
import { root } from './steps/project.mjs'
import { run } from './steps/run.mjs'
import { showSample } from './steps/sample.mjs'

/**
 * `npm start [-- FILE…]`: opens the program; on a machine without a display, denoises the bundled sample from the
 * command line instead and says what came of it.
 */
async function openWindow() {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env // set in the terminals of some editors
  const userId = process.getuid?.()
  const electron = createRequire(path.join(root, 'package.json'))('electron')
  const helper = path.join(path.dirname(electron), 'chrome-sandbox')
  const help = sandboxHelp({
    platform: process.platform,
    userId,
    helper,
    helperIsSetuid: isSetuidRoot(helper),
    userNamespaces: () => hasUserNamespaces(),
  })
  if (help !== null)
    throw new SetupError('the window', "this system does not let Chromium's sandbox start", help)
  const switches = electronSwitches({ platform: process.platform, env, userId })
  return run(electron, [...switches, root, ...process.argv.slice(2)], { env })
}

try {
  const display = hasDisplay(process.platform, process.env)
  await setUp(display ? 'window' : 'startWithoutDisplay')
  await buildProgram()
  process.exitCode = await (display ? openWindow() : showSample())
} catch (error) {
  process.exitCode = reportFailure(error)
}
