import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeIdx } from '../../main/engine/data/testing/idxFiles'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import { readRun } from '../../main/engine/store/runFile'
import type { LibraryItem } from '../../shared/training'
import type { Outcome } from '../testing/runCli'
import { disks, smallConfig, writeSmallConfig } from '../testing/training'
import { workbench } from '../testing/workbench'

const bench = workbench()
const { at, cli } = bench
const folder = { kind: 'folder', width: 28, height: 28, channels: 1, fit: 'crop' }
const vae = { kind: 'variational', beta: 2, betaWarmUp: 0 }
const train = async (name: string, model: object, changes: object = {}): Promise<void> => {
  const config = writeSmallConfig(at(name), { ...model }, { ...changes })
  expect(await cli('train', '--config', config, '--name', name)).toMatchObject({ status: 0 })
}
const evaluated = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const outcome = await cli('evaluate', ...argv, '--json')
  expect(outcome.errors).toEqual([])
  return outcome.json()[0] as Record<string, unknown>
}
const codeOf = ({ json }: Outcome): unknown =>
  (json().at(-1)?.['error'] as { code: string } | undefined)?.code
const itemNamed = async (name: string): Promise<LibraryItem | undefined> => {
  const [items] = (await cli('library', '--json')).json() as unknown as [LibraryItem[]]
  return items.find((item) => item.name === name)
}

