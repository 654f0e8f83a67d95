import fs from 'node:fs'
import path from 'node:path'
import { folderSize } from './cache.mjs'
import { tensorflowRoutes } from './decide.mjs'
import { whyUnreachable } from './network.mjs'
import { capture } from './process.mjs'
import { formatBytes, SetupError } from './report.mjs'
import { MissingFromSystem } from './systemLibraries.mjs'
import { addonFile, linkLibraries, placeAddon, placeTensorflow } from './tensorflowWheel.mjs'

const SUBJECT = 'TensorFlow'

/**
 * Makes `require('@tensorflow/tfjs-node')` load: with the library that its own install script fetches, else with the
 * one of TensorFlow's Python package. There is no third way: a slow imitation is never started in silence.
 * @param {import('./electron.mjs').Context} context
 * @returns {Promise<{ version: string, files: string[] }>} what must stay there for this to stay true
 * @throws {SetupError}
 */
export async function ensureTensorflow(context) {
  const { root, machine, report } = context
  let loaded = await load(root)
  const reasons = []
  if (!loaded.ok) {
    for (const route of tensorflowRoutes(machine)) {
      try {
        loaded = await placers[route](context)
        if (loaded.ok) break
        throw new SetupError('TensorFlow', loaded.why, '')
      } catch (error) {
        if (!(error instanceof SetupError) || error instanceof MissingFromSystem) throw error
        reasons.push(error)
        report.line(SUBJECT, `not by way of ${ROUTE_NAMES[route]}: ${error.why}`)
      }
    }
  }
  if (!loaded.ok) throw failure(reasons)
  report.line(SUBJECT, `${loaded.version} loads`)
  return { version: loaded.version, files: [addonFile(root), libraryFolder(root)] }
}

const ROUTE_NAMES = {
  official: "the package's own install script",
  wheel: "TensorFlow's Python package",
}

/**
 * @typedef {{ ok: true, version: string } | { ok: false, why: string }} Loaded
 * @type {Record<keyof typeof ROUTE_NAMES, (context: import('./electron.mjs').Context) => Promise<Loaded>>}
 */
const placers = { official: runInstallScript, wheel: buildOnWheel }

/**
 * @param {SetupError[]} reasons one for each way tried
 */
function failure(reasons) {
  const last = reasons[reasons.length - 1]
  return new SetupError(
    'TensorFlow for tfjs-node',
    reasons.map((reason) => reason.why).join('; '),
    last?.help ||
      'Run its install script on a network that reaches its host: npm rebuild @tensorflow/tfjs-node --ignore-scripts=false',
  )
}

/**
 * @param {import('./electron.mjs').Context} context
 * @returns {Promise<Loaded>}
 */
async function runInstallScript(context) {
  const { root, report } = context
  const home = packageFolder(root)
  const kept = officialCopy(context)
  if (fs.existsSync(kept)) {
    for (const part of ['deps', 'lib']) {
      fs.rmSync(path.join(home, part), { recursive: true, force: true })
      fs.cpSync(path.join(kept, part), path.join(home, part), {
        recursive: true,
        verbatimSymlinks: true,
      })
    }
    const loaded = await load(root)
    if (loaded.ok) return loaded
  }
  const blocked = await whyUnreachable(hostOf(home), { anyStatus: true })
  if (blocked !== null) return { ok: false, why: blocked }
  const end = report.start(SUBJECT)
  report.line(SUBJECT, "running tfjs-node's own install script …")
  fs.rmSync(path.join(home, 'deps'), { recursive: true, force: true })
  // The script calls node-pre-gyp by its bare name, as npm would let it.
  const commands = path.join(root, 'node_modules/.bin')
  const env = { ...process.env, PATH: `${commands}${path.delimiter}${process.env.PATH ?? ''}` }
  const result = await capture([process.execPath, 'scripts/install.js'], {
    cwd: home,
    env,
    deadline: 1_200_000,
  })
  // It ends well in some failures too, so what counts is whether the result loads.
  const loaded = await load(root)
  if (!loaded.ok) return result.ok ? loaded : { ok: false, why: result.why }
  keep(home, kept)
  end(`its library installed, ${formatBytes(folderSize(path.join(home, 'deps')))}`)
  return loaded
}

/**
 * Keeps the fetched library outside `node_modules`, so that the next `npm ci` does not cost it again.
 * @param {string} home
 * @param {string} kept
 */
function keep(home, kept) {
  const temporary = `${kept}.partial-${process.pid}`
  fs.rmSync(temporary, { recursive: true, force: true })
  for (const part of ['deps', 'lib']) {
    fs.cpSync(path.join(home, part), path.join(temporary, part), {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
  fs.rmSync(kept, { recursive: true, force: true })
  fs.renameSync(temporary, kept)
}

/**
 * @param {import('./electron.mjs').Context} context
 * @returns {Promise<Loaded>}
 */
async function buildOnWheel({ root, cache, report }) {
  const folder = await placeTensorflow(cache, SUBJECT, report)
  linkLibraries(folder, packageFolder(root))
  if (await placeAddon({ root, folder, fresh: false, subject: SUBJECT, report })) {
    const loaded = await load(root)
    if (loaded.ok) return loaded
  }
  await placeAddon({ root, folder, fresh: true, subject: SUBJECT, report })
  return load(root)
}

/**
 * Loads tfjs-node in a process of its own and lets it multiply two numbers there: a library that does not fit this
 * machine may end its process.
 * @param {string} root
 * @returns {Promise<Loaded>}
 */
async function load(root) {
  if (!fs.existsSync(addonFile(root))) return { ok: false, why: 'its addon is not built' }
  const script = `
    const util = require('node:util')
    util.isNullOrUndefined ??= (value) => value === null || value === undefined
    const tf = require('@tensorflow/tfjs-node')
    const product = tf.matMul(tf.tensor2d([[6]]), tf.tensor2d([[7]])).dataSync()[0]
    if (product !== 42) throw new Error('6 × 7 gave ' + product)
    console.log('library ' + tf.backend().binding.TF_Version)`
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' }
  const result = await capture([process.execPath, '-e', script], {
    cwd: root,
    env,
    deadline: 120_000,
  })
  const version = /^library (\S+)$/m.exec(result.output)?.[1]
  if (result.ok && version !== undefined) return { ok: true, version }
  return { ok: false, why: `it does not load (${result.why || 'no answer'})` }
}

/**
 * The host that the package's install script fetches from.
 * @param {string} home
 */
function hostOf(home) {
  const { binary } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'))
  return (
    process.env.TFJS_NODE_BASE_URI ||
    process.env.TFJS_NODE_CDN_STORAGE ||
    process.env.CDN_STORAGE ||
    new URL(binary.host).origin
  )
}

/** @param {import('./electron.mjs').Context} context */
function officialCopy({ root, cache, machine }) {
  const { version } = JSON.parse(
    fs.readFileSync(path.join(packageFolder(root), 'package.json'), 'utf8'),
  )
  return path.join(cache, `tfjs-node-${version}-${machine.platform}-${machine.arch}`)
}

/** @param {string} root */
function packageFolder(root) {
  return path.join(root, 'node_modules/@tensorflow/tfjs-node')
}

/** @param {string} root */
function libraryFolder(root) {
  return path.join(packageFolder(root), 'deps/lib')
}
