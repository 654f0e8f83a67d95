import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Container } from './container'
import { decodeContainer, encodeContainer, readContainer, writeContainer } from './container'

const sample = (): Container => ({
  header: { kind: 'denoiser', config: { channels: 1 }, card: { name: 'x' }, step: 7 },
  tensors: new Map([
    ['a/weights', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) }],
    ['a/bias', { shape: [], data: Float32Array.of(9) }],
  ]),
})
const codeOf = (bytes: Uint8Array): unknown => {
  let code: unknown = 'accepted'
  try {
    decodeContainer(bytes, 'm.ldm')
  } catch (error) {
    code = (error as { code?: unknown }).code ?? error
  }
  return code
}
/** A file with any header and data, its checksum right: what only somebody who means harm would make. */
const forge = (header: unknown, data: Uint8Array = new Uint8Array(), version = 1): Buffer => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const start = Buffer.alloc(16)
  start.write('LDARKRM\x1a', 'latin1')
  start.writeUInt32LE(version, 8)
  start.writeUInt32LE(json.length, 12)
  const body = Buffer.concat([start, json, data])
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}
const header = (tensors: unknown, more: object = {}): object => ({
  kind: 'denoiser',
  config: null,
  card: null,
  more: {},
  tensors,
  ...more,
})

describe('round trip', () => {
  it('gives back header, names, shapes and the exact bits', () => {
    const read = decodeContainer(encodeContainer(sample()), 'm.ldm')
    expect(read).toEqual(sample())
    expect(Object.is(read.tensors.get('a/weights')?.data[4], -0)).toBe(true)
  })

  it('holds for any container', () => {
    const tensor = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }).chain((shape) =>
      fc
        .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: shape.reduce((a, b) => a * b, 1),
          maxLength: shape.reduce((a, b) => a * b, 1),
        })
        .map((values) => ({ shape, data: Float32Array.from(values) })),
    )
    const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_./-]{0,20}$/)
    const containers = fc.record({
      // '__proto__' as a key is dropped, on purpose
      config: fc
        .jsonValue({ maxDepth: 3 })
        .filter((value) => !JSON.stringify(value).includes('__proto__')),
      tensors: fc.array(fc.tuple(name, tensor), { maxLength: 5 }),
    })
    fc.assert(
      fc.property(containers, ({ config, tensors }) => {
        const plain: unknown = JSON.parse(JSON.stringify(config))
        const container = {
          header: { kind: 'run', config: plain, card: null },
          tensors: new Map(tensors),
        }
        expect(decodeContainer(encodeContainer(container), 'm.ldm')).toEqual(container)
      }),
      { numRuns: 200 },
    )
  })

  it('reads from bytes that begin anywhere in their buffer', () => {
    const file = encodeContainer(sample())
    const shifted = new Uint8Array(file.length + 3)
    shifted.set(file, 3)
    expect(decodeContainer(shifted.subarray(3), 'm.ldm')).toEqual(sample())
  })

  it('begins its values at a multiple of 64 and ends with the SHA-256 of the rest', () => {
    const file = Buffer.from(encodeContainer(sample()))
    expect((16 + file.readUInt32LE(12)) % 64).toBe(0)
    expect(file.length).toBe(16 + file.readUInt32LE(12) + 7 * 4 + 32)
    expect(
      createHash('sha256').update(file.subarray(0, -32)).digest().equals(file.subarray(-32)),
    ).toBe(true)
  })
})

describe('encoding refuses what could not be read back', () => {
  const withTensor = (name: string, shape: number[], data: Float32Array): Container => ({
    header: { kind: 'denoiser', config: null, card: null },
    tensors: new Map([[name, { shape, data }]]),
  })
  it.each([
    [
      'a shape that does not fit',
      withTensor('a', [3], new Float32Array(2)),
      /Expected 3 values for \[3\]\. Received 2\./,
    ],
    ['a value that is not a number', withTensor('a', [1], Float32Array.of(NaN)), /finite/],
    ['an infinite value', withTensor('a', [1], Float32Array.of(Infinity)), /finite/],
    ['a name like a path upwards', withTensor('../a', [1], new Float32Array(1)), /name/],
    ['an unfit kind', { ...sample(), header: { kind: 'A B', config: null, card: null } }, /kind/],
    [
      'a huge header',
      { ...sample(), header: { kind: 'a', config: 'x'.repeat(1 << 20), card: null } },
      /1 MiB/,
    ],
    [
      'a config that is no JSON',
      { ...sample(), header: { kind: 'a', config: { f: NaN }, card: null } },
      /config/,
    ],
  ])('%s', (_what, container, message) => {
    expect(() => encodeContainer(container)).toThrow(message)
  })
})