describe('evaluate', () => {
  it('measures the test part of the data that a model was trained on', async () => {
    await train('plain', {})
    const found = await evaluated('plain')
    expect(found).toMatchObject({
      ...{ model: 'plain', data: 'disks', part: 'test', images: 20, binarised: false, latent: 3 },
      ...{ kl: null, elbo: null, logLikelihood: null, importanceSamples: null },
    })
    expect(found['mse']).toBeGreaterThan(0)
    expect(found['mse']).toBeLessThan(1)
    expect(found).not.toHaveProperty('psnr')
    expect(found).not.toHaveProperty('meanActivation')
    const { out } = await cli('evaluate', 'plain')
    expect(out[0]).toBe('Model plain on disks: test set, 20 images')
    expect(out[1]).toMatch(/^ {4}mean squared error: 0\.\d+$/)
  })

  it('has no ELBO and no likelihood on grey images, and both on binarised ones', async () => {
    await train('grey', vae)
    const grey = await evaluated('grey', '--importance-samples', '4')
    expect(grey).toMatchObject({ elbo: null, logLikelihood: null, importanceSamples: 4 })
    expect(grey['kl']).toBeGreaterThan(0)
    await train('binary', vae, { binarise: true })
    const one = await evaluated('binary', '--importance-samples', '1')
    const many = await evaluated('binary', '--importance-samples', '200')
    expect(one).toMatchObject({ binarised: true, elbo: many['elbo'] })
    expect(one['elbo']).toBeCloseTo(-(one['bce'] as number) - (one['kl'] as number), 10)
    expect(many['logLikelihood']).toBeGreaterThan(one['elbo'] as number)
    expect((await evaluated('binary', '--seed', '1'))['bce']).not.toBe(one['bce'])
    await train('plain', {})
    const refused = await cli('evaluate', 'plain', '--importance-samples', '4', '--json')
    expect([refused.status, codeOf(refused)]).toEqual([1, 'model-unsuitable'])
  })

  it('tells what sparse and denoising models are for', async () => {
    await train('sparse', { kind: 'sparse', penalty: 'kl', target: 0.1, weight: 1 })
    const sparse = await evaluated('sparse')
    expect(sparse['meanActivation']).toBeGreaterThan(0)
    expect(sparse['unitsNearTarget']).toBeGreaterThanOrEqual(0)
    await train('denoising', { kind: 'denoising', corruption: { kind: 'gaussian', sigma: 50 } })
    const own = await evaluated('denoising')
    expect(own).toMatchObject({ corruption: { kind: 'gaussian', sigma: 50 } })
    const more = await evaluated('denoising', '--sigma', '100')
    expect(more).toMatchObject({ corruption: { sigma: 100 } })
    const difference = (own['noisyPsnr'] as number) - (more['noisyPsnr'] as number)
    expect(Math.abs(difference - 20 * Math.log10(2))).toBeLessThan(0.3)
    const refused = await cli('evaluate', 'sparse', '--sigma', '5', '--json')
    expect(codeOf(refused)).toBe('model-unsuitable')
  })

  it('writes the figures into the card, instead of older ones of the same name', async () => {
    await train('plain', {})
    const { mse } = await evaluated('plain', '--write-card')
    await evaluated('plain', '--write-card')
    const measured = (await itemNamed('plain'))?.measured ?? []
    expect(measured).toEqual([
      { what: 'MSE on disks (test, 20 images)', value: expect.any(Number) as number, unit: '' },
      expect.objectContaining({ what: 'BCE on disks (test, 20 images)', unit: 'nats' }),
      expect.objectContaining({ what: 'active units of 3 on disks (test, 20 images)' }),
    ])
    expect(Math.abs((measured[0]?.value ?? 0) / (mse as number) - 1)).toBeLessThan(1e-4)
    await cli('export', 'plain', '--format', 'model', '--out', at('plain.ldm'))
    const images = at('plain', 'train-images-idx3-ubyte')
    await evaluated(at('plain.ldm'), '--data', images, '--seed', '3', '--write-card')
    const ofFile = (await readRun(at('plain.ldm'))).card.measured
    expect(ofFile.slice(0, 3)).toEqual(measured)
    expect(ofFile[3]?.what).toBe('MSE on train-images-idx3-ubyte (test, 20 images)')
  })

  it('takes a file, and other data: all of a set that has no parts', async () => {
    await train('plain', {})
    await cli('export', 'plain', '--format', 'model', '--out', at('plain.ldm'))
    const before = readFileSync(at('plain.ldm'))
    expect((await cli('evaluate', at('plain.ldm'))).status).toBe(2) // its data are not named in it
    writeIdx(at('other-images-idx3-ubyte'), [9, 8, 8], disks(9))
    const found = await evaluated(at('plain.ldm'), '--data', at('other-images-idx3-ubyte'))
    expect(found).toMatchObject({ part: 'all', images: 9, data: 'other-images-idx3-ubyte' })
    expect(readFileSync(at('plain.ldm')).equals(before)).toBe(true)
    expect(await evaluated('plain', '--data', at('plain'))).toMatchObject({ part: 'test' })
    writeIdx(at('small-images-idx3-ubyte'), [9, 6, 8], disks(9).subarray(0, 9 * 48))
    const small = await cli(
      ...['evaluate', 'plain', '--data', at('small-images-idx3-ubyte'), '--json'],
    )
    expect([small.status, codeOf(small)]).toEqual([1, 'data-sizes-differ'])
    expect(small.errors[0]).toContain('8 × 6')
  })

  it('names what there is, and what a denoiser of photos is measured by', async () => {
    const unknown = await cli('evaluate', 'nobody', '--data', 'mnist', '--json')
    expect([unknown.status, codeOf(unknown)]).toEqual([1, 'model-unknown'])
    expect(unknown.errors[0]).toContain('denoise-grey')
    const photos = await cli('evaluate', 'denoise-grey', '--data', 'mnist', '--json')
    expect([photos.status, codeOf(photos)]).toEqual([1, 'model-unsuitable'])
    expect(photos.errors[0]).toContain('evaluate denoise --model')
  })
})

