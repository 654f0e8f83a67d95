import { capture, findCommand } from './process.mjs'
import { SetupError } from './report.mjs'
import { installCommand, missingLibraries, packagesFor } from './systemPackages.mjs'

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
 * @throws {SetupError} with the command, when they could not be installed
 */
export async function provide(missing, purpose, report) {
  if (missing.length === 0) return
  const manager = findManager()
  if (manager === null) {
    throw new SetupError(
      purpose,
      `this system lacks ${missing.join(', ')}`,
      "Install them with this system's package manager.",
    )
  }
  const isRoot = process.getuid?.() === 0
  const mayInstall = isRoot && manager === 'apt'
  if (mayInstall) await refreshLists()
  const known =
    manager === 'apt' ? await knownPackages(packagesFor(missing, manager).packages) : null
  const { packages, unknown } = packagesFor(
    missing,
    manager,
    known ? (name) => known.has(name) : undefined,
  )
  const command = installCommand(manager, packages, { isRoot })
  if (unknown.length > 0) {
    throw new SetupError(
      purpose,
      `this system lacks ${unknown.join(', ')}`,
      packages.length > 0
        ? `Install them; and the rest with: ${command}`
        : 'Install them with its package manager.',
    )
  }
  if (!mayInstall)
    throw new SetupError(
      purpose,
      `this system lacks ${missing.join(', ')}`,
      `Install them: ${command}`,
    )
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
 * @param {readonly string[]} names
 * @returns {Promise<Set<string>>} those that apt could install, `…t64` forms included
 */
async function knownPackages(names) {
  const both = names.flatMap((name) => [name, `${name}t64`])
  const { output } = await capture(['apt-cache', 'policy', ...both])
  // A name that others merely provide is listed without a candidate, and cannot be installed by that name.
  const found = [...output.matchAll(/^(\S+):\n(?: {2}.*\n)*? {2}Candidate: (?!\(none\))/gm)]
  return new Set(found.map((match) => match[1] ?? ''))
}

/** @returns {import('./systemPackages.mjs').PackageManager | null} */
function findManager() {
  if (findCommand('apt-get')) return 'apt'
  if (findCommand('dnf')) return 'dnf'
  if (findCommand('pacman')) return 'pacman'
  return findCommand('zypper') ? 'zypper' : null
}
