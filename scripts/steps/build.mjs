import fs from 'node:fs'
import path from 'node:path'
import { withLock } from '../setup/lock.mjs'
import { SetupError } from '../setup/report.mjs'
import { fingerprint } from './fingerprint.mjs'
import { compileMessages } from './messages.mjs'
import { memory, recall, remember, root, toolPath } from './project.mjs'
import { run } from './run.mjs'

/** What a build depends on. The compiled messages follow from the messages, which lie below `src` too. */
const INPUTS = [
  'src',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]

/** What a build must leave, to count as one. */
const OUTPUTS = [
  ...['main/index.js', 'main/engine.js', 'main/codecWorker.js', 'main/cli.js'],
  ...['preload/index.js', 'renderer/index.html'],
]

/**
 * Builds the program into `out` when its sources changed since the last build. Everything the tools say goes to stderr.
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<boolean>} true when it built, false when all was up to date
 * @throws {SetupError} when a tool fails
 */
export async function buildProgram({ force = false } = {}) {
  if (!force && isCurrent()) return false
  // Command lines started together must not build into the same folder.
  return withLock(path.join(memory, 'build.lock'), async () => {
    if (!force && isCurrent()) return false
    await build()
    return true
  })
}

function isCurrent() {
  const whole = OUTPUTS.every((file) => fs.existsSync(path.join(root, 'out', file)))
  return whole && recall('build')?.inputs === fingerprint(root, INPUTS, isSource)
}

async function build() {
  const inputs = fingerprint(root, INPUTS, isSource)
  const started = Date.now()
  await compileMessages()
  const parameters = [toolPath('electron-vite'), 'build', '--logLevel', 'warn']
  const status = await run(process.execPath, parameters, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    const why = `electron-vite ended with status ${status}`
    throw new SetupError('the build', why, 'What it said above names the file.')
  }
  // The state before it began: what changed meanwhile is for the next build.
  remember('build', { inputs })
  process.stderr.write(
    `${'Build'.padEnd(18)}done (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  )
}

/** @param {string} file */
function isSource(file) {
  return !/\.test\.\w+$|\/messages\/compiled\/|\.inlang\/(?!settings\.json)|\.md$/.test(file)
}
