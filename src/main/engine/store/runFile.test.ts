import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Container } from './container'
import { encodeContainer } from './container'
import { readContainerHeader } from './containerParts'
import { previewOf, storedPreview } from './previews'
import type { RunFile } from './runFile'
import {
  checkOf,
  containerOf,
  decodeRun,
  encodeRun,
  itemOfRun,
  readRun,
  readRunHeader,
  readRunView,
} from './runFile'
import { sampleRun } from './testing/runs'

const codeOf = (read: () => unknown): unknown => {
  try {
    read()
  } catch (error) {
    return (error as { code?: unknown }).code ?? error
  }
  return 'accepted'
}
const decoded = (file: Container): unknown =>
  codeOf(() => decodeRun(encodeContainer(file), 'run.ldm'))
/** The container with its header changed and the header's own checksum made right again. */
function forged(change: (header: Record<string, unknown>) => void): Container {
  const { header, tensors } = containerOf(sampleRun())
  change(header)
  const { kind: _, config, card, check: __, ...rest } = header
  const shapes = [...tensors].map(([name, { shape }]) => ({ name, shape }))
  return { header: { ...header, check: checkOf(config, card, rest, shapes) }, tensors }
}

describe('a run as a file', () => {
  it('comes back as it was, to the last bit', () => {
    expect(decodeRun(encodeRun(sampleRun()), 'run.ldm')).toEqual(sampleRun())
  })

  it('comes back without history, preview or weights', () => {
    const bare: RunFile = {
      ...sampleRun(),
      history: { epochs: [], points: [] },
      preview: null,
      tensors: new Map(),
      validation: null,
      position: null,
    }
    expect(decodeRun(encodeRun(bare), 'run.ldm')).toEqual(bare)
  })

  it('holds 5,000 epochs and 1,000 points exactly, and its header stays small', () => {
    const file = sampleRun()
    const [record, point] = [file.history.epochs[0], file.history.points[0]]
    const random = (index: number): number => Math.sin(index) * 10 ** (index % 30)
    file.history = {
      epochs: Array.from({ length: 5000 }, (_, index) => ({
        ...(record as NonNullable<typeof record>),
        epoch: index + 1,
        seconds: random(index),
      })),
      points: Array.from({ length: 1000 }, (_, index) => ({
        ...(point as NonNullable<typeof point>),
        step: index + 1,
        loss: random(index),
      })),
    }
    const bytes = Buffer.from(encodeRun(file))
    expect(bytes.readUInt32LE(12)).toBeLessThan(16_000)
    expect(decodeRun(bytes, 'run.ldm').history).toEqual(file.history)
  })

  it('names at most a hundred of the files that its data could not use', () => {
    const file = sampleRun()
    const error = { code: 'image-damaged' as const, message: 'x'.repeat(200), params: {} }
    file.card.data = {
      ...{ name: 'photos', kind: 'folder', licence: null, credit: null, images: 5, test: 0 },
      ...{ width: 8, height: 8, channels: 1, labels: null, hash: 'h', bytes: 1, binary: false },
      skipped: Array.from({ length: 20_000 }, (_, index) => ({ file: `${index}.png`, error })),
    }
    const read = decodeRun(encodeRun(file), 'run.ldm')
    expect(read.card.data?.skipped).toHaveLength(100)
  })

  it.each<[string, (file: RunFile) => void, RegExp]>([
    ['unknown tensor', (file) => file.tensors.set('other', w([1])), /no tensor of a run/],
    ['moment of another shape', (file) => file.tensors.set('last/w/adam/m', w([2])), /not the/],
    ['best of another shape', (file) => file.tensors.set('best/w', w([3])), /not the shape/],
    ['preview without pictures', (file) => file.tensors.delete('preview/outputs'), /without/],
    ['pictures of two sizes', (file) => file.tensors.set('preview/outputs', w([1])), /pictures/],
    ['pictures without a preview', (file) => void (file.preview = null), /pictures/],
  ])('cannot be made with %s', (_what, change, message) => {
    const file = sampleRun()
    change(file)
    expect(() => encodeRun(file)).toThrow(message)
  })
})
const w = (shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) })

