import fs from 'node:fs'
import path from 'node:path'
import { SetupError } from '../setup/report.mjs'
import { root } from './project.mjs'
import { runQuietly } from './quietStderr.mjs'

const SIGMA = 25

/**
 * Adds noise to the bundled sample photo, denoises it with the command line, and prints what that did.
 * @returns {Promise<number>} exit status
 * @throws {SetupError} when a command fails
 */
export async function showSample() {
  const folder = path.join(root, 'out/sample')
  const clean = path.join(root, 'resources/sample/astronaut.png')
  const noisy = path.join(folder, `astronaut-noise-${SIGMA}.png`)
  const denoised = path.join(folder, 'astronaut-denoised.png')
  fs.mkdirSync(folder, { recursive: true })
  for (const file of [noisy, denoised]) fs.rmSync(file, { force: true })
  console.log(
    'There is no display here, so this denoises the bundled sample from the command line.',
  )
  await commandLine(
    'add-noise',
    clean,
    '--out',
    noisy,
    '--kind',
    'gaussian',
    '--sigma',
    `${SIGMA}`,
    '--seed',
    '0',
  )
  const started = Date.now()
  await commandLine('denoise', noisy, '--out', denoised)
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const images = [await readPng(clean), await readPng(noisy), await readPng(denoised)]
  const before = psnr(images[0], images[1]).toFixed(2)
  const after = psnr(images[0], images[2]).toFixed(2)
  console.log(`  sample     ${clean}, ${images[0]?.width} × ${images[0]?.height}`)
  console.log(`  noise      σ ${SIGMA}: PSNR ${before} dB, ${noisy}`)
  console.log(`  denoised   PSNR ${after} dB in ${seconds} s, start included`)
  console.log(`  result     ${denoised}`)
  return 0
}

/** @param {string[]} parameters */
async function commandLine(...parameters) {
  const command = path.join(root, 'out/main/cli.js')
  const status = await runQuietly([command, ...parameters], { stdout: 2 })
  if (status !== 0) {
    const why = `the command line ended with status ${status}`
    throw new SetupError(
      'the sample',
      why,
      `Try it yourself: npm run cli -- ${parameters.join(' ')}`,
    )
  }
}

/**
 * @typedef {{ width: number, height: number, channels: number, depth: number, data: ArrayLike<number> }} Picture
 * @param {string} file
 * @returns {Promise<Picture>}
 */
async function readPng(file) {
  const { decode } = await import('fast-png') // not at the top: this module is loaded before the packages are there
  return decode(fs.readFileSync(file))
}

/**
 * −10 log₁₀ of the mean squared error, values scaled to [0, 1], all colour channels jointly.
 * @param {Picture | undefined} a
 * @param {Picture | undefined} b
 * @returns {number} dB
 */
export function psnr(a, b) {
  if (!a || !b || a.width !== b.width || a.height !== b.height)
    throw new Error('the pictures differ in size')
  const colours = Math.min(a.channels, b.channels, 3)
  let squares = 0
  for (let pixel = 0; pixel < a.width * a.height; pixel += 1) {
    for (let channel = 0; channel < colours; channel += 1) {
      const left = (a.data[pixel * a.channels + channel] ?? 0) / (2 ** a.depth - 1)
      const right = (b.data[pixel * b.channels + channel] ?? 0) / (2 ** b.depth - 1)
      squares += (left - right) ** 2
    }
  }
  return -10 * Math.log10(squares / (a.width * a.height * colours))
}
