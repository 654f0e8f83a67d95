import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setUp } from './setup/index.mjs'
import { reportFailure } from './setup/report.mjs'
import { buildProgram } from './steps/build.mjs'
import { judge, playwrightCounts, sum, summary, vitestCounts } from './steps/counts.mjs'
import { compileMessages } from './steps/messages.mjs'
import { root, toolPath } from './steps/project.mjs'
import { run } from './steps/run.mjs'
import { withVirtualDisplay } from './steps/virtualDisplay.mjs'

/**
 * `npm test`: set-up, checks, build, unit tests, tests in the real program. Every part runs even when an earlier one
 * failed; the last line is the sum. A failed check, build or set-up counts as one failure.
 */

/** @typedef {import('./steps/counts.mjs').Counts} Counts */

const failedOnce = { passed: 0, failed: 1, skipped: 0 }
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'latent-darkroom-test-'))

/**
 * @param {string} name
 * @param {() => Promise<Counts>} part
 * @returns {Promise<Counts>}
 */
async function timed(name, part) {
  const started = Date.now()
  console.log(`\n── ${name}`)
  const counts = await part().catch((error) => {
    reportFailure(error)
    return failedOnce
  })
  const verdict = counts.passed + counts.failed === 0 ? 'in order' : summary(counts)
  console.log(`── ${name}: ${verdict} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  return counts
}

/**
 * @param {string} name
 * @param {string} script of a tool
 * @param {readonly string[]} parameters
 */
function check(name, script, parameters) {
  return timed(name, async () => {
    const status = await run(process.execPath, [script, ...parameters], { cwd: root })
    return status === 0 ? { passed: 0, failed: 0, skipped: 0 } : failedOnce
  })
}

/**
 * @param {string} name
 * @param {string} file the runner's JSON report
 * @param {(report: any) => Counts} count
 * @param {() => Promise<number>} execute gives the runner's exit status
 */
function tests(name, file, count, execute) {
  return timed(name, async () => {
    const status = await execute()
    return judge(
      status,
      fs.existsSync(file) ? count(JSON.parse(fs.readFileSync(file, 'utf8'))) : null,
    )
  })
}

function unitTests() {
  const file = path.join(reports, 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  return tests('Unit tests', file, vitestCounts, () =>
    run(process.execPath, [toolPath('vitest'), 'run', ...reporters], {
      cwd: root,
      env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
    }),
  )
}

function windowTests() {
  const file = path.join(reports, 'window.json')
  const parameters = ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json']
  return tests('Tests in the real program', file, playwrightCounts, () => {
    const execute = (/** @type {NodeJS.ProcessEnv} */ env) =>
      run(process.execPath, [toolPath('@playwright/test', 'playwright'), ...parameters], {
        cwd: root,
        env: { ...process.env, ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
      })
    if (process.platform !== 'linux') return execute({})
    return withVirtualDisplay((display) => execute({ DISPLAY: display, WAYLAND_DISPLAY: '' }))
  })
}

/** @returns {Promise<Counts[]>} */
async function everything() {
  const ready = await timed('Set-up', async () => {
    await setUp('tests')
    await compileMessages()
    return { passed: 0, failed: 0, skipped: 0 }
  })
  if (ready.failed > 0) return [ready]
  const web = ['--tsconfig', 'tsconfig.web.json', '--fail-on-warnings']
  const parts = [
    await check('Types of the engine and its processes', toolPath('typescript', 'tsc'), [
      '-p',
      'tsconfig.node.json',
    ]),
    await check('Types of the scripts', toolPath('typescript', 'tsc'), [
      '-p',
      'tsconfig.scripts.json',
    ]),
    await check('Types of the window', toolPath('svelte-check'), web),
    await check('Format', toolPath('prettier'), ['--check', '--log-level', 'warn', '.']),
    await check('Lint', toolPath('eslint'), ['.', '--max-warnings', '0']),
    await check('Unused code', toolPath('knip'), []),
    await timed('Build', async () => {
      await buildProgram()
      return { passed: 0, failed: 0, skipped: 0 }
    }),
  ]
  return [...parts, await unitTests(), await windowTests()]
}

const total = sum(await everything())
fs.rmSync(reports, { recursive: true, force: true })
console.log(`\n${summary(total)}`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
