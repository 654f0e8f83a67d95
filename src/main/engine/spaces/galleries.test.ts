import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import type { Gallery } from '../../../shared/latent'
import { closeCodecs } from '../codec'
import { normalQuantile } from '../noise/elementary'
import { tf } from '../runtime/tensorflow'
import { Library } from '../store/library'
import { calculatedFrom } from './calculated'
import { makeGallery } from './galleries'
import { latentHandlers } from './latentHandlers'
import { readProvenance } from './provenance'
import { exportGallery, exportPicture, remakeGallery } from './sheets'
import { Works } from '../work/works'
import { Spaces } from './spaces'

const models = join(__dirname, '../../../../resources/models')
let folder = ''
let spaces: Spaces
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'galleries-'))
  const library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
})
afterEach(async () => {
  spaces.close()
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

const sample = { kind: 'sample', count: 6, seed: 3, temperature: 1, from: 'prior' } as const
const test = (index: number) => ({ kind: 'data', part: 'test', index }) as const
const picture = (name: string, value: number): string => {
  const path = join(folder, name)
  const data = Uint8Array.from({ length: 40 * 30 }, (_, i) => (i % 40 < 20 ? value : 0))
  writeFileSync(path, encode({ width: 40, height: 30, data, channels: 1, depth: 8 }))
  return path
}

describe('galleries', () => {
  it('draw the same samples however many are drawn', async () => {
    const space = await spaces.open('digits-vae')
    const few = await makeGallery(space, sample)
    const many = await makeGallery(space, { ...sample, count: 20 })
    expect(few).toMatchObject({ columns: 3, hash: space.hash })
    expect(many.codes.slice(0, 6 * 20)).toEqual(few.codes)
    // a batch of another size may differ in a last bit of a float, which is no step of a byte
    expect(many.pictures.pixels.slice(0, 6 * 784)).toEqual(few.pictures.pixels)
    expect(new Set(few.pictures.pixels).size).toBeGreaterThan(20)
  })

  it('show originals above what the model makes of them', async () => {
    const space = await spaces.open('digits-autoencoder')
    const { pictures, codes, columns } = await makeGallery(space, {
      kind: 'reconstruct',
      anchors: [test(3), test(18)],
    })
    const { test: images } = await space.set()
    expect(columns).toBe(2)
    expect(pictures.count).toBe(4)
    expect(pictures.pixels.slice(0, 784)).toEqual(images.images.slice(3 * 784, 4 * 784))
    expect(codes.slice(0, 64).every(Number.isNaN)).toBe(true)
    let squares = 0
    for (let i = 0; i < 784; i++)
      squares += ((pictures.pixels[i] as number) - (pictures.pixels[2 * 784 + i] as number)) ** 2
    expect(squares / 784 / 255 ** 2).toBeLessThan(0.02)
  })

  it('walk from one anchor to the next, through the user’s own pictures too', async () => {
    const space = await spaces.open('digits-vae')
    const file = { kind: 'file', path: picture('mine.png', 200), name: 'mine.png' } as const
    const made = await makeGallery(space, {
      kind: 'interpolate',
      anchors: [test(3), file, test(18)],
      steps: 5,
      mode: 'slerp',
    })
    expect(made.pictures.count).toBe(10)
    expect(made.rows).toEqual([
      { latent: null, straight: false },
      { latent: null, straight: false },
    ])
    const code = (place: number) => made.codes.slice(place * 20, (place + 1) * 20)
    for (const [i, value] of code(4).entries()) expect(code(5)[i]).toBeCloseTo(value, 5)
  })

  it('lay the manifold out by quantiles, the second latent upwards', async () => {
    const made = await makeGallery(await spaces.open('digits-vae-2d'), {
      kind: 'manifold',
      size: 4,
    })
    const [left, right] = [normalQuantile(1 / 8), normalQuantile(7 / 8)].map(Math.fround)
    expect([...made.codes.slice(0, 2)]).toEqual([left, right])
    expect([...made.codes.slice(30)]).toEqual([right, left])
  })

  it('traverse the most varied latents first, and only them', async () => {
    const space = await spaces.open('digits-vae')
    const wanted = { kind: 'traverse', base: null, latents: 3, steps: 3, extent: 3 } as const
    const { codes, rows } = await makeGallery(space, wanted)
    const first = rows[0]?.latent as number
    expect([...codes.slice(0, 20)]).toEqual(
      [...Array(20).keys()].map((j) => (j === first ? -3 : 0)),
    )
    expect([...codes.slice(20, 40)].every((value) => value === 0)).toBe(true)
    const facts = await latentHandlers(spaces, new Works())['latent.facts'](
      { item: 'digits-vae' },
      () => null,
    )
    expect(facts.latents.slice(0, 3).map(({ index }) => index)).toEqual(
      rows.map(({ latent }) => latent),
    )
    expect(facts.data).toMatchObject({ training: 60_000, test: 10_000 })
  })

  it('add what tells groups apart', async () => {
    const space = await spaces.open('digits-vae')
    const label = (digit: number) => ({ kind: 'label', part: 'test', label: digit }) as const
    const { codes } = await makeGallery(space, {
      kind: 'arithmetic',
      base: test(3),
      plus: label(7),
      minus: label(1),
      weights: [0, 1, 2],
    })
    const at = (place: number, j: number) => codes[place * 20 + j] as number
    for (let j = 0; j < 20; j++) expect(at(2, j) - at(1, j)).toBeCloseTo(at(1, j) - at(0, j), 4)
  })

  it.each<[string, string, Gallery]>([
    ['model-without-prior', 'digits-autoencoder', sample],
    ['latents-not-two', 'digits-vae', { kind: 'manifold', size: 4 }],
    ['anchor-unfit', 'digits-vae', { kind: 'reconstruct', anchors: [test(10_000)] }],
    ['anchor-unfit', 'digits-vae', { kind: 'reconstruct', anchors: [{ kind: 'code', code: [1] }] }],
    [
      'anchors-opposite',
      'digits-vae-2d',
      {
        kind: 'interpolate',
        anchors: [
          { kind: 'code', code: [1, 0] },
          { kind: 'code', code: [-2, 0] },
        ],
        steps: 3,
        mode: 'slerp',
      },
    ],
  ])('refuse with %s', async (code, item, gallery) => {
    await expect(makeGallery(await spaces.open(item), gallery)).rejects.toMatchObject({ code })
  })
})

it('says which label each image has', async () => {
  const { labels } = await latentHandlers(spaces, new Works())['latent.labels'](
    { item: 'digits-vae', part: 'test' },
    () => null,
  )
  const { test: images } = await (await spaces.open('digits-vae')).set()
  expect([...(labels ?? [])]).toEqual([...(images.labels ?? [])])
  expect(labels).toHaveLength(10_000)
})

it('leaves no tensors behind', async () => {
  const space = await spaces.open('digits-vae')
  await makeGallery(space, sample)
  const before = tf.memory().numTensors
  await makeGallery(space, { ...sample, count: 300 })
  await makeGallery(space, { kind: 'reconstruct', anchors: [test(1)] })
  expect(tf.memory().numTensors).toBe(before)
})

it('samples from a mixture need the data, and say so', async () => {
  const space = await spaces.open('digits-autoencoder')
  const data = { kind: 'idx', path: join(folder, 'gone'), name: 'gone', labels: null } as const
  const set = () => Promise.reject(new DarkroomError('data-missing', 'gone'))
  const without = {
    ...space,
    run: { ...space.run, data },
    ...calculatedFrom(space.autoencoder, set),
  }
  await expect(makeGallery(without, { ...sample, from: 'mixture' })).rejects.toMatchObject({
    code: 'data-missing',
  })
})

describe('an exported gallery', () => {
  it('is made again from its own metadata, byte for byte, without naming a path', async () => {
    const space = await spaces.open('digits-vae')
    const [first, second] = [join(folder, 'sheet.png'), join(folder, 'again.png')]
    const gallery: Gallery = {
      kind: 'interpolate',
      anchors: [{ kind: 'file', path: picture('mine.png', 255), name: 'mine.png' }, test(4)],
      steps: 4,
      mode: 'lerp',
    }
    const { bytes } = await exportGallery(space, gallery, 'sheet', first)
    expect(readFileSync(first)).toHaveLength(bytes)
    expect(readFileSync(first).toString('latin1')).not.toContain(folder)
    const found = await latentHandlers(spaces, new Works())['latent.provenance'](
      { path: first },
      () => null,
    )
    expect(found.item).toBe('digits-vae')
    expect(found.provenance.codes).toHaveLength(4)
    await exportGallery(space, found.provenance.gallery, 'sheet', second)
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true)
  })

  it('is made again without data and under another name, and over nothing that is the user’s', async () => {
    const space = await spaces.open('digits-vae')
    const [first, second] = [join(folder, 'first.png'), join(folder, 'second.png')]
    const own = picture('mine.png', 255)
    const gallery: Gallery = {
      kind: 'traverse',
      base: { kind: 'file', path: own, name: 'mine.png' },
      ...{ latents: 2, steps: 3, extent: 2 },
    }
    await expect(exportGallery(space, gallery, 'sheet', own)).rejects.toMatchObject({
      code: 'target-is-source',
    })
    await exportGallery(space, gallery, 'animation', first)
    const missing = () => Promise.reject(new DarkroomError('data-missing', 'gone'))
    const elsewhere = { ...space, name: 'renamed', set: missing, codes: missing }
    const made = await readProvenance(first)
    const target = { as: 'animation', path: second, source: first } as const
    await remakeGallery(elsewhere, made, target)
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true)
    await expect(remakeGallery(space, made, { ...target, path: first })).rejects.toMatchObject({
      code: 'target-is-source',
    })
  })

  it('is frames in a folder, each with its own code, or one animation', async () => {
    const space = await spaces.open('digits-vae')
    const frames = join(folder, 'frames')
    await exportGallery(space, sample, 'frames', frames)
    expect(readdirSync(frames)).toEqual(['1.png', '2.png', '3.png', '4.png', '5.png', '6.png'])
    const frame = decode(readFileSync(join(frames, '2.png')))
    expect([frame.width, frame.height]).toEqual([280, 280])
    await expect(exportGallery(space, sample, 'frames', frames)).rejects.toMatchObject({
      code: 'target-unwritable',
      params: { reason: 'ENOTEMPTY' },
    })
    const { codes } = await readProvenance(join(frames, '2.png'))
    expect(codes).toHaveLength(1)
    expect(codes[0]).toHaveLength(20)
    await exportGallery(space, sample, 'animation', join(folder, 'a.png'))
    expect(decode(readFileSync(join(folder, 'a.png'))).width).toBe(280)
  })

  it('is one picture too, the same file as among the frames', async () => {
    const space = await spaces.open('digits-vae')
    const alone = join(folder, 'alone.png')
    const bytes = await exportPicture(space, sample, 2, alone)
    await exportGallery(space, sample, 'frames', join(folder, 'frames'))
    expect(readFileSync(alone)).toHaveLength(bytes)
    expect(readFileSync(alone).equals(readFileSync(join(folder, 'frames', '3.png')))).toBe(true)
    await expect(exportPicture(space, sample, 6, alone)).rejects.toMatchObject({
      code: 'arguments-invalid',
    })
  })

  it('is told from any other picture', async () => {
    await expect(readProvenance(picture('other.png', 9))).rejects.toMatchObject({
      code: 'picture-without-provenance',
      params: { file: 'other.png' },
    })
    await expect(readProvenance(join(folder, 'none.png'))).rejects.toMatchObject({
      code: 'file-not-found',
    })
  })
})
