import { electronSwitches, hasDisplay } from './setup/decide.mjs'
import { setUp } from './setup/index.mjs'
import { reportFailure } from './setup/report.mjs'
import { compileMessages } from './steps/messages.mjs'
import { root, toolPath } from './steps/project.mjs'
import { run } from './steps/run.mjs'

/** `npm run dev`: the program with a window that follows the sources as they change. */
try {
  const { platform, env } = process
  if (!hasDisplay(platform, env))
    throw new Error('npm run dev opens a window: set DISPLAY or WAYLAND_DISPLAY')
  await setUp('window')
  await compileMessages()
  const switches = electronSwitches({ platform, env, userId: process.getuid?.() })
  const parameters = [
    toolPath('electron-vite'),
    'dev',
    ...(switches.includes('--no-sandbox') ? ['--noSandbox'] : []),
  ]
  process.exitCode = await run(process.execPath, parameters, { cwd: root })
} catch (error) {
  process.exitCode = reportFailure(error)
}
