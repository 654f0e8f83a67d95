/**
 * npm leaves a platform's optional package out of the lock file when the registry in use does not have it (yet), and
 * then refuses `npm ci` everywhere, because that package is 'missing from the lock file'. Its name, its exact version
 * and the systems it is for are known all the same, so the entry can be written without the registry.
 *
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, os?: string[], cpu?: string[], libc?: string[], dev?: boolean, optional?: boolean }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lock
 */

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64']

/**
 * The optional packages that a lock file names without having an entry for them.
 * @param {Lock} lock
 * @returns {{ location: string, name: string, version: string, dev: boolean }[]} `location`: where the entry belongs
 */
export function missingEntries({ packages }) {
  const missing = new Map()
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (searchPath(from, name).some((location) => packages[location])) continue
      const location = `node_modules/${name}`
      missing.set(location, { location, name, version, dev: entry.dev === true })
    }
  }
  return [...missing.values()]
}

/**
 * The same lock file with those entries.
 * @param {Lock} lock
 * @returns {Lock}
 * @throws {Error} for a package whose version is a range or whose name does not say what it is for
 */
export function completeLock(lock) {
  const packages = { ...lock.packages }
  for (const { location, name, version, dev } of missingEntries(lock)) {
    if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name} has no exact version: ${version}`)
    packages[location] = { version, ...systemsOf(name), ...(dev && { dev }), optional: true }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')) // as npm does
  return { ...lock, packages: Object.fromEntries(sorted) }
}

/**
 * @param {string} name such as `@x/binding-linux-arm64-musl`
 * @returns {{ cpu: string[], libc?: string[], os: string[] }}
 */
function systemsOf(name) {
  const words = name.replace(/.*\//, '').split('-')
  const os = words.find((word) => SYSTEMS.includes(word))
  const cpu = words.find((word) => PROCESSORS.includes(word))
  if (!os || !cpu) throw new Error(`${name} does not say which system it is for`)
  const rest = words.slice(words.indexOf(cpu) + 1).join('-')
  const libc =
    os !== 'linux'
      ? null
      : rest.startsWith('musl')
        ? 'musl'
        : rest.startsWith('gnu')
          ? 'glibc'
          : null
  return { cpu: [cpu], ...(libc && { libc: [libc] }), os: [os] }
}

/**
 * Where Node looks for a package, nearest first.
 * @param {string} from location of the package that asks
 * @param {string} name
 */
function searchPath(from, name) {
  const places = []
  for (
    let base = from;
    base !== '';
    base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))
  ) {
    places.push(`${base}/node_modules/${name}`)
  }
  return [...places, `node_modules/${name}`]
}
