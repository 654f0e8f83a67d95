/**
 * Do exported models compute in Python's TensorFlow what they compute here? Exports the decoder of the bundled VAE and
 * a bundled photo denoiser as SavedModels, loads them there, and compares outputs for batches of 1 and 7, and for two
 * sizes of photo: at most 1e-4 apart, else it fails.
 * Usage: npm run bench:saved-model
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportSavedModel } from '../src/main/engine/models/exportSavedModel'
import { openAutoencoder } from '../src/main/engine/models/openAutoencoder'
import { openDenoiser } from '../src/main/engine/models/photoDenoiser'
import { gaussianField } from '../src/main/engine/noise'
import { exportRun, trainedModel } from '../src/main/engine/runs/trainedModel'
import { readContainer } from '../src/main/engine/store/container'
import { readRun } from '../src/main/engine/store/runFile'
import { python } from './peer'

const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'))
const cases: object[] = []

/** Notes a case: inputs and our outputs, as raw float32 with their shapes. */
function note(
  model: string,
  inputs: Record<string, { shape: number[]; data: Float32Array }>,
  expected: Float32Array,
): void {
  const named = [...Object.entries(inputs), ['expected', { shape: [], data: expected }] as const]
  const place = join(folder, String(cases.length))
  mkdirSync(place)
  for (const [name, { data }] of named)
    writeFileSync(join(place, name), Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, shape]),
  )
  cases.push({ model, place, shapes })
}

async function decoder(): Promise<void> {
  const run = await readRun(join('resources', 'models', 'digits-vae.ldm'))
  exportRun(run, 'decoder', join(folder, 'decoder'))
  const model = trainedModel(run)
  if (model.kind !== 'autoencoder') throw new Error('Expected an autoencoder.')
  const opened = openAutoencoder(model)
  for (const count of [1, 7]) {
    const codes = gaussianField(count * model.config.latent, count)
    const inputs = { codes: { shape: [count, model.config.latent], data: codes } }
    note('decoder', inputs, opened.decode(codes))
  }
  opened.close()
}

async function denoiser(): Promise<void> {
  const { header, tensors } = await readContainer(join('resources', 'denoise-grey.ldm'))
  const model = {
    name: 'denoise-grey',
    kind: 'denoiser',
    config: header.config,
    weights: tensors,
  } as const
  exportSavedModel(model, 'model', join(folder, 'denoiser'))
  const opened = openDenoiser({ config: header.config, weights: tensors }, 'float32')
  for (const [height, width] of [
    [64, 64],
    [40, 96],
  ] as const) {
    const noisy = gaussianField(height * width, height).map((n) => 0.5 + 0.2 * n)
    const inputs = {
      noisy: { shape: [1, height, width, 1], data: noisy },
      sigma: { shape: [1], data: Float32Array.of(25) },
    }
    note('denoiser', inputs, opened.run(noisy, height, width, 25))
  }
  opened.close()
}

async function main(): Promise<number> {
  await decoder()
  await denoiser()
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases))
  const script = join(process.cwd(), 'bench', 'peers', 'saved_model.py')
  return (
    spawnSync(python, [script, folder], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1
  )
}

void main().then((status) => {
  rmSync(folder, { recursive: true })
  process.exit(status)
})
