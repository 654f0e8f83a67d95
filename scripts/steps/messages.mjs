import fs from 'node:fs'
import path from 'node:path'
import { SetupError } from '../setup/report.mjs'
import { fingerprint } from './fingerprint.mjs'
import { recall, remember, root, toolPath } from './project.mjs'
import { run } from './run.mjs'

const source = 'src/shared/messages'
const output = `${source}/compiled`

/**
 * Compiles the messages of both languages into typed functions when they changed. The project file names a local
 * plugin, so this needs no network.
 * @param {{ force?: boolean, stdio?: import('node:child_process').StdioOptions }} [options]
 * @returns {Promise<boolean>} true when it compiled, false when all was up to date
 */
export async function compileMessages({ force = false, stdio = ['ignore', 2, 2] } = {}) {
  const inputs = fingerprint(
    root,
    [source, 'node_modules/@inlang/paraglide-js/package.json'],
    (file) =>
      !file.startsWith(`${output}/`) &&
      (file.endsWith('/package.json') || file.endsWith('/settings.json') || isMessageFile(file)),
  )
  const present = fs.existsSync(path.join(root, output, 'runtime.js'))
  if (!force && present && recall('messages')?.inputs === inputs) return false
  const status = await run(
    process.execPath,
    [
      toolPath('@inlang/paraglide-js'),
      'compile',
      ...['--project', `${source}/project.inlang`],
      ...['--outdir', output],
      ...['--strategy', 'globalVariable', 'baseLocale'],
      '--silent',
    ],
    { cwd: root, stdio },
  )
  if (status !== 0) {
    const why = `paraglide-js ended with status ${status}`
    throw new SetupError('the messages of the interface', why, 'What it said above names the file.')
  }
  remember('messages', { inputs })
  return true
}

/** @param {string} file */
function isMessageFile(file) {
  return /\/messages\/[^/.]+\/[^/.]+\.json$/.test(file)
}