describe('damage', () => {
  const file = Buffer.from(encodeContainer(sample()))
  const refused = ['model-damaged', 'model-not-ours', 'model-newer']

  it('is refused wherever the file was cut', () => {
    for (let length = 0; length < file.length; length++) {
      expect(refused, `cut to ${length}`).toContain(codeOf(file.subarray(0, length)))
    }
    expect(codeOf(Buffer.concat([file, Buffer.alloc(1)]))).toBe('model-damaged')
  })

  it('is refused whichever byte was changed', () => {
    for (let index = 0; index < file.length; index++) {
      const changed = Buffer.from(file)
      changed[index] = (changed[index] as number) ^ (1 << (index % 8))
      expect(refused, `byte ${index}`).toContain(codeOf(changed))
    }
  })

  it('is refused for zeroed ranges and swapped blocks', () => {
    fc.assert(
      fc.property(
        fc.nat(file.length - 9),
        fc.nat(file.length - 9),
        fc.integer({ min: 1, max: 8 }),
        (from, to, length) => {
          const zeroed = Buffer.from(file).fill(0, from, from + length)
          const swapped = Buffer.from(file)
          file.copy(swapped, to, from, from + length)
          file.copy(swapped, from, to, to + length)
          for (const changed of [zeroed, swapped]) {
            if (!changed.equals(file)) expect(refused).toContain(codeOf(changed))
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('tells other files, newer ones and damaged ones apart', () => {
    expect(codeOf(Buffer.from('\x89PNG\r\n\x1a\n and more of a picture'))).toBe('model-not-ours')
    expect(codeOf(new Uint8Array())).toBe('model-not-ours')
    expect(codeOf(forge(header([]), undefined, 2))).toBe('model-newer')
    expect(codeOf(forge(header([]), undefined, 0))).toBe('model-damaged')
    expect(codeOf(forge(header([])))).toBe('accepted')
  })
})

describe('a forged file with a right checksum', () => {
  const one = new Uint8Array(4)
  const deep = `{"kind":"a","card":null,"more":{},"tensors":[],"config":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  it.each([
    ['no JSON', '{'],
    ['a header that is a list', []],
    ['an unknown key', header([], { run: 'x' })],
    ['a missing key', { kind: 'denoiser', card: null, more: {}, tensors: [] }],
    ['more that hides the kind', header([], { more: { kind: 'other' } })],
    ['config nested without end', deep],
    ['a shape whose product overflows', header([{ name: 'a', shape: Array(6).fill(0x7fffffff) }])],
    ['a shape larger than the file', header([{ name: 'a', shape: [0x7fffffff] }])],
    [
      'sizes that add up only without signs',
      header([
        { name: 'a', shape: [2] },
        { name: 'b', shape: [-1] },
      ]),
    ],
    ['a side of zero', header([{ name: 'a', shape: [0] }])],
    ['a fraction as a side', header([{ name: 'a', shape: [1.5] }])],
    ['too many sides', header([{ name: 'a', shape: [1, 1, 1, 1, 1, 1, 1] }])],
    [
      'the same name twice',
      header([
        { name: 'a', shape: [] },
        { name: 'a', shape: [] },
      ]),
    ],
    ['a name like a path', header([{ name: '/etc/passwd', shape: [] }])],
    ['values left over', header([])],
  ])('is refused: %s', (_what, forged) => {
    expect(codeOf(forge(forged, one))).toBe('model-damaged')
  })

  it('is refused for values that are not finite', () => {
    const tensors = [{ name: 'a', shape: [1] }]
    expect(codeOf(forge(header(tensors), Buffer.from('0000c07f', 'hex')))).toBe('model-damaged')
    expect(codeOf(forge(header(tensors), Buffer.from('000080ff', 'hex')))).toBe('model-damaged')
    expect(codeOf(forge(header(tensors), Buffer.from('0000803f', 'hex')))).toBe('accepted')
  })

  it('is refused for bytes that are not UTF-8', () => {
    const text = Buffer.from(JSON.stringify(header([], { config: 'é' })))
    const latin = Buffer.from(text.toString('utf8'), 'latin1')
    const start = Buffer.from(forge('').subarray(0, 16))
    start.writeUInt32LE(latin.length, 12)
    const body = Buffer.concat([start, latin])
    expect(codeOf(Buffer.concat([body, createHash('sha256').update(body).digest()]))).toBe(
      'model-damaged',
    )
  })
})

describe('files', () => {
  let folder = ''
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'container-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('are written and read with their size and hash', async () => {
    const path = join(folder, 'a.ldm')
    await writeContainer(path, sample())
    const bytes = encodeContainer(sample())
    expect(await readContainer(path)).toEqual({
      ...sample(),
      bytes: bytes.length,
      hash: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(readdirSync(folder)).toEqual(['a.ldm'])
  })

  it('are refused by name when missing, a folder or not ours', async () => {
    writeFileSync(join(folder, 'short'), 'abc')
    const refusal = (code: string, file: string) =>
      expect.objectContaining({
        code,
        params: expect.objectContaining({ file }) as unknown,
      }) as unknown
    await expect(readContainer(join(folder, 'none.ldm'))).rejects.toEqual(
      refusal('file-not-found', 'none.ldm'),
    )
    await expect(readContainer(folder)).rejects.toThrow(/cannot be read: EISDIR/)
    await expect(readContainer(join(folder, 'short'))).rejects.toEqual(
      refusal('model-not-ours', 'short'),
    )
  })
})
