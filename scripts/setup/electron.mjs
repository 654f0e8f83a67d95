import fs from 'node:fs'
import path from 'node:path'
import { hashFile, isLink, placeLink, publishFolder, requireSpace } from './cache.mjs'
import { electronRoutes, electronZip } from './decide.mjs'
import { download, whyUnreachable } from './network.mjs'
import { capture } from './process.mjs'
import { placeRedistributed } from './redistributedElectron.mjs'
import { formatBytes, SetupError } from './report.mjs'
import { findMissingLibraries, MissingFromSystem, provide } from './systemLibraries.mjs'
import { extractZip } from './zip.mjs'

const SUBJECT = 'Electron'

/** Where the executable lies in a distribution, per system. */
const EXECUTABLES = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
  linux: 'electron',
}

/**
 * @typedef {object} Context
 * @property {string} root the checkout
 * @property {string} cache the folder for what is fetched once per user
 * @property {import('./decide.mjs').Machine} machine
 * @property {import('./report.mjs').Report} report
 */

/**
 * Makes `require('electron')` give an Electron that runs: the current one, else the redistributed one.
 * @param {Context} context
 * @returns {Promise<{ version: string, files: string[] }>} what must stay there for this to stay true
 * @throws {SetupError}
 */
export async function ensureElectron(context) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return useOverride(override, context)
  const { version: wanted } = readPackage(context.root)
  const reasons = []
  if (installedVersion(context.root) === wanted) {
    const why = await whyItFails(context)
    if (why === null) return done(context, wanted)
    reasons.push(why)
  }
  for (const route of electronRoutes(context.machine)) {
    try {
      const note = await placers[route](context, wanted)
      const why = await whyItFails(context)
      if (why !== null) throw new SetupError(`Electron ${wanted}`, why, '')
      if (route === 'redistributed') {
        context.report.line(
          SUBJECT,
          'this version is out of support: for machines that reach nothing newer, not for packaging',
        )
      }
      return done(context, note)
    } catch (error) {
      if (!(error instanceof SetupError) || error instanceof MissingFromSystem) throw error
      reasons.push(error.why)
      context.report.line(SUBJECT, `not by way of ${ROUTE_NAMES[route]}: ${error.why}`)
      if (route === 'redistributed') throw error
    }
  }
  throw new SetupError(
    `Electron ${wanted}`,
    reasons.join('; '),
    'Name a mirror that you can reach: ELECTRON_MIRROR=https://… npm start',
  )
}

const ROUTE_NAMES = {
  installer: "Electron's own installer",
  zip: 'the official release',
  redistributed: 'the redistributed Electron 22',
}

/** @type {Record<keyof typeof ROUTE_NAMES, (context: Context, version: string) => Promise<string>>} */
const placers = {
  installer: runInstaller,
  zip: placeZip,
  redistributed: async ({ root, cache, report }) => {
    const folder = await placeRedistributed(cache, SUBJECT, report)
    useFolder(root, folder)
    return path.basename(folder).replace('electron-', '')
  },
}

/**
 * @param {Context} context
 * @param {string} version
 */
async function runInstaller(context, version) {
  const { root, machine, report } = context
  const { url } = electronZip({
    version,
    platform: machine.platform,
    arch: machine.arch,
    env: process.env,
  })
  const blocked = await whyUnreachable(url)
  if (blocked !== null) throw new SetupError(`Electron ${version}`, blocked, '')
  const end = report.start(SUBJECT)
  report.line(SUBJECT, `${version}: running its own installer …`)
  // Its installer unpacks into this folder: never through a link of ours.
  const folder = path.join(root, 'node_modules/electron/dist')
  if (isLink(folder)) fs.unlinkSync(folder)
  const result = await capture(
    [process.execPath, path.join(root, 'node_modules/electron/install.js')],
    {
      cwd: root,
      deadline: 900_000,
    },
  )
  if (!result.ok) throw new SetupError(`Electron ${version}`, result.why, '')
  end(`${version} installed`)
  return version
}

/**
 * @param {Context} context
 * @param {string} version
 */
