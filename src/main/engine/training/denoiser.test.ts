import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modelCard } from '../../../shared/types'
import { openDenoiser } from '../models/photoDenoiser'
import { openSessions } from '../runtime/session'
import { readContainer } from '../store/container'
import { blended } from './blended'
import { checkpointOf, trainDenoiser, type TrainingProgress } from './denoiser'

const config = {
  model: { network: 'photo-denoiser', channels: 1, widths: [8, 8], blocks: 1 },
  seed: 3,
  legs: [{ steps: 6, rate: 1e-3, warmUp: 2 }],
  batch: 2,
  patch: 16,
  adam: { clipNorm: 1, weightDecay: 0 },
  sigma: [0, 55],
  levelJitter: 0.1,
  precision: 'float32',
  photos: { exclude: ['left-out.png'], holdOut: ['held.png'], reduceFrom: 64, reduceBy: [2] },
  card: {
    name: 'test',
    title: 'Test',
    description: 'A test.',
    licence: 'MIT',
    data: ['two pictures'],
  },
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-training-'))
  mkdirSync(join(folder, 'photos'))
  for (const name of ['a.png', 'held.png', 'left-out.png']) {
    const data = Uint8Array.from(
      { length: 96 * 64 },
      (_, i) => 128 + 90 * Math.sin((i % 96) / 5) * Math.cos(i / 700),
    )
    writeFileSync(
      join(folder, 'photos', name),
      encode({ width: 96, height: 64, data, channels: 1, depth: 8 }),
    )
  }
  writeFileSync(join(folder, 'photos', 'broken.png'), 'not a picture')
  writeFileSync(join(folder, 'photos', 'notes.txt'), 'not a picture either')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(openSessions()).toBe(0)
})

const write = (changes: object = {}): string => {
  const path = join(folder, 'config.json')
  writeFileSync(path, JSON.stringify({ ...config, ...changes }))
  return path
}
const train = (
  out: string,
  more: Partial<Parameters<typeof trainDenoiser>[0]> = {},
  changes: object = {},
) =>
  trainDenoiser({
    config: write(changes),
    images: [join(folder, 'photos')],
    out,
    command: 'train …',
    ...more,
  })