describe('what is no proper run', () => {
  it('is refused: another kind of container', () => {
    const header = { kind: 'denoiser', config: {}, card: {} }
    expect(decoded({ header, tensors: new Map() })).toBe('model-not-ours')
  })

  it.each<[string, (header: Record<string, unknown>) => void]>([
    ['an unknown key', (header) => (header['path'] = '/etc')],
    ['a missing key', (header) => delete header['progress']],
    ['a state that is none', (header) => (header['progress'] = { state: 'dancing' })],
    ['a configuration of nothing known', (header) => (header['config'] = { model: 'x' })],
    ['a preview without pictures of it', (header) => (header['preview'] = null)],
    ['a card of something else', (header) => (header['card'] = [])],
    ['no format', (header) => delete header['format']],
  ])('is refused: %s', (_what, change) => {
    expect(decoded(forged(change))).toBe('model-damaged')
  })

  it('is refused where its header was changed, before any weight is read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'run-'))
    const path = join(folder, 'run.ldm')
    const bytes = Buffer.from(encodeRun(sampleRun()))
    bytes.write('B', bytes.indexOf('"sample"') + 1) // still a proper header
    writeFileSync(path, bytes)
    const { header } = await readContainerHeader(path)
    expect(codeOf(() => readRunHeader(header, 'run.ldm'))).toBe('model-damaged')
    rmSync(folder, { recursive: true })
  })

  it('of a later format is read where it has what we know, and named newer where not', () => {
    const later = forged((header) => Object.assign(header, { format: 2, colour: 'new' }))
    expect(decodeRun(encodeContainer(later), 'run.ldm').card.name).toBe('sample')
    const other = forged((header) => Object.assign(header, { format: 2, progress: 'new' }))
    expect(decoded(other)).toBe('model-newer')
  })
})

describe('reading a part of a file', () => {
  let folder = ''
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'run-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('gives the item of the library, the curves and the pictures', async () => {
    const path = join(folder, 'abc.ldm')
    const file = sampleRun({ name: 'mine' })
    writeFileSync(path, encodeRun(file))
    const { header, state } = await readContainerHeader(path)
    const place = { item: 'abc', bundled: false }
    expect(itemOfRun(readRunHeader(header, 'abc.ldm'), { state }, place)).toMatchObject({
      ...{ item: 'abc', name: 'mine', kind: 'autoencoder', bundled: false, readOnly: false },
      ...{ bytes: state.size, changed: state.mtimeMs, progress: file.progress, parameters: 1024 },
    })
    const curves = await readRunView(path, 'history')
    expect([curves.history, [...curves.tensors.keys()]]).toEqual([file.history, []])
    const pictures = await readRunView(path, 'preview')
    expect([...pictures.tensors.keys()]).toEqual(['preview/inputs', 'preview/outputs'])
    const shown = previewOf(pictures)
    expect(shown).toMatchObject({ epoch: 2, clean: null, inputs: { count: 2, width: 4 } })
    expect([shown?.inputs.pixels[0], shown?.outputs.pixels[31]]).toEqual([64, 255])
    expect(shown && previewOf(storedPreview(shown))).toEqual(shown)
  })

  it('needs a header that is longer than the first read, and a file of the right length', async () => {
    const path = join(folder, 'abc.ldm')
    const file = sampleRun()
    const counts = Array.from({ length: 10_000 }, (_, index) => index)
    file.preview = { epoch: 2, latents: { from: 0, to: 1, counts, means: [] } }
    const bytes = encodeRun(file)
    writeFileSync(path, bytes)
    const { header } = await readContainerHeader(path)
    expect(readRunHeader(header, 'abc.ldm').preview).toEqual(file.preview)
    writeFileSync(path, bytes.subarray(0, -4))
    await expect(readContainerHeader(path)).rejects.toMatchObject({ code: 'model-damaged' })
    await expect(readRun(path)).rejects.toMatchObject({ code: 'model-damaged' })
  })
})
