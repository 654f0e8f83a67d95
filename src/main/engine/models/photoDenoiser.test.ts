import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, describe, expect, it } from 'vitest'
import {
  initialParameters,
  photoDenoiser,
  type PhotoDenoiserConfig,
  photoDenoiserParameters,
} from '../networks/photoDenoiser'
import { openSessions } from '../runtime/session'
import { tf } from '../runtime/tensorflow'
import { buildDenoiserTraining, openDenoiser } from './photoDenoiser'
import { zeroMoments } from './training'

const config: PhotoDenoiserConfig = {
  network: 'photo-denoiser',
  channels: 3,
  widths: [8, 12],
  blocks: 1,
}
const weights = initialParameters(config, 2)
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 0.5 + 0.4 * Math.sin(i * 1.7 + (i % 7)))

afterAll(() => expect(openSessions()).toBe(0))

describe('a denoiser opened for inference', () => {
  it.each([
    [8, 12],
    [64, 32],
    [4, 4],
  ])('computes what the network computes eagerly, at %i × %i', (height, width) => {
    const runner = openDenoiser({ config, weights }, 'float32')
    const noisy = noise(height * width * 3)
    const tensors = tf.memory().numTensors
    const got = runner.run(noisy.slice(), height, width, 30)
    expect(tf.memory().numTensors).toBe(tensors)
    const expected = tf.tidy(() => {
      const parameters = Object.fromEntries(
        [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
      )
      return photoDenoiser(
        config,
        parameters,
        tf.tensor4d(noisy, [1, height, width, 3]),
        tf.fill([1, height / 2, width / 2, 1], 30 / 255),
      ).dataSync()
    })
    let largest = 0
    got.forEach(
      (value, i) => (largest = Math.max(largest, Math.abs(value - (expected[i] as number)))),
    )
    expect(largest).toBeLessThan(1e-5)
    runner.close()
  })

  it('takes a level of its own for every 2 × 2 pixels, and for each of two tiles', () => {
    const runner = openDenoiser({ config, weights }, 'float32')
    const noisy = noise(16 * 16 * 3)
    const [low, high] = [new Float32Array(64).fill(10), new Float32Array(64).fill(40)]
    const mixed = Float32Array.from(low, (sigma, i) => (i % 8 < 4 ? sigma : 40))
    const alone = [low, high, mixed].map((level) => runner.run(noisy.slice(), 16, 16, level))
    expect(alone[0]).toEqual(runner.run(noisy.slice(), 16, 16, 10))
    const both = runner.runBoth([noisy.slice(), noisy.slice()], 16, 16, [high, mixed])
    expect(both).toEqual(alone.slice(1))
    expect(alone[2]).not.toEqual(alone[0])
    expect(alone[2]).not.toEqual(alone[1])
    runner.close()
  })

  it('gives the same numbers every time, and tells sizes it cannot take', () => {
    const runner = openDenoiser({ config, weights }, 'float32')
    const noisy = noise(32 * 32 * 3)
    expect(runner.run(noisy.slice(), 32, 32, 25)).toEqual(runner.run(noisy.slice(), 32, 32, 25))
    expect(() => runner.run(noise(6 * 8 * 3), 6, 8, 25)).toThrow(/multiples of 4/)
    runner.close()
  })

  it('refuses a configuration or weights that do not belong together', () => {
    const lacking = new Map(weights)
    lacking.delete('tail/bias')
    expect(() => openDenoiser({ config, weights: lacking })).toThrowError(
      expect.objectContaining({ code: 'model-damaged' }) as Error,
    )
    expect(() => openDenoiser({ config: { ...config, channels: 1 }, weights })).toThrowError(
      expect.objectContaining({ code: 'model-damaged' }) as Error,
    )
    expect(() => openDenoiser({ config: { network: 'other' }, weights })).toThrowError(
      expect.objectContaining({ code: 'model-damaged' }) as Error,
    )
  })
})

describe('the training program', () => {
  it.each(['float32', 'bfloat16'] as const)(
    'learns to remove noise from a flat picture (%s)',
    (precision) => {
      const small: PhotoDenoiserConfig = {
        network: 'photo-denoiser',
        channels: 1,
        widths: [16],
        blocks: 1,
      }
      const training = buildDenoiserTraining(small, 4, 16, precision, {})
      training.program.assign(initialParameters(small, 1))
      training.program.assign(zeroMoments(photoDenoiserParameters(small)))
      const clean = new Float32Array(4 * 16 * 16).fill(0.5)
      const sigmas = Float32Array.of(25, 25, 25, 25)
      const losses: number[] = []
      for (let step = 1; step <= 120; step++) {
        const report = training.step(
          { clean: clean.slice(), sigmas, assumed: sigmas, noiseSeed: [1, step] },
          step,
          3e-3,
        )
        expect(report.updated).toBe(true)
        losses.push(report.loss)
      }
      // the mean absolute value of Gaussian noise of σ 25/255 is 0.078: untrained it passes almost all of it
      expect(losses[0]).toBeGreaterThan(0.05)
      expect(losses.slice(-10).reduce((a, b) => a + b) / 10).toBeLessThan(0.025)
      training.close()
    },
  )

  it('minimises e²/(σ + 1/100) where that is asked for', () => {
    const small: PhotoDenoiserConfig = {
      network: 'photo-denoiser',
      channels: 1,
      widths: [4],
      blocks: 1,
    }
    const training = buildDenoiserTraining(small, 2, 16, 'float32', {})
    const state = initialParameters(small, 1)
    state.get('tail/filter')?.data.fill(0) // it passes its input as it is
    training.program.assign(state)
    training.program.assign(zeroMoments(photoDenoiserParameters(small)))
    const clean = new Float32Array(2 * 16 * 16).fill(0.5)
    const added = new Float32Array(2 * 16 * 16).fill(0.1)
    const assumed = Float32Array.of(0.09 * 255, 0.19 * 255)
    const batch = { clean, added, sigmas: new Float32Array(2), assumed }
    const absolute = training.step({ ...batch, noiseSeed: [1, 1] }, 1, 0)
    const squared = training.step({ ...batch, noiseSeed: [1, 2], loss: 'squared' }, 2, 0)
    expect(absolute.loss).toBeCloseTo(0.1, 5)
    expect(squared.loss).toBeCloseTo((0.01 / 0.1 + 0.01 / 0.2) / 2, 5)
    training.close()
  })
})

describe("TensorFlow's graph optimiser", () => {
  it('fuses the network without giving up on a pattern', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-fusion-'))
    try {
      await build({
        configFile: false,
        logLevel: 'silent',
        build: {
          ssr: join(__dirname, 'testing/runOnce.ts'),
          outDir: folder,
          rollupOptions: {
            external: [/^@tensorflow\//],
            output: { format: 'cjs', entryFileNames: 'run.cjs' },
          },
        },
        ssr: { noExternal: [/^(?!@tensorflow)/] },
      })
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.cjs')], {
        encoding: 'utf8',
        env: {
          ...process.env,
          NODE_PATH: join(process.cwd(), 'node_modules'),
          TF_CPP_MIN_LOG_LEVEL: '0',
        },
      })
      expect(status).toBe(0)
      expect(stdout).toContain('denoised 4096 values')
      expect(stdout).toContain('fixed sizes gave 4096 values')
      expect(stdout).toContain('trained: true')
      expect(stderr).toContain('TensorFlow') // its log is on, or the next line would prove nothing
      expect(stderr).not.toMatch(/remapper failed|fanout|optimizer.*(failed|error)/i)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
