import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { picture, writePicture, writeStubModel } from '../../main/engine/photos/testing/testEngine'
import { decodeImage, encodeImage, joinTiffPages, type Planes } from '../../main/engine/codec'
import { profile } from '../../main/engine/codec/testing/files'
import type { Outcome } from '../testing/runCli'
import { runCli } from '../testing/runCli'
import { workbench } from '../testing/workbench'

const bench = workbench()
const { at, cli, read } = bench
/** The lines about files, without the totals. */
const files = ({ json }: Outcome): Record<string, unknown>[] =>
  json().filter((line) => 'path' in line)

describe('denoise', () => {
  it('writes one file for one input and says what it did', async () => {
    const planes = picture(50, 40)
    await writePicture(at('in.png'), planes)
    const { status, out, errors } = await cli(
      'denoise',
      at('in.png'),
      '--out',
      at('out.png'),
      '--sigma',
      '12',
    )
    expect([status, errors]).toEqual([0, []])
    expect(out).toHaveLength(1)
    expect(out[0]).toMatch(/in\.png → .*out\.png {2}σ 12\.0, \d+\.\d s, \d+\.\d+ megapixels\/s$/)
    expect((await read(at('out.png'))).data).toEqual(planes.data)
    expect(bench.control.sigmas).toEqual([12])
  })

  it('estimates the level by itself, and tells it', async () => {
    await writePicture(at('in.png'), picture(100, 80))
    const result = await cli('denoise', at('in.png'), '--out', at('out.png'), '--json')
    expect(files(result)).toEqual([
      expect.objectContaining({
        path: at('in.png'),
        state: 'done',
        out: at('out.png'),
        look: { luma: 100, chroma: 100, texture: 0 },
        sigmaEstimated: true,
        sigma: bench.control.sigmas[0],
        bytes: readFileSync(at('out.png')).length,
      }),
    ])
  })

  it('takes many files and folders, keeps their names and places, and names one that is bad', async () => {
    mkdirSync(at('photos', 'trip'), { recursive: true })
    await writePicture(at('photos', 'a.png'), picture(20, 20))
    await writePicture(at('photos', 'trip', 'b.JPG'), picture(20, 20, 1), 'jpeg')
    await writePicture(at('photos', 'trip', 'c.webp'), picture(20, 20), 'webp')
    writeFileSync(at('photos', 'bad.png'), 'not at all')
    writeFileSync(at('photos', 'notes.txt'), 'skipped in silence')
    await writePicture(at('single.png'), picture(20, 20))
    const result = await cli('denoise', at('photos'), at('single.png'), '--out', at('done'))
    expect(result.status).toBe(1)
    expect(result.errors).toEqual([
      `“${at('photos', 'bad.png')}” is not an image that this program knows. Choose a JPEG, PNG, WebP, AVIF or TIFF file.`,
    ])
    expect(readdirSync(at('done')).sort()).toEqual(['a.png', 'single.png', 'trip'])
    expect(readdirSync(at('done', 'trip')).sort()).toEqual(['b.JPG', 'c.webp'])
    expect((await read(at('done', 'trip', 'b.JPG'))).format).toBe('jpeg')
    expect((await read(at('done', 'trip', 'c.webp'))).format).toBe('webp')
  })

  it('with --json tells each failure as an object too', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    writeFileSync(at('empty.png'), '')
    const result = await cli(
      'denoise',
      at('a.png'),
      at('empty.png'),
      at('none.png'),
      '--out',
      at('done'),
      '--json',
    )
    expect(result.status).toBe(1)
    expect(result.json().slice(1)).toEqual([
      {
        path: at('empty.png'),
        state: 'failed',
        error: { code: 'file-empty', message: result.errors[0] },
      },
      {
        path: at('none.png'),
        state: 'failed',
        error: { code: 'file-not-found', message: result.errors[1] },
      },
      {
        totals: {
          files: 3,
          done: 1,
          skipped: 0,
          failed: 2,
          left: 0,
          seconds: expect.any(Number) as unknown,
        },
      },
    ])
    expect(result.errors[1]).toContain(at('none.png'))
  })

  it('keeps 16 bits in a PNG, unless told otherwise', async () => {
    await writePicture(at('in.png'), picture(20, 20, 3, 16))
    await cli('denoise', at('in.png'), '--out', at('deep.png'))
    await cli('denoise', at('in.png'), '--out', at('flat.png'), '--bits', '8')
    expect([(await read(at('deep.png'))).bits, (await read(at('flat.png'))).bits]).toEqual([16, 8])
  })

  it('takes 16-bit TIFF in and out with its colour profile, and says what it did to it', async () => {
    const icc = profile('RGB ', 'Display P3', 4)
    const metadata = { exif: null, icc, xmp: null, profileName: 'Display P3' }
    const options = { format: 'tiff', bits: 16, quality: 1, metadata } as const
    writeFileSync(at('in.tif'), await encodeImage(picture(40, 30, 3, 16), options))
    const { status, errors } = await cli('denoise', at('in.tif'), '--out', at('out.tif'))
    expect([status, errors]).toEqual([0, []])
    const out = await read(at('out.tif'))
    expect(out).toMatchObject({ format: 'tiff', fileBits: 16, bits: 16, float: false })
    expect(out.data).toEqual(picture(40, 30, 3, 16).data)
    expect(out.metadata.icc).toEqual(icc)
    expect(Buffer.from(out.metadata.exif ?? []).toString('latin1')).toContain('Latent Darkroom')
    const xmp = Buffer.from(out.metadata.xmp ?? []).toString('utf8')
    expect(xmp).toMatch(/darkroom:Model="denoise-colour" darkroom:ModelHash="[0-9a-f]{64}"/)
    await cli('denoise', at('in.tif'), '--out', at('bare.tif'), '--strip-metadata')
    expect((await read(at('bare.tif'))).metadata).toMatchObject({
      exif: null,
      icc: null,
      xmp: null,
    })
  })

  it('keeps every page of a stack, and refuses a format that would lose them', async () => {
    const options = { format: 'tiff', bits: 16, quality: 1, metadata: null } as const
    const pages: Uint8Array[] = []
    for (const width of [20, 24, 28]) {
      const start = pages.reduce((sum, page) => sum + page.length, 0)
      pages.push(await encodeImage(picture(width, 20, 1, 16), { ...options, start }))
    }
    writeFileSync(at('stack.tif'), joinTiffPages(pages))
    const all = await cli('denoise', at('stack.tif'), '--out', at('out.tif'), '--json')
    expect(files(all)).toMatchObject([1, 2, 3].map((page) => ({ page, pages: 3 })))
    for (const [i, width] of [20, 24, 28].entries()) {
      const page = await decodeImage(readFileSync(at('out.tif')), 'out.tif', i + 1)
      expect(page).toMatchObject({
        pages: 3,
        width,
        bits: 16,
        data: picture(width, 20, 1, 16).data,
      })
    }
    const lost = await cli('denoise', at('stack.tif'), '--out', at('out.png'), '--json')
    expect(files(lost)).toMatchObject([{ error: { code: 'pages-need-tiff' } }])
    await cli('denoise', at('stack.tif'), '--out', at('one.png'), '--page', '2')
    expect((await read(at('one.png'))).width).toBe(24)
    const beyond = await cli(
      'denoise',
      at('stack.tif'),
      '--out',
      at('x.png'),
      '--page',
      '4',
      '--json',
    )
    expect(files(beyond)).toMatchObject([{ error: { code: 'page-missing' } }])
  })

  it('tells of bits that a format does not hold', async () => {
    await writePicture(at('in.png'), picture(20, 20, 3, 16))
    const kept = await cli('denoise', at('in.png'), '--out', at('out.jpg'))
    expect([kept.status, kept.errors]).toEqual([
      0,
      [`${at('out.jpg')}: 8 bits of the 16 in the source are kept.`],
    ])
    const asked = await cli('denoise', at('in.png'), '--out', at('b.jpg'), '--bits', '16')
    expect(asked.status).toBe(2)
    expect(asked.errors[0]).toMatch(/^JPEG does not hold 16 bits, only 8\. /)
  })

  it('at strength 0 gives the input, at 50 half of the way', async () => {
    const planes = picture(60, 40, 1)
    await writePicture(at('in.png'), planes)
    bench.control.radius = 4
    for (const strength of ['0', '50', '100']) {
      await cli(
        'denoise',
        at('in.png'),
        '--out',
        at(`${strength}.png`),
        '--sigma',
        '9',
        '--strength',
        strength,
      )
    }
    const [none, half, whole] = await Promise.all(
      ['0', '50', '100'].map((each) => read(at(`${each}.png`))),
    )
    expect(none?.data).toEqual(planes.data)
    expect(whole?.data).not.toEqual(planes.data)
    const off = Array.from(half?.data ?? [NaN], (value, i) =>
      Math.abs(value - ((none?.data[i] as number) + (whole?.data[i] as number)) / 2),
    )
    expect(Math.max(...off)).toBeLessThanOrEqual(0.5)
  })

  it('mixes luma and chroma apart; texture changes nothing of the input', async () => {
    const planes = picture(60, 40)
    await writePicture(at('in.png'), planes)
    bench.control.radius = 4
    const by = async (...options: string[]): Promise<Planes> => {
      await cli('denoise', at('in.png'), '--out', at('out.png'), '--sigma', '9', ...options)
      return read(at('out.png'))
    }
    expect((await by('--luma', '0', '--chroma', '0', '--texture', '100')).data).toEqual(planes.data)
    const both = await by('--strength', '40')
    expect(both.data).toEqual((await by('--luma', '40', '--chroma', '40')).data)
    expect((await by('--strength', '40', '--chroma', '100')).data).not.toEqual(both.data)
  })

  it('scores without an original when asked, says where that is not valid, and why it chose', async () => {
    const smooth = picture(300, 200, 1)
    await writePicture(at('clean.png'), smooth)
    const noise = ['--kind', 'gaussian', '--sigma', '20', '--seed', '1']
    await cli('add-noise', at('clean.png'), '--out', at('noisy.png'), ...noise)
    const inputs = [at('noisy.png'), at('clean.png')]
    const told = await cli('denoise', ...inputs, '--out', at('done'), '--score', '--json')
    expect(told.status).toBe(0)
    expect(files(told)).toMatchObject([
      { score: { pixels: 15_000 }, reasons: { model: 'grey', level: 'estimated' } },
      { score: null, invalid: { code: 'score-invalid' } },
    ])
    const { out } = await cli('denoise', at('noisy.png'), '--out', at('one.png'), '--score')
    expect(out).toHaveLength(3)
    expect(out[1]).toMatch(/^ {2}denoise-grey, because the photo is grey; level [\d.]+, read from/)
    expect(out[2]).toMatch(/^ {2}self-check [\d.]+ \(noise [\d.]+, mean of neighbours [\d.]+/)
  })

  it('never writes over an input, by whatever name', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    await writePicture(at('other.png'), picture(20, 20))
    symlinkSync(at('other.png'), at('link.png'))
    const before = readFileSync(at('in.png'))
    for (const out of [at('in.png'), bench.folder, at('models', '..', 'in.png')]) {
      const { status, errors } = await cli('denoise', at('in.png'), '--out', out)
      expect([status, errors.length]).toEqual([1, 1])
      expect(errors[0]).toMatch(/in\.png” is an original, and originals are never overwritten/)
    }
    const links = await cli('denoise', at('other.png'), '--out', at('link.png'))
    expect(links.status).toBe(1)
    expect(readFileSync(at('in.png')).equals(before)).toBe(true)
    expect(readdirSync(bench.folder).sort()).toEqual(['in.png', 'link.png', 'models', 'other.png'])
  })

  it('gives inputs of one name different targets', async () => {
    for (const place of ['x', 'y']) {
      mkdirSync(at(place))
      await writePicture(at(place, 'a.png'), picture(20, 20))
    }
    const result = await cli(
      'denoise',
      at('x', 'a.png'),
      at('y', 'a.png'),
      '--out',
      at('done'),
      '--json',
    )
    expect(files(result).map(({ out }) => out)).toEqual([
      at('done', 'a.png'),
      at('done', 'a.png.png'),
    ])
    expect(readdirSync(at('done'))).toHaveLength(2)
  })

  it('leaves out what it wrote into a folder below its input', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    await cli('denoise', bench.folder, '--out', at('done'))
    const again = await cli('denoise', bench.folder, '--out', at('done'), '--json')
    expect(again.status).toBe(0)
    expect(files(again)).toHaveLength(1)
  })

  it('with --skip-existing does only the rest, and tells how many of each', async () => {
    mkdirSync(at('x'))
    mkdirSync(at('y'))
    mkdirSync(at('done'))
    // two of one name: the second keeps the name that it had, though the first is skipped
    for (const place of ['x', 'y']) await writePicture(at(place, 'a.png'), picture(20, 20))
    await writePicture(at('x', 'empty.png'), picture(20, 20))
    writeFileSync(at('done', 'a.png'), 'left as it is')
    writeFileSync(at('done', 'empty.png'), '')
    const again = ['denoise', at('x'), at('y'), '--out', at('done'), '--skip-existing']
    const first = await cli(...again)
    expect([first.status, first.errors]).toEqual([0, []])
    expect(first.out[0]).toBe(
      `${at('x', 'a.png')}: skipped, ${at('done', 'a.png')} is there already`,
    )
    expect(first.out.at(-1)).toMatch(
      /^3 files: 2 done, 1 skipped, 0 failed, 0 not begun; [\d.]+ s$/,
    )
    expect(readFileSync(at('done', 'a.png'), 'utf8')).toBe('left as it is')
    expect(readdirSync(at('done')).sort()).toEqual(['a.png', 'a.png.png', 'empty.png'])
    expect((await read(at('done', 'empty.png'))).width).toBe(20)

    const calls = bench.control.sigmas.length
    const second = await cli(...again, '--json')
    expect(second.status).toBe(0)
    expect(files(second)).toEqual([
      { path: at('x', 'a.png'), state: 'skipped', out: at('done', 'a.png') },
      { path: at('x', 'empty.png'), state: 'skipped', out: at('done', 'empty.png') },
      { path: at('y', 'a.png'), state: 'skipped', out: at('done', 'a.png.png') },
    ])
    expect(bench.control.sigmas).toHaveLength(calls)
  })

  it('tells how far the whole batch is', async () => {
    for (const name of ['a', 'b']) await writePicture(at(`${name}.png`), picture(20, 20))
    const seen: (string | null)[] = []
    const settings = { ...bench, onProgress: (line: string | null) => void seen.push(line) }
    await runCli(settings, 'denoise', at('a.png'), at('b.png'), '--out', at('done'))
    expect(seen).toContainEqual(expect.stringMatching(/^1 of 2, … min left · a\.png: /))
    expect(seen).toContainEqual(expect.stringMatching(/^2 of 2, 1 min left · b\.png: /))
  })

  it('names results by a pattern, and refuses a second input of one name', async () => {
    mkdirSync(at('set', 'trip'), { recursive: true })
    await writePicture(at('set', '{model} $&.JPG'), picture(20, 20), 'jpeg')
    await writePicture(at('set', 'trip', 'b.png'), picture(20, 20))
    await writePicture(at('set', 'trip', 'b.webp'), picture(24, 20), 'webp')
    await writeStubModel(at('mine.ldm'), 'mine', 3)
    const named = ['--pattern', '{name}-{model}', '--model', at('mine.ldm')]
    const result = await cli('denoise', at('set'), '--out', at('done'), '--format', 'png', ...named)
    const taken = at('done', 'trip', 'b-mine.png')
    expect([result.status, result.errors]).toEqual([
      1,
      [
        `“${taken}” is the result of “${at('set', 'trip', 'b.png')}” already. Choose a pattern or folders that give each photo a name of its own.`,
      ],
    ])
    expect(readdirSync(at('done')).sort()).toEqual(['trip', '{model} $&-mine.png'])
    expect(readdirSync(at('done', 'trip'))).toEqual(['b-mine.png'])
    expect((await read(taken)).width).toBe(20)
    // by the formats of the inputs the names differ, and the ending stays as it was written
    await cli('denoise', at('set'), '--out', at('each'), '--pattern', 'x {name}')
    expect(readdirSync(at('each')).sort()).toEqual(['trip', 'x {model} $&.JPG'])
    expect(readdirSync(at('each', 'trip')).sort()).toEqual(['x b.png', 'x b.webp'])
  })

  it('never writes over an input that a pattern names, also through a link', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    await writePicture(at('a-b.png'), picture(24, 20))
    mkdirSync(at('done'))
    symlinkSync(at('a.png'), at('done', 'a-b.png'))
    const before = [at('a.png'), at('a-b.png')].map((path) => readFileSync(path))
    const by = async (out: string, ...more: string[]) => {
      const inputs = [at('a.png'), at('a-b.png')]
      const args = ['--out', out, '--pattern', '{name}-b', '--json', ...more]
      return files(await cli('denoise', ...inputs, ...args))
    }
    const refused = { error: { code: 'target-is-source' } }
    expect((await by(at('done')))[0]).toMatchObject(refused)
    expect((await by(at('done'), '--skip-existing'))[0]).toMatchObject(refused)
    const taken = { error: { code: 'target-taken' } }
    expect(await by(bench.folder)).toMatchObject([refused, taken])
    expect(await by(bench.folder, '--skip-existing')).toMatchObject([
      { state: 'skipped', out: at('a-b.png') },
    ])
    expect([at('a.png'), at('a-b.png')].map((path) => readFileSync(path))).toEqual(before)
  })

  it('does the rest again where results lie among their inputs, folders and links alike', async () => {
    mkdirSync(at('set', 'trip'), { recursive: true })
    symlinkSync(at('set'), at('link'))
    await writePicture(at('set', 'a.png'), picture(20, 20))
    await writePicture(at('set', 'trip', 'b.png'), picture(20, 20))
    const args = ['--out', at('set'), '--pattern', '{name}-clean', '--skip-existing', '--json']
    const results = [at('set', 'a-clean.png'), at('set', 'trip', 'b-clean.png')]
    expect(files(await cli('denoise', at('set'), ...args)).map(({ out }) => out)).toEqual(results)
    rmSync(at('set', 'a-clean.png'))
    for (const state of ['done', 'skipped']) {
      const again = await cli('denoise', at('link'), ...args)
      expect([again.status, again.errors]).toEqual([0, []])
      expect(files(again)).toMatchObject([
        { path: at('link', 'a.png'), state },
        { path: at('link', 'trip', 'b.png'), state: 'skipped' },
      ])
    }
    const inputs = ['a.png', 'a-clean.png'].map((name) => at('set', name))
    expect(files(await cli('denoise', ...inputs, ...args))).toMatchObject([{ state: 'skipped' }])
    expect(readdirSync(at('set')).sort()).toEqual(['a-clean.png', 'a.png', 'trip'])
  })

  it('knows results among their inputs by another format, also of two of one name', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    await writePicture(at('a.webp'), picture(20, 20), 'webp')
    const args = ['denoise', bench.folder, '--out', bench.folder, '--format', 'tiff']
    for (const state of ['done', 'skipped']) {
      const result = await cli(...args, '--skip-existing', '--json')
      expect(files(result)).toMatchObject([
        { path: at('a.png'), state, out: at('a.tif') },
        { path: at('a.webp'), state, out: at('a.webp.tif') },
      ])
    }
  })

  it('without --skip-existing replaces no result among its inputs, and does none again', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    const args = ['denoise', bench.folder, '--out', bench.folder, '--pattern', '{name}-clean']
    await cli(...args)
    const before = readFileSync(at('a-clean.png'))
    bench.control.radius = 4
    const again = await cli(...args, '--json')
    expect(again.status).toBe(1)
    expect(files(again)).toMatchObject([
      { path: at('a-clean.png'), error: { code: 'target-taken' } },
      { path: at('a.png'), error: { code: 'target-is-source' } },
    ])
    expect(readFileSync(at('a-clean.png')).equals(before)).toBe(true)
    expect(readdirSync(bench.folder).sort()).toEqual(['a-clean.png', 'a.png', 'models'])
  })

  it('does a file once that is named twice', async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', 'a.png'), picture(20, 20))
    symlinkSync(at('set'), at('link'))
    const inputs = [at('set', 'a.png'), at('set'), at('link', 'a.png'), at('set', '.', 'a.png')]
    const result = await cli('denoise', ...inputs, '--out', at('done'), '--json')
    expect(files(result)).toMatchObject([{ path: at('set', 'a.png'), state: 'done' }])
    expect(readdirSync(at('done'))).toEqual(['a.png'])
  })

  it('names each picture in a folder that it cannot read, beside those that it can', async () => {
    mkdirSync(at('camera'))
    writeFileSync(at('camera', 'IMG_1.NEF'), 'MM\0*\0\0\0\x08 and what a camera writes')
    writeFileSync(at('camera', 'phone.HEIC'), '\0\0\0\x18ftypheic\0\0\0\0mif1heic')
    writeFileSync(at('camera', 'notes.txt'), 'passed over')
    const by = (): Promise<Outcome> =>
      cli('denoise', at('camera'), '--out', at('done'), '--format', 'png', '--json')
    const unsupported = { state: 'failed', error: { code: 'format-unsupported' } }
    const only = await by()
    expect(only.status).toBe(1)
    expect(files(only)).toMatchObject([unsupported, unsupported])
    expect(only.errors).toEqual([
      expect.stringMatching(/IMG_1\.NEF” is of a kind .*: Camera RAW \(NEF\)\. In another program/),
      expect.stringMatching(/phone\.HEIC” is of a kind that is not supported: HEIC\. /),
    ])
    await writePicture(at('camera', 'IMG_1.JPG'), picture(20, 20), 'jpeg')
    const both = await by()
    expect(files(both)).toMatchObject([
      { path: at('camera', 'IMG_1.JPG'), state: 'done', out: at('done', 'IMG_1.png') },
      { path: at('camera', 'IMG_1.NEF'), ...unsupported },
      { path: at('camera', 'phone.HEIC'), ...unsupported },
    ])
  })

  it('passes over a format that does not hold the bits, and reports all the same', async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', 'a.png'), picture(20, 20))
    await writePicture(at('set', 'b.jpg'), picture(20, 20), 'jpeg')
    await writePicture(at('set', 'c.png'), picture(20, 20))
    const args = ['denoise', at('set'), '--out', at('done'), '--bits', '16']
    const { status, errors } = await cli(...args, '--report', at('report.json'))
    expect([status, errors]).toEqual([
      1,
      [
        `“${at('done', 'b.jpg')}” cannot be written: JPEG does not hold 16 bits, only 8. Choose another name or folder.`,
      ],
    ])
    expect(JSON.parse(readFileSync(at('report.json'), 'utf8'))).toMatchObject({
      files: [{ state: 'done' }, { error: { code: 'target-unwritable' } }, { state: 'done' }],
    })
    // known before anything is read where it is so for all
    const all = await cli(...args, '--format', 'jpeg')
    expect([all.status, all.out]).toEqual([2, []])
  })

  it('refuses patterns that are none, and one for a single file', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    const wrong = ['', 'clean', '../{name}', '{name}\\x', '{name}{name}', '{name}{date}']
    for (const pattern of [...wrong, '{name', '{name}.png', '{name}-{model}']) {
      const result = await cli('denoise', at('in.png'), '--out', at('done'), '--pattern', pattern)
      expect([pattern, result.status, result.errors.length]).toEqual([pattern, 2, 1])
      expect(result.errors[0]).toMatch(/--pattern/)
    }
    const one = await cli('denoise', at('in.png'), '--out', at('o.png'), '--pattern', '{name}')
    expect([one.status, readdirSync(bench.folder).sort()]).toEqual([2, ['in.png', 'models']])
  })

  it('writes a report of every file, whatever became of it', async () => {
    for (const name of ['a', 'b']) await writePicture(at(`${name}.png`), picture(100, 80))
    writeFileSync(at('bad.png'), 'no picture')
    await cli('denoise', at('a.png'), '--out', at('done', '/'))
    const inputs = ['a', 'bad', 'b'].map((name) => at(`${name}.png`))
    const path = at('reports', 'report.json')
    const args = [...inputs, '--out', at('done'), '--skip-existing', '--report', path]
    const { status, errors } = await cli('denoise', ...args)
    expect([status, errors.length]).toEqual([1, 1])
    const sigma = bench.control.sigmas.at(-1)
    const level = expect.objectContaining({ sigma: expect.any(Number) as unknown }) as unknown
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      files: [
        { path: inputs[0], state: 'skipped', out: at('done', 'a.png') },
        { path: inputs[1], state: 'failed', error: { code: 'not-an-image', message: errors[0] } },
        { path: inputs[2], state: 'done', sigma, noiseBefore: level, noiseAfter: level },
      ],
      totals: { files: 3, done: 1, skipped: 1, failed: 1, left: 0 },
    })
    expect(readdirSync(at('reports'))).toEqual(['report.json'])

    const stop = new AbortController()
    bench.control.before = () => stop.abort()
    const settings = { ...bench, signal: stop.signal }
    await runCli(settings, 'denoise', at('b.png'), at('a.png'), '--out', at('x'), '--report', path)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      files: [{ state: 'failed' }, { path: at('a.png'), state: 'left' }],
      totals: { failed: 1, left: 1 },
    })
  })

  it('refuses a report that is no JSON file, or an input', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    symlinkSync(at('in.png'), at('in.json'))
    const by = (report: string): Promise<Outcome> =>
      cli('denoise', at('in.png'), '--out', at('done'), '--report', report, '--json')
    const [other, input] = [await by(at('report.txt')), await by(at('in.json'))]
    expect([other.status, input.status]).toEqual([2, 1])
    expect(other.json()).toMatchObject([{ error: { code: 'usage' } }])
    expect(input.json()).toMatchObject([{ error: { code: 'target-is-source' } }])
    expect(readdirSync(bench.folder).sort()).toEqual(['in.json', 'in.png', 'models'])
  })

  it('says that a folder has no images', async () => {
    mkdirSync(at('nothing'))
    const { status, errors } = await cli('denoise', at('nothing'), '--out', at('done'))
    expect([status, errors]).toEqual([
      1,
      [
        `There are no images in “${at('nothing')}”. Choose a folder with JPEG, PNG, WebP, AVIF or TIFF files.`,
      ],
    ])
  })

  it('names a target that cannot be written, and leaves nothing there', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    const { status, errors } = await cli('denoise', at('in.png'), '--out', at('missing', 'out.png'))
    expect([status, errors]).toEqual([
      1,
      [
        `“${at('missing', 'out.png')}” cannot be written: the folder does not exist. Choose another name or folder.`,
      ],
    ])
    expect(readdirSync(bench.folder)).not.toContain('missing')
  })

  it('says that a picture is too wide for a WebP file', async () => {
    await writePicture(at('wide.png'), picture(17_000, 2, 1))
    const { status, errors } = await cli(
      'denoise',
      at('wide.png'),
      '--out',
      at('wide.webp'),
      '--sigma',
      '0',
    )
    expect([status, errors]).toEqual([
      1,
      [
        `“${at('wide.webp')}” would have 17000 × 2 pixels, and a WebP file holds at most 16383 a side. Choose PNG instead.`,
      ],
    ])
    expect(readdirSync(bench.folder)).not.toContain('wide.webp')
  })

  it('takes a model by name or by file, and stops at once when it is none', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    await writeStubModel(at('mine.ldm'), 'mine', 3)
    writeFileSync(at('broken.ldm'), readFileSync(at('mine.ldm')).subarray(0, 200))
    await writePicture(at('other.png'), picture(20, 20))
    const inputs = [at('in.png'), at('other.png')]
    const by = (model: string): Promise<Outcome> =>
      cli('denoise', ...inputs, '--out', at('done'), '--model', model, '--json')
    expect((await by('denoise-grey')).status).toBe(0)
    expect((await by(at('mine.ldm'))).status).toBe(0)
    expect(bench.control.opened).toEqual(['denoise-grey', 'mine'])
    const failures = [
      await by('other'),
      await by(at('broken.ldm')),
      await by(at('in.png')),
      await by(at('no.ldm')),
    ]
    expect(failures.map(({ status, json }) => [status, json().length])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    expect(failures.map(({ json }) => (json()[0]?.['error'] as { code: string }).code)).toEqual([
      'model-unknown',
      'model-damaged',
      'model-not-ours',
      'file-not-found',
    ])
    expect(failures[1]?.errors[0]).toContain(at('broken.ldm'))
    expect(failures[3]?.errors[0]).toContain(at('no.ldm'))
  })

  it('ends within a tile when it is stopped, and writes nothing', async () => {
    for (const name of ['in', 'next']) await writePicture(at(`${name}.png`), picture(1200, 900, 1))
    const stop = new AbortController()
    const calls: number[] = []
    bench.control.before = (call) => {
      calls.push(call)
      if (call === 1) stop.abort()
    }
    const argv = [
      'denoise',
      at('in.png'),
      at('next.png'),
      '--out',
      at('done'),
      '--sigma',
      '9',
      '--json',
    ]
    const { status, json } = await runCli({ ...bench, signal: stop.signal }, ...argv)
    expect(status).toBe(1)
    expect(json()).toEqual([
      {
        path: at('in.png'),
        state: 'failed',
        error: expect.objectContaining({ code: 'cancelled' }) as unknown,
      },
      { totals: expect.objectContaining({ files: 2, failed: 1, left: 1 }) as unknown },
    ])
    expect(calls).toEqual([0, 1])
    expect(readdirSync(at('done'))).toEqual([])
  })
})
