import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeIdx } from '../../main/engine/data/testing/idxFiles'
import { picture, writePicture } from '../../main/engine/photos/testing/testEngine'
import type { Outcome } from '../testing/runCli'
import { runCli } from '../testing/runCli'
import { disks, smallConfig, writeDisks, writeSmallConfig } from '../testing/training'
import { workbench } from '../testing/workbench'

const bench = workbench()
const { at, cli } = bench
const codeOf = (outcome: Outcome): unknown =>
  (outcome.json().at(-1)?.['error'] as { code: string } | undefined)?.code

describe('train', () => {
  it('trains a configuration into the library: an object an epoch, and where it ended', async () => {
    const config = writeSmallConfig(at('set'))
    const { status, errors, json } = await cli(
      ...['train', '--config', config, '--name', 'disks', '--seed', '7', '--json'],
    )
    expect([status, errors]).toEqual([0, []])
    const epochs = json().filter(({ event }) => event === 'epoch')
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 5],
      [2, 10],
    ])
    expect(epochs[1]?.['validation']).toMatchObject({ penalty: null })
    expect(json().at(-1)).toMatchObject({
      event: 'finished',
      name: 'disks',
      epoch: 2,
      step: 10,
      parameters: 2 * (64 * 16 + 16 * 3) + 16 + 3 + 16 + 64,
    })
    const [items] = (await cli('library', '--json')).json() as unknown as [
      Record<string, unknown>[],
    ]
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      name: 'disks',
      command: 'npm run --silent cli -- train --config config.json --name disks --seed 7',
      config: { training: { seed: 7, epochs: 2 } },
      progress: { state: 'finished' },
    })
  })

  it('says it in words: a line an epoch', async () => {
    const config = writeSmallConfig(at('set'))
    const { status, out } = await cli('train', '--config', config, '--name', 'a', '--epochs', '3')
    expect(status).toBe(0)
    expect(out).toHaveLength(4)
    expect(out[0]).toMatch(/^epoch 1: loss [\d.]+, validation [\d.]+, [\d.]+ s$/)
    expect(out[3]).toMatch(/^Done: “a” is in the library, trained for 3 epochs; the best was epoch/)
  })

  it('trains a recipe on other data: idx files, or a folder', async () => {
    const images = writeDisks(bench.folder)
    const small = ['--epochs', '1', '--json']
    const digits = await cli('train', 'mnist-vae', '--data', images, '--name', 'digits', ...small)
    expect(codeOf(digits)).toBe('batch-too-large') // of 128, while there are 55 images
    mkdirSync(at('photos'))
    for (let i = 0; i < 45; i++) await writePicture(at('photos', `${i}.png`), picture(20 + i, 30))
    const folder = await cli('train', 'folder-vae', '--data', at('photos'), '--name', 'p', ...small)
    expect([folder.status, folder.errors]).toEqual([0, []])
    expect(folder.json().at(-1)).toMatchObject({ event: 'finished', data: 'photos' })
  })

  it('pauses at Ctrl-C, says how to go on, and goes on from there', async () => {
    const config = writeSmallConfig(at('set'), {}, { training: { epochs: 400 } })
    const stop = new AbortController()
    let epochs = 0
    const paused = await runCli(
      { ...bench, signal: stop.signal, onProgress: () => ++epochs === 2 && stop.abort() },
      ...['train', '--config', config, '--name', 'long one'],
    )
    expect(paused.status).toBe(1)
    expect(paused.out.at(-1)).toMatch(/^Paused after .* train --resume "long one"$/)
    const resumed = await cli('train', '--resume', 'long one', '--json')
    expect([resumed.status, resumed.errors]).toEqual([0, []])
    expect(resumed.json().at(-1)).toMatchObject({ event: 'finished', name: 'long one', epoch: 400 })
    const last = (outcome: Outcome): unknown =>
      outcome
        .json()
        .filter(({ event }) => event === 'epoch')
        .at(-1)?.['validation']
    const straight = await cli('train', '--config', config, '--name', 'again', '--json')
    expect(last(straight)).toEqual(last(resumed))
  })
})