describe('training a denoiser', () => {
  it('writes a model with its card, names bad files, and removes the checkpoint', async () => {
    const out = join(folder, 'model.ldm')
    const messages: string[] = []
    const progress: TrainingProgress[] = []
    const outcome = await train(out, {
      onMessage: (message) => messages.push(message),
      onProgress: (each) => progress.push(each),
    })
    expect(outcome).toEqual({ finished: true, step: 6 })
    expect(messages[0]).toMatch(/^skipped broken\.png: /)
    expect(messages[1]).toMatch(/^1 pictures .* to train on, 1 held out$/)
    expect(progress.at(-1)).toMatchObject({ step: 6, steps: 6 })
    expect(progress.at(-1)?.psnr).toBeGreaterThan(5)

    const { header, tensors } = await readContainer(out)
    const card = modelCard.parse(header.card)
    expect(card).toMatchObject({
      name: 'test',
      seed: 3,
      command: 'train …',
      sigmaRange: [0, 55],
      measured: [],
    })
    expect(card.trained.curve).toHaveLength(1)
    const runner = openDenoiser({ config: header.config, weights: tensors })
    expect(runner.run(new Float32Array(64).fill(0.5), 8, 8, 25)).toHaveLength(64)
    runner.close()
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.ldm', 'photos'])
  })

  it.each([{}, { kept: 0.5 }])(
    'ends with the same weights after an interruption as without one (%j)',
    async (more) => {
      const [straight, interrupted] = [
        join(folder, 'straight.ldm'),
        join(folder, 'interrupted.ldm'),
      ]
      const changes = { legs: [{ steps: 300, rate: 1e-3, warmUp: 2, ...more }] }
      await train(straight, {}, changes)
      const stop = new AbortController()
      const first = await train(
        interrupted,
        { signal: stop.signal, onProgress: () => stop.abort() },
        changes,
      )
      expect(first.finished).toBe(false)
      expect(first.step).toBe(100)
      expect(readdirSync(folder)).toContain('interrupted.ldm.checkpoint')
      const second = await train(interrupted, {}, changes)
      expect(second).toEqual({ finished: true, step: 300 })
      const [a, b] = [await readContainer(straight), await readContainer(interrupted)]
      for (const [name, { data }] of a.tensors) expect(b.tensors.get(name)?.data).toEqual(data)
    },
  )

  it('goes on with another leg from a finished model as it would have without an end between', async () => {
    const leg = { steps: 5, rate: 1e-3, warmUp: 2 }
    const [straight, first, second] = ['straight', 'first', 'second'].map((name) =>
      join(folder, `${name}.ldm`),
    ) as [string, string, string]
    await train(straight, {}, { legs: [leg, leg] })
    await train(first, {}, { legs: [leg] })
    expect(await train(second, { from: first }, { legs: [leg, leg] })).toEqual({
      finished: true,
      step: 10,
    })
    const [a, b] = [await readContainer(straight), await readContainer(second)]
    for (const [name, { data }] of a.tensors) expect(b.tensors.get(name)?.data).toEqual(data)
    expect(modelCard.parse(b.header.card).trained.curve.map(([step]) => step)).toEqual([5, 10])

    await expect(
      train(second, { from: first }, { legs: [{ ...leg, steps: 6 }, leg] }),
    ).rejects.toMatchObject({ code: 'config-invalid', params: { file: 'first.ldm' } })
  })

  it('keeps a share of a leg’s change where it is told to', async () => {
    const leg = { steps: 5, rate: 1e-3, warmUp: 2 }
    const weightsOf = async (name: string, from: string | undefined, legs: object[]) => {
      const out = join(folder, `${name}.ldm`)
      await train(out, from ? { from: join(folder, `${from}.ldm`) } : {}, { legs })
      return (await readContainer(out)).tensors
    }
    const first = await weightsOf('first', undefined, [leg])
    const all = await weightsOf('all', 'first', [leg, leg])
    const some = await weightsOf('some', 'first', [leg, { ...leg, kept: 0.4 }])
    expect(all).not.toEqual(first)
    expect(some).toEqual(blended(first, all, 0.4))
  })

  it('refuses a checkpoint of another configuration, and says which file', async () => {
    const out = join(folder, 'model.ldm')
    const stop = new AbortController()
    stop.abort()
    await train(out, { signal: stop.signal })
    await expect(train(out, {}, { seed: 4 })).rejects.toMatchObject({
      code: 'config-invalid',
      params: { file: 'model.ldm.checkpoint' },
    })
    expect(readdirSync(folder)).toContain('model.ldm.checkpoint')
  })

  it('refuses a damaged checkpoint instead of starting over it', async () => {
    const out = join(folder, 'model.ldm')
    writeFileSync(checkpointOf(out), 'x'.repeat(400))
    await expect(train(out)).rejects.toMatchObject({ code: 'model-not-ours' })
  })

  it.each([
    ['an unknown key', { module: '../evil' }, /module/],
    ['a patch the network cannot take', { patch: 18 }, /multiple of 4/],
    ['a negative rate', { legs: [{ steps: 6, rate: -1, warmUp: 2 }] }, /rate/],
  ])('refuses %s by name', async (_, changes, reason) => {
    await expect(train(join(folder, 'model.ldm'), {}, changes)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(reason) as string,
      params: { file: 'config.json' },
    })
  })

  it('says so when there is nothing to train on', async () => {
    mkdirSync(join(folder, 'empty'))
    const images = [join(folder, 'empty')]
    await expect(train(join(folder, 'model.ldm'), { images })).rejects.toMatchObject({
      code: 'folder-without-images',
    })
    await expect(
      train(join(folder, 'model.ldm'), { images: [join(folder, 'none')] }),
    ).rejects.toMatchObject({ code: 'file-not-found' })
  })
})
