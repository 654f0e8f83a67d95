import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tf } from '../runtime/tensorflow'
import { Library } from '../store/library'
import { Spaces } from './spaces'

const models = join(__dirname, '../../../../resources/models')
const all = ['digits-vae', 'digits-vae-2d', 'digits-autoencoder']
let folder = ''
let library: Library
let spaces: Spaces
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spaces-'))
  library = new Library({ folder: join(folder, 'library'), bundled: models })
  spaces = new Spaces({ library, cache: null })
})
afterEach(() => {
  spaces.close()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

describe('opening', () => {
  it('reads a file once, as long as it is the same', async () => {
    const read = vi.spyOn(library, 'read')
    const [first, second] = await Promise.all([
      spaces.open('digits-vae'),
      spaces.open('digits-vae'),
    ])
    expect(await spaces.open('digits-vae')).toBe(first)
    expect(second).toBe(first)
    expect(read).toHaveBeenCalledTimes(1)
    expect(first).toMatchObject({
      item: 'digits-vae',
      shape: { width: 28, height: 28, channels: 1 },
    })
  })

  it('keeps what it knows of the same weights in a file that was written anew', async () => {
    mkdirSync(library.folders.items, { recursive: true })
    const path = library.pathOf('mine')
    copyFileSync(join(models, 'digits-vae-2d.ldm'), path)
    const first = await spaces.open('mine')
    utimesSync(path, 1, 1)
    const second = await spaces.open('mine')
    expect(second).not.toBe(first)
    expect(second.codes).toBe(first.codes)
    copyFileSync(join(models, 'digits-vae.ldm'), path)
    const third = await spaces.open('mine')
    expect(third.hash).not.toBe(first.hash)
    expect(third.codes).not.toBe(first.codes)
  })

  it('keeps few models in native memory, and a space that is held works on', async () => {
    const [held, ...others] = await Promise.all(
      [...all, ...all.map((name) => join(models, `${name}.ldm`))].map((each) =>
        each.endsWith('.ldm') ? spaces.openFile(each) : spaces.open(each),
      ),
    )
    const before = tf.memory().numTensors
    const codes = new Float32Array(20).fill(0.5)
    const picture = held?.autoencoder.decode(codes)
    expect(picture).toHaveLength(784)
    for (const each of others) each.autoencoder.decode(new Float32Array(each.config.latent))
    expect(held?.autoencoder.decode(codes)).toEqual(picture)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('takes files, and knows them by their path from then on', async () => {
    const path = join(folder, 'elsewhere.ldm')
    await expect(spaces.open(path)).rejects.toMatchObject({ code: 'item-unknown' })
    await expect(spaces.openFile(path)).rejects.toMatchObject({ code: 'file-not-found' })
    copyFileSync(join(models, 'digits-vae-2d.ldm'), path)
    const space = await spaces.openFile(path)
    expect(space.hash).toBe((await spaces.open('digits-vae-2d')).hash)
    expect(await spaces.open(path)).toBe(space)
  })

  it('refuses what has no latent space', async () => {
    const denoiser = join(models, '../denoise-grey.ldm')
    await expect(spaces.openFile(denoiser)).rejects.toMatchObject({ code: 'model-unsuitable' })
    await expect(spaces.open('none')).rejects.toMatchObject({ code: 'item-unknown' })
  })
})