describe('train refuses', () => {
  const refused = async (...argv: string[]): Promise<[number, unknown, string]> => {
    const outcome = await cli('train', ...argv, '--json')
    expect(outcome.errors).toHaveLength(1)
    return [outcome.status, codeOf(outcome), outcome.errors[0] as string]
  }
  const withConfig = (config: unknown): string[] => {
    writeFileSync(at('config.json'), JSON.stringify(config))
    return ['--config', at('config.json'), '--name', 'x']
  }
  const empty = (): Promise<unknown> =>
    cli('library', '--json').then(({ json }) => expect(json()).toEqual([[]]))

  it('a name that is taken, whatever its case', async () => {
    const config = writeSmallConfig(at('set'))
    await cli('train', '--config', config, '--name', 'Disks')
    expect(await refused('--config', config, '--name', 'disks')).toEqual([
      1,
      'name-taken',
      'There already is a model called “disks”. Choose another name.',
    ])
  })

  it('a configuration with a key that it does not know, or that is no JSON', async () => {
    const [status, code, words] = await refused(
      ...withConfig({ ...(smallConfig() as object), speed: 9 }),
    )
    expect([status, code]).toEqual([1, 'config-invalid'])
    expect(words).toContain(at('config.json'))
    expect(words).toContain('speed')
    const model = smallConfig({ latent: 0 })
    expect((await refused(...withConfig(model)))[2]).toContain('model.latent')
    writeDisks(bench.folder)
    const squared = await refused(
      ...withConfig(smallConfig({ loss: 'squared-error' }, { binarise: true })),
    )
    expect(squared.slice(0, 2)).toEqual([1, 'config-invalid'])
    expect(squared[2]).toContain(at('config.json'))
    writeFileSync(at('config.json'), '{')
    const broken = await refused('--config', at('config.json'), '--name', 'x')
    expect(broken.slice(0, 2)).toEqual([1, 'config-invalid'])
    const missing = await refused('--config', at('none.json'), '--name', 'x')
    expect(missing.slice(0, 2)).toEqual([1, 'file-not-found'])
    await empty()
  })

  it('a batch that is larger than the data', async () => {
    writeDisks(bench.folder)
    const [status, code, words] = await refused(
      ...withConfig(smallConfig({}, { training: { batch: 51 } })),
    )
    expect([status, code]).toEqual([1, 'batch-too-large'])
    expect(words).toContain('51')
    await empty()
  })

  it('idx files with a wrong beginning or count, one image, images of one colour', async () => {
    const idx = at('train-images-idx3-ubyte')
    const config = withConfig(smallConfig({}, { training: { batch: 1 } }))
    writeFileSync(idx, 'no idx file at all')
    const [status, code, words] = await refused(...config)
    expect([status, code]).toEqual([1, 'data-damaged'])
    expect(words).toContain(idx)
    writeIdx(idx, [60, 8, 8], disks(59))
    expect((await refused(...config)).slice(0, 2)).toEqual([1, 'data-damaged'])
    writeIdx(idx, [1, 8, 8], disks(1))
    expect((await refused(...config)).slice(0, 2)).toEqual([1, 'data-too-few'])
    writeIdx(idx, [9, 8, 8], new Uint8Array(9 * 64).fill(7))
    expect((await refused(...config)).slice(0, 2)).toEqual([1, 'data-uniform'])
    await empty()
  })

  it('an empty folder, for an autoencoder and for a denoiser of photos', async () => {
    mkdirSync(at('nothing'))
    const [status, code, words] = await refused(
      ...['folder-vae', '--data', at('nothing'), '--name', 'x'],
    )
    expect([status, code]).toEqual([1, 'folder-without-images'])
    expect(words).toContain(at('nothing'))
    const photos = await refused('photo-denoiser', '--images', at('nothing'), '--name', 'x')
    expect(photos.slice(0, 2)).toEqual([1, 'folder-without-images'])
    await empty()
  })

  it('to go on with what there is not', async () => {
    const [status, code] = await refused('--resume', 'nobody')
    expect([status, code]).toEqual([1, 'item-unknown'])
  })

  it.each([
    ['Option --name is needed.', ['mnist-vae']],
    ['Name one recipe', ['--name', 'x']],
    ['Name one recipe', ['mnist-vae', '--config', 'c.json', '--name', 'x']],
    ['Option --data is needed.', ['folder-vae', '--name', 'x']],
    ['--epochs takes a whole number from 1 to 5000', ['mnist-vae', '--name', 'x', '--epochs', '0']],
    ['--resume goes on with a run as it was set up', ['--resume', 'x', '--epochs', '3']],
    ['--name takes 1 to 80 characters', ['mnist-vae', '--name', 'x'.repeat(81)]],
  ])('a command line that makes no sense: %s', async (words, argv) => {
    const { status, errors } = await cli('train', ...argv)
    expect(status).toBe(2)
    expect(errors[0]).toContain(words)
    expect(readdirSync(bench.folder)).toEqual(['models'])
  })
})