describe('export', () => {
  beforeEach(() => train('plain', {}))

  it('writes a SavedModel of a part, once', async () => {
    const to = ['--format', 'savedmodel', '--part', 'decoder', '--out', at('decoder')]
    const written = await cli('export', 'plain', ...to, '--json')
    expect(written.status).toBe(0)
    expect(written.json()).toEqual([
      {
        ...{ model: 'plain', format: 'savedmodel', part: 'decoder', out: at('decoder') },
        bytes: readFileSync(at('decoder', 'saved_model.pb')).length,
      },
    ])
    const again = await cli('export', 'plain', ...to, '--json')
    expect([again.status, codeOf(again)]).toEqual([1, 'target-unwritable'])
    expect(again.errors[0]).toContain(at('decoder'))
  })

  it('writes a model, and a run that another machine goes on with; of files too', async () => {
    for (const format of ['model', 'run'])
      await cli('export', 'plain', '--format', format, '--out', at(`${format}.ldm`))
    const [model, run] = [await readRun(at('model.ldm')), await readRun(at('run.ldm'))]
    const last = (file: { tensors: Map<string, unknown> }): number =>
      [...file.tensors.keys()].filter((name) => name.startsWith('last/')).length
    expect([last(model), last(run) > 0]).toEqual([0, true])
    expect(JSON.stringify(run)).not.toContain(bench.folder)
    const given = ['--format', 'model', '--licence', 'CC0', '--out', at('given.ldm')]
    await cli('export', 'plain', ...given)
    expect((await readRun(at('given.ldm'))).card.licence).toBe('CC0')
    const copy = await cli('export', at('run.ldm'), '--format', 'model', '--out', at('copy.ldm'))
    expect(copy.status).toBe(0)
    expect(last(await readRun(at('copy.ldm')))).toBe(0)
    const itself = ['export', at('run.ldm'), '--format', 'model', '--out', at('run.ldm'), '--json']
    expect(codeOf(await cli(...itself))).toBe('target-is-source')
    const grey = ['export', 'denoise-grey', '--format', 'model', '--out', at('grey.ldm')]
    expect((await cli(...grey)).status).toBe(0)
  })

  it('knows a denoiser of photos that was trained here', async () => {
    const network = { kind: 'photo-denoiser', channels: 1, widths: [4], blocks: 1 }
    mkdirSync(at('photos'))
    for (const name of ['a', 'b', 'c'])
      await writePicture(at('photos', `${name}.png`), picture(40, 40, 1))
    const config = {
      ...(smallConfig({}, { training: { epochs: 1, batch: 1 } }) as object),
      data: { ...folder, path: 'photos', name: 'photos' },
      model: { ...network, patch: 16, sigma: [0, 50], supervision: 'clean', start: 'random' },
    }
    writeFileSync(at('photos.json'), JSON.stringify(config))
    const trained = await cli('train', '--config', at('photos.json'), '--name', 'photos', '--json')
    expect([trained.status, trained.errors]).toEqual([0, []])
    const to = ['--format', 'savedmodel', '--out', at('saved')]
    expect((await cli('export', 'photos', ...to)).errors).toEqual([])
    const half = await cli('export', 'photos', ...to, '--part', 'encoder', '--json')
    expect([half.status, codeOf(half)]).toEqual([1, 'model-unsuitable'])
    const measured = await cli('evaluate', 'photos', '--data', 'mnist', '--json')
    expect(codeOf(measured)).toBe('model-unsuitable')
  })

  it.each([
    ['--format takes one of: savedmodel, model, run', ['plain', '--format', 'onnx', '--out', 'x']],
    [
      '--part is for --format savedmodel',
      ['plain', '--format', 'run', '--part', 'encoder', '--out', 'x'],
    ],
    ['Option --out is needed', ['plain', '--format', 'model']],
    ['Name one model', ['--format', 'model', '--out', 'x']],
  ])('a command line that makes no sense: %s', async (words, argv) => {
    const { status, errors } = await cli('export', ...argv)
    expect(status).toBe(2)
    expect(errors[0]).toContain(words)
  })
})

describe('recipes and library', () => {
  it('are lists', async () => {
    const [recipes] = (await cli('recipes', '--json')).json() as unknown as [{ name: string }[]]
    expect(recipes.map(({ name }) => name)).toContain('mnist-vae')
    const { out } = await cli('recipes')
    expect(out).toHaveLength(recipes.length)
    expect(out.join('\n')).toMatch(/^folder-vae: .*needs --data DIR$/m)
    expect((await cli('library')).errors[0]).toContain('The library is empty')
    await train('plain', {})
    expect((await cli('library')).out).toEqual([
      expect.stringMatching(/^plain: Autoencoder, disks, finished, epoch 2 of 2, validation loss/),
    ])
  })
})
