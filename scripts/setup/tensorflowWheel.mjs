import fs from 'node:fs'
import path from 'node:path'
import { folderSize, placeLink, publishFolder, requireSpace } from './cache.mjs'
import { capture, findCommand } from './process.mjs'
import { formatBytes, SetupError } from './report.mjs'
import { provide } from './systemLibraries.mjs'
import { downloadWheel, TENSORFLOW_WHEEL } from './wheels.mjs'
import { extractZip } from './zip.mjs'

/** The two libraries of the wheel, with their sizes: a cached one is used when it is whole. */
const LIBRARIES = {
  'libtensorflow_cc.so.2': 788_086_608,
  'libtensorflow_framework.so.2': 65_222_328,
}

/** The headers that the addon's sources include, of the 13,035 in the wheel. */
const HEADERS = [
  ...['tensorflow/c/', 'tensorflow/core/platform/ctstring'],
  ...['tsl/platform/ctstring', 'xla/tsl/c/'],
]

/** The names under which the addon's build and its loading look for the libraries. */
const LINKS = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
}

/** Version of the addon's interface with Node; one build loads in every Node and Electron from 16 on. */
const INTERFACE = 8

/**
 * Where tfjs-node looks for its addon.
 * @param {string} root
 */
export function addonFile(root) {
  return path.join(
    root,
    `node_modules/@tensorflow/tfjs-node/lib/napi-v${INTERFACE}/tfjs_binding.node`,
  )
}

/**
 * TensorFlow's library and headers in the cache: `include`, `lib`, `licence`.
 * @param {string} cache
 * @param {string} subject of the lines of progress
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<string>} the folder
 * @throws {SetupError}
 */
export async function placeTensorflow(cache, subject, report) {
  const folder = path.join(cache, `tensorflow-cpu-${TENSORFLOW_WHEEL.version}`)
  if (isComplete(folder)) return folder
  await requireSpace(cache, 1.4e9, 'TensorFlow')
  await publishFolder(folder, async (temporary) => {
    const work = path.join(temporary, 'download')
    fs.mkdirSync(work)
    const wheel = await downloadWheel(TENSORFLOW_WHEEL, work, subject, report)
    const end = report.start(subject)
    await extractZip(wheel, temporary, placeInCache)
    fs.rmSync(work, { recursive: true })
    end(`its library unpacked, ${formatBytes(folderSize(temporary))}`)
  })
  return folder
}

/**
 * @param {string} name of a file in the wheel
 * @returns {string | null} where it goes
 */
export function placeInCache(name) {
  const library = name.replace(/^tensorflow\//, '')
  if (library in LIBRARIES) return `lib/${library}`
  const header = name.replace(/^tensorflow\/include\//, '')
  if (header !== name && HEADERS.some((beginning) => header.startsWith(beginning)))
    return `include/${header}`
  const licence = ['tensorflow/include/LICENSE', 'tensorflow/THIRD_PARTY_NOTICES.txt'].includes(
    name,
  )
  return licence ? `licence/${path.basename(name)}` : null
}

/** @param {string} folder */
function isComplete(folder) {
  const whole = Object.entries(LIBRARIES).every(
    ([name, size]) =>
      fs.statSync(path.join(folder, 'lib', name), { throwIfNoEntry: false })?.size === size,
  )
  return whole && fs.existsSync(path.join(folder, 'include/tensorflow/c/c_api.h'))
}

/**
 * @param {string} folder of TensorFlow in the cache
 * @param {string} home the folder of tfjs-node
 */
export function linkLibraries(folder, home) {
  const dependencies = path.join(home, 'deps')
  fs.rmSync(dependencies, { recursive: true, force: true })
  placeLink(path.join(folder, 'include'), path.join(dependencies, 'include'))
  for (const [link, library] of Object.entries(LINKS)) {
    placeLink(path.join(folder, 'lib', library), path.join(dependencies, 'lib', link))
  }
}

/**
 * @typedef {object} AddonRequest
 * @property {string} root
 * @property {string} folder of TensorFlow in the cache
 * @property {boolean} fresh whether to build even when the cache has a build
 * @property {string} subject of the lines of progress
 * @property {import('./report.mjs').Report} report
 */

/**
 * Puts the addon in its place: the cached build, or with `fresh` a new one, which is then cached.
 * @param {AddonRequest} request
 * @returns {Promise<boolean>} false when there was no cached one and none was asked to be built
 * @throws {SetupError} when the build fails
 */
export async function placeAddon({ root, folder, fresh, subject, report }) {
  const home = path.join(root, 'node_modules/@tensorflow/tfjs-node')
  const { version } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'))
  const cached = path.join(folder, 'addon', `tfjs-node-${version}-napi-${INTERFACE}.node`)
  if (fresh) await build(home, cached, subject, report)
  if (!fs.existsSync(cached)) return false
  fs.mkdirSync(path.dirname(addonFile(root)), { recursive: true })
  // Not over the old one: a process that runs with it has it mapped.
  fs.rmSync(addonFile(root), { force: true })
  fs.copyFileSync(cached, addonFile(root))
  return true
}

/**
 * Compiles the addon with the compiler itself. The usual way by node-gyp needs make, Python and Node's full headers,
 * which it fetches from one more host; the two files of the addon need only Node-API's, which are an npm package.
 * @param {string} home the folder of tfjs-node
 * @param {string} target
 * @param {string} subject
 * @param {import('./report.mjs').Report} report
 */
async function build(home, target, subject, report) {
  const compiler = await findCompiler(report)
  const end = report.start(subject)
  report.line(subject, `building tfjs-node's addon with ${path.basename(compiler)} …`)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  const temporary = `${target}.partial-${process.pid}`
  const libraries = path.join(home, 'deps/lib')
  const result = await capture([
    compiler,
    ...['-std=gnu++17', '-O2', '-fPIC', '-shared', '-w', `-DNAPI_VERSION=${INTERFACE}`],
    ...[
      '-I',
      path.resolve(home, '../../node-api-headers/include'),
      '-I',
      path.join(home, 'deps/include'),
    ],
    ...[path.join(home, 'binding/tfjs_backend.cc'), path.join(home, 'binding/tfjs_binding.cc')],
    ...[
      '-L',
      libraries,
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
      '-ltensorflow',
      '-ltensorflow_framework',
    ],
    ...['-o', temporary],
  ])
  if (!result.ok) {
    fs.rmSync(temporary, { force: true })
    throw new SetupError(
      "the build of tfjs-node's addon",
      result.why,
      'It needs a C++17 compiler: apt-get install g++ (or set CXX to another one)',
    )
  }
  fs.renameSync(temporary, target)
  end(`addon built, ${formatBytes(fs.statSync(target).size)}`)
}

/** @param {import('./report.mjs').Report} report */
async function findCompiler(report) {
  const names = [process.env.CXX, 'g++', 'c++', 'clang++']
  const find = () =>
    names.map((name) => (name ? findCommand(name) : null)).find((file) => file !== null)
  const found = find()
  if (found) return found
  await provide(['g++'], "the build of tfjs-node's addon", report)
  const installed = find()
  if (installed) return installed
  throw new SetupError("the build of tfjs-node's addon", 'there is no C++ compiler', 'Install g++.')
}
