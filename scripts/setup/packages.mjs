import fs from 'node:fs'
import path from 'node:path'
import { folderSize, requireSpace } from './cache.mjs'
import { npmCommand, packagesAreCurrent } from './decide.mjs'
import { capture } from './process.mjs'
import { formatBytes, SetupError } from './report.mjs'

const SUBJECT = 'Packages'

/**
 * Installs the packages of the lock file, without their install scripts, when `node_modules` lacks them.
 * @param {string} root the checkout
 * @param {import('./report.mjs').Report} report
 */
export async function ensurePackages(root, report) {
  const lock = readJson(path.join(root, 'package-lock.json'))
  if (!lock) {
    throw new SetupError(
      'the packages',
      'package-lock.json is missing',
      'Get it back: git checkout package-lock.json',
    )
  }
  const modules = path.join(root, 'node_modules')
  if (packagesAreCurrent(lock, readJson(path.join(modules, '.package-lock.json')))) {
    report.line(SUBJECT, 'as in the lock file')
    return
  }
  await requireSpace(root, 2e9, 'the packages')
  const end = report.start(SUBJECT)
  const npm = npmCommand({ env: process.env, execPath: process.execPath, exists: fs.existsSync })
  report.line(
    SUBJECT,
    `installing ${Object.keys(lock.packages ?? {}).length - 1} locked packages, without their install scripts …`,
  )
  const result = await capture(
    [...npm, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root },
  )
  if (!result.ok) {
    throw new SetupError('the packages', result.why, 'See the whole of it: npm ci --ignore-scripts')
  }
  const installed = readJson(path.join(modules, '.package-lock.json'))
  end(
    `${Object.keys(installed?.packages ?? {}).length} installed, ${formatBytes(folderSize(modules))}`,
  )
}

/**
 * @param {string} file
 * @returns {import('./decide.mjs').LockFile | null}
 */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