async function placeZip({ root, cache, machine, report }, version) {
  const { platform, arch } = machine
  const folder = path.join(cache, `electron-${version}-${platform}-${arch}`)
  const executable = path.join(folder, executableName())
  if (!fs.existsSync(executable)) {
    const { name, url } = electronZip({ version, platform, arch, env: process.env })
    const sums = JSON.parse(
      fs.readFileSync(path.join(root, 'node_modules/electron/checksums.json'), 'utf8'),
    )
    if (sums[name] === undefined)
      throw new SetupError(`Electron ${version}`, `there is no release for ${platform} ${arch}`, '')
    const blocked = await whyUnreachable(url)
    if (blocked !== null) throw new SetupError(`Electron ${version}`, blocked, '')
    await requireSpace(cache, 5e8, 'Electron')
    const end = report.start(SUBJECT)
    report.line(SUBJECT, `downloading ${name} …`)
    let size = 0
    await publishFolder(folder, async (temporary) => {
      const zip = path.join(temporary, name)
      await download(url, zip).catch((error) => {
        throw new SetupError(`Electron ${version}`, error.message, '')
      })
      const found = await hashFile(zip)
      if (found !== sums[name]) {
        throw new SetupError(
          `Electron ${version}`,
          `${name} has the SHA-256 ${found} instead of ${sums[name]}`,
          '',
        )
      }
      size = fs.statSync(zip).size
      await extractZip(zip, temporary)
      fs.rmSync(zip)
    })
    end(`${version} downloaded, checked and unpacked, ${formatBytes(size)}`)
  }
  useFolder(root, folder)
  return version
}

/**
 * Points the package `electron` at a distribution, in the way its own installer leaves it.
 * @param {string} root
 * @param {string} folder
 */
function useFolder(root, folder) {
  const home = path.join(root, 'node_modules/electron')
  placeLink(folder, path.join(home, 'dist'))
  fs.writeFileSync(path.join(home, 'path.txt'), executableName())
}

/**
 * @param {string} folder named by the user
 * @param {Context} context
 */
async function useOverride(folder, context) {
  const executable = path.join(folder, executableName())
  if (!fs.existsSync(executable)) {
    throw new SetupError(
      'Electron',
      `ELECTRON_OVERRIDE_DIST_PATH names ${folder}, which has no ${executableName()}`,
      'Correct it, or unset ELECTRON_OVERRIDE_DIST_PATH.',
    )
  }
  const why = await whyItFails(context, executable)
  if (why !== null)
    throw new SetupError('Electron', why, 'Correct or unset ELECTRON_OVERRIDE_DIST_PATH.')
  const version = fs.readFileSync(path.join(folder, 'version'), 'utf8').trim()
  context.report.line(SUBJECT, `${version}, from ELECTRON_OVERRIDE_DIST_PATH`)
  return { version, files: [executable] }
}

/**
 * Starts the installed Electron once, without a window.
 * @param {Context} context
 * @param {string} [executable]
 * @returns {Promise<string | null>} null when it runs
 * @throws {MissingFromSystem} another Electron would lack the same
 */
async function whyItFails({ root, report }, executable = installedExecutable(root)) {
  const missing = await findMissingLibraries([executable])
  await provide(missing, 'the libraries of the window', report)
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const result = await capture([executable, '-p', 'process.versions.electron'], {
    env,
    deadline: 60_000,
  })
  return result.ok ? null : `it does not start (${result.why})`
}

/**
 * @param {Context} context
 * @param {string} version
 */
function done({ root, report }, version) {
  report.line(SUBJECT, `${version} runs`)
  return {
    version,
    files: [installedExecutable(root), path.join(root, 'node_modules/electron/path.txt')],
  }
}

/**
 * The version that `require('electron')` would start, null where there is none.
 * @param {string} root
 */
function installedVersion(root) {
  try {
    const version = fs
      .readFileSync(path.join(root, 'node_modules/electron/dist/version'), 'utf8')
      .trim()
    return fs.existsSync(installedExecutable(root)) ? version.replace(/^v/, '') : null
  } catch {
    return null
  }
}

/** @param {string} root */
function installedExecutable(root) {
  return path.join(root, 'node_modules/electron/dist', executableName())
}

function executableName() {
  return (
    EXECUTABLES[/** @type {keyof typeof EXECUTABLES} */ (process.platform)] ?? EXECUTABLES.linux
  )
}

/** @param {string} root */
function readPackage(root) {
  return JSON.parse(fs.readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8'))
}
