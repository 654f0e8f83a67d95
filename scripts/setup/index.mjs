import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fingerprint } from '../steps/fingerprint.mjs'
import { recall, remember, root } from '../steps/project.mjs'
import { cacheFolder, compareVersions, OLDEST_NODE, stampIsCurrent } from './decide.mjs'
import { ensureDisplay } from './display.mjs'
import { ensureElectron } from './electron.mjs'
import { withLock } from './lock.mjs'
import { ensurePackages } from './packages.mjs'
import { createReport, SetupError } from './report.mjs'
import { MissingFromSystem, provide } from './systemLibraries.mjs'
import { ensureTensorflow } from './tensorflow.mjs'

/**
 * What each purpose needs. A window is not needed to start without a display: what fails of it is then only said.
 * @type {Record<Purpose, { needs: StepName[], wishes: StepName[] }>}
 * @typedef {'commandLine' | 'startWithoutDisplay' | 'window' | 'tests'} Purpose
 * @typedef {'tensorflow' | 'electron' | 'display'} StepName
 */
const PURPOSES = {
  commandLine: { needs: ['tensorflow'], wishes: [] },
  startWithoutDisplay: { needs: ['tensorflow'], wishes: ['electron'] },
  window: { needs: ['tensorflow', 'electron'], wishes: [] },
  tests: { needs: ['tensorflow', 'electron', 'display'], wishes: [] },
}

/** @type {Record<StepName, (context: import('./electron.mjs').Context) => Promise<{ version: string, files: string[] }>>} */
const STEPS = { tensorflow: ensureTensorflow, electron: ensureElectron, display: ensureDisplay }

/**
 * Brings this checkout to where it can do what it is wanted for; says nothing and takes milliseconds when it can already.
 * @param {Purpose} purpose
 * @param {{ force?: boolean, report?: import('./report.mjs').Report }} [options] `force` looks at everything again
 * @throws {SetupError}
 */
export async function setUp(purpose, { force = false, report = createReport() } = {}) {
  if (compareVersions(process.version, OLDEST_NODE) < 0) {
    throw new SetupError(
      'Node',
      `this is ${process.version}, ${OLDEST_NODE} is needed`,
      'Install a newer Node and start again.',
    )
  }
  const { needs, wishes } = PURPOSES[purpose]
  const wanted = [...needs, ...wishes]
  if (!force && wanted.every((step) => isDone(step))) return
  const cache = cacheFolder(process.platform, process.env, os.homedir())
  fs.mkdirSync(cache, { recursive: true })
  const lock = path.join(
    cache,
    'locks',
    crypto.createHash('sha256').update(root).digest('hex').slice(0, 16),
  )
  await withLock(
    lock,
    async () => {
      const context = { root, cache, machine: describeMachine(), report }
      report.line(
        'Set-up',
        `Node ${process.versions.node}, ${process.platform} ${process.arch}; cache ${cache}`,
      )
      await ensurePackages(root, report)
      const lacking = []
      for (const step of wanted) {
        if (!force && isDone(step)) continue // another process did it while we waited
        const missing = await runStep(step, needs.includes(step), context)
        if (missing) lacking.push(missing)
      }
      await nameAll(lacking, report)
    },
    () => report.line('Set-up', `waiting for another one in this folder (its lock: ${lock})`),
  )
}

/**
 * @param {StepName} step
 * @param {boolean} needed
 * @param {import('./electron.mjs').Context} context
 * @returns {Promise<MissingFromSystem | null>} what the system lacks for it, which may wait until all of that is known
 */
async function runStep(step, needed, context) {
  try {
    const { version, files } = await STEPS[step](context)
    remember(`setup-${step}`, { version, facts: facts(), files })
    return null
  } catch (error) {
    if (needed && error instanceof MissingFromSystem) return error
    if (needed || !(error instanceof SetupError)) throw error
    context.report.line('Without a window', `${error.why}. ${error.help}`)
    return null
  }
}

/**
 * One command for all that the system lacks, instead of one after each attempt.
 * @param {MissingFromSystem[]} lacking
 * @param {import('./report.mjs').Report} report
 */
async function nameAll(lacking, report) {
  const missing = [...new Set(lacking.flatMap((error) => error.missing))]
  await provide(missing, lacking.map((error) => error.what).join(', '), report)
}

/** @param {StepName} step */
function isDone(step) {
  return stampIsCurrent(recall(`setup-${step}`), facts(), fs.existsSync)
}

/** What an earlier set-up depends on. */
function facts() {
  return {
    lock: fingerprint(root, ['package-lock.json']),
    setup: fingerprint(root, ['scripts/setup'], (file) => !file.endsWith('.test.mjs')),
    node: `${process.version} ${process.platform} ${process.arch}`,
    electronFolder: process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '',
  }
}

/** @returns {import('./decide.mjs').Machine} */
function describeMachine() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } } | undefined} */ (
    process.report?.getReport()
  )
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    glibc: report?.header.glibcVersionRuntime ?? null,
  }
}
