import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageSet } from '../data/imageSet'
import { csvOf, exportCodes } from './exportCodes'
import { npyOf } from './npy'
import type { Space } from './spaces'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mean = Float32Array.of(0.1, -2.5, 1e-8, 3e5, Math.fround(1 / 3), -0)
/** A space of three images with codes of two numbers. */
function spaceOf(labels: number[] | null, test = 0): Space {
  const set = {
    card: { name: 'pictures', images: 3, test, labels: labels && ['cat', 'dog, wet'] },
    labels: labels && Uint8Array.from(labels),
    test: { images: new Uint8Array(0), labels: null },
  } as unknown as ImageSet
  return {
    config: { latent: 2 },
    set: () => Promise.resolve(set),
    codes: () => Promise.resolve({ count: 3, mean, logVariance: null }),
  } as unknown as Space
}

/** Reads a `.npy` file by the format's own words: header, shape and the bytes of the values. */
function readNpy(bytes: Buffer): { header: string; values: Buffer } {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  const length = bytes.readUInt16LE(8)
  expect((10 + length) % 64).toBe(0)
  return {
    header: bytes.subarray(10, 10 + length).toString('latin1'),
    values: bytes.subarray(10 + length),
  }
}

describe('NPY', () => {
  it('has the header of version 1.0 and the values byte for byte', () => {
    const { header, values } = readNpy(Buffer.from(npyOf(mean, [3, 2])))
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 2\), \} *\n$/)
    expect(values.equals(Buffer.from(mean.buffer))).toBe(true)
    const labels = readNpy(Buffer.from(npyOf(Uint8Array.of(7, 0, 255), [3])))
    expect(labels.header).toContain(`'descr': '|u1', 'fortran_order': False, 'shape': (3,), }`)
    expect([...labels.values]).toEqual([7, 0, 255])
  })

  it('is written with its labels beside it', async () => {
    const path = join(folder, 'codes.npy')
    const target = { part: 'training', format: 'npy', path } as const
    const written = await exportCodes(spaceOf([1, 0, 1]), target)
    expect(written).toMatchObject({ images: 3, latent: 2, labels: 'codes.labels.npy' })
    expect(readdirSync(folder).sort()).toEqual(['codes.labels.npy', 'codes.npy'])
    expect(readNpy(readFileSync(path)).values.equals(Buffer.from(mean.buffer))).toBe(true)
    expect([...readNpy(readFileSync(join(folder, 'codes.labels.npy'))).values]).toEqual([1, 0, 1])
    const sizes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).length)
    expect(written.bytes).toBe(sizes.reduce((a, b) => a + b))
  })

  it('is alone where there are no labels', async () => {
    const target = { part: 'training', format: 'npy', path: join(folder, 'codes.npy') } as const
    expect(await exportCodes(spaceOf(null), target)).toMatchObject({ labels: null })
    expect(readdirSync(folder)).toEqual(['codes.npy'])
  })
})

describe('CSV', () => {
  it('has a line an image, numbers that are read back exactly, and labels as words', async () => {
    const path = join(folder, 'codes.csv')
    await exportCodes(spaceOf([1, 0, 1]), { part: 'training', format: 'csv', path })
    const lines = readFileSync(path, 'utf8').split('\n')
    expect(lines[0]).toBe('index,label,z0,z1')
    expect(lines[1]).toBe('0,"dog, wet",0.100000001,-2.5')
    expect(lines.at(-1)).toBe('')
    const numbers = lines.slice(1, -1).flatMap((line) => line.split(',').slice(-2).map(Number))
    expect(numbers.map(Math.fround)).toEqual([...mean].map((value) => value + 0))
  })

  it('leaves the label empty where there is none', async () => {
    expect(Buffer.from(await csvOf(Float32Array.of(1, 2), 1, null)).toString()).toBe(
      'index,label,z0\n0,,1\n1,,2\n',
    )
  })
})

it('a part without images and a folder that is not there are refused by name', async () => {
  const target = { format: 'npy', path: join(folder, 'none', 'codes.npy') } as const
  await expect(exportCodes(spaceOf(null), { ...target, part: 'test' })).rejects.toMatchObject({
    code: 'data-too-few',
    params: { file: 'pictures' },
  })
  await expect(exportCodes(spaceOf(null), { ...target, part: 'training' })).rejects.toMatchObject({
    code: 'target-unwritable',
    params: { file: 'codes.npy' },
  })
})
