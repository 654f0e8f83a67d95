import { capture, findCommand } from './process.mjs'
import { SetupError } from './report.mjs'
import { installCommand, missingLibraries, packagesFor } from './systemPackages.mjs'

/** Things that this system lacks and that we may not install. */
export class MissingFromSystem extends SetupError {
  /**
   * @param {string} purpose
   * @param {readonly string[]} missing
   * @param {string} help
   */
  constructor(purpose, missing, help) {
    super(purpose, `this system lacks ${missing.join(', ')}`, help)
    this.missing = missing
  }
}

/** Whether the lists of packages were refreshed in this run: once is enough. */
let listsAreFresh = false

/**
 * The shared libraries that programs need and this system lacks.
 * @param {readonly string[]} files executables or libraries
 * @returns {Promise<string[]>} file names, each once
 */
export async function findMissingLibraries(files) {
  if (process.platform !== 'linux' || findCommand('ldd') === null) return []
  const outputs = await Promise.all(files.map((file) => capture(['ldd', file])))
  return [...new Set(outputs.flatMap(({ output }) => missingLibraries(output)))]
}

/**
 * Installs what is missing where we may (as root, with apt), and names the one command otherwise.
 * @param {readonly string[]} missing libraries' file names and commands
 * @param {string} purpose what needs them, for the messages
 * @param {import('./report.mjs').Report} report
 * @throws {MissingFromSystem} with the command, when we may not install them
 * @throws {SetupError} when their installation fails
 */
export async function provide(missing, purpose, report) {
  if (missing.length === 0) return
  const manager = findManager()
  if (manager === null) {
    throw new MissingFromSystem(
      purpose,
      missing,
      "Install them with this system's package manager.",
    )
  }
  const isRoot = process.getuid?.() === 0
  const mayInstall = isRoot && manager === 'apt'
  if (mayInstall) await refreshLists()
  const exists = manager === 'apt' ? await knownPackages(missing) : undefined
  const { packages, unknown } = packagesFor(missing, manager, exists)
  const command = installCommand(manager, packages, { isRoot })
  if (unknown.length > 0) {
    const rest = packages.length > 0 ? `; the others with: ${command}` : ''
    throw new MissingFromSystem(
      purpose,
      missing,
      `No package is known here for ${unknown.join(', ')}${rest}`,
    )
  }
  if (!mayInstall) throw new MissingFromSystem(purpose, missing, `Install them: ${command}`)
  await install(command, missing, purpose, report)
}

/**
 * @param {string} command
 * @param {readonly string[]} missing
 * @param {string} purpose
 * @param {import('./report.mjs').Report} report
 */
async function install(command, missing, purpose, report) {
  const end = report.start('System')
  report.line('System', `${purpose}: ${missing.join(', ')} missing; running ${command} …`)
  const result = await capture(command.split(' '), {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (!result.ok)
    throw new SetupError(purpose, result.why, `Run it yourself: apt-get update && ${command}`)
  const size = /([\d.,]+ [kMG]B) of additional disk space/.exec(result.output)?.[1]
  end(`installed${size ? `, ${size}` : ''}`)
}

async function refreshLists() {
  if (listsAreFresh) return
  // A failure here need not matter (one of several sources, or lists that are good enough): the installation tells.
  await capture(['apt-get', 'update', '-q'], { deadline: 180_000 })
  listsAreFresh = true
}

/**
 * @param {readonly string[]} missing
 * @returns {Promise<(name: string) => boolean>} whether apt could install a package of that name
 */
async function knownPackages(missing) {
  const { packages } = packagesFor(missing, 'apt')
  const names = packages.flatMap((name) => [name, `${name}t64`])
  const { output } = await capture(['apt-cache', 'policy', ...names])
  // A name that others merely provide is listed without a candidate, and cannot be installed by that name.
  const found = [...output.matchAll(/^(\S+):\n(?: {2}.*\n)*? {2}Candidate: (?!\(none\))/gm)]
  const known = new Set(found.map((match) => match[1]))
  return (name) => known.has(name)
}

/** @returns {import('./systemPackages.mjs').PackageManager | null} */
function findManager() {
  if (findCommand('apt-get')) return 'apt'
  if (findCommand('dnf')) return 'dnf'
  if (findCommand('pacman')) return 'pacman'
  return findCommand('zypper') ? 'zypper' : null
}
