import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { closeCodecs, decodeImage } from '../main/engine/codec'
import type { StubControl } from '../main/engine/photos/testing/testEngine'
import {
  newControl,
  picture,
  stubResources,
  writePicture,
  writeStubModel,
} from '../main/engine/photos/testing/testEngine'
import type { Outcome } from './testing/runCli'
import { runCli } from './testing/runCli'

let folder = ''
let resources = ''
let control: StubControl
const at = (...names: string[]): string => join(folder, ...names)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  control = newControl()
  mkdirSync(at('models'))
  resources = await stubResources(at('models'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(closeCodecs)

const cli = (...argv: string[]): Promise<Outcome> => runCli({ resources, control }, ...argv)
const read = async (path: string): ReturnType<typeof decodeImage> =>
  decodeImage(readFileSync(path), path)

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
    expect(control.sigmas).toEqual([12])
  })

  it('estimates the level by itself, and tells it', async () => {
    await writePicture(at('in.png'), picture(100, 80))
    const result = await cli('denoise', at('in.png'), '--out', at('out.png'), '--json')
    expect(result.json()).toEqual([
      expect.objectContaining({
        path: at('in.png'),
        out: at('out.png'),
        strength: 100,
        sigmaEstimated: true,
        sigma: control.sigmas[0],
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
      { path: at('empty.png'), error: { code: 'file-empty', message: result.errors[0] } },
      { path: at('none.png'), error: { code: 'file-not-found', message: result.errors[1] } },
    ])
    expect(result.errors[1]).toContain(at('none.png'))
  })

  it('keeps 16 bits in a PNG, unless told otherwise', async () => {
    await writePicture(at('in.png'), picture(20, 20, 3, 16))
    await cli('denoise', at('in.png'), '--out', at('deep.png'))
    await cli('denoise', at('in.png'), '--out', at('flat.png'), '--bits', '8')
    expect([(await read(at('deep.png'))).bits, (await read(at('flat.png'))).bits]).toEqual([16, 8])
  })

  it('at strength 0 gives the input, at 50 half of the way', async () => {
    const planes = picture(60, 40, 1)
    await writePicture(at('in.png'), planes)
    control.radius = 4
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

  it('never writes over an input, by whatever name', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    await writePicture(at('other.png'), picture(20, 20))
    symlinkSync(at('other.png'), at('link.png'))
    const before = readFileSync(at('in.png'))
    for (const out of [at('in.png'), folder, at('models', '..', 'in.png')]) {
      const { status, errors } = await cli('denoise', at('in.png'), '--out', out)
      expect([status, errors.length]).toEqual([1, 1])
      expect(errors[0]).toMatch(/in\.png” is an original, and originals are never overwritten/)
    }
    const links = await cli('denoise', at('other.png'), '--out', at('link.png'))
    expect(links.status).toBe(1)
    expect(readFileSync(at('in.png')).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['in.png', 'link.png', 'models', 'other.png'])
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
    expect(result.json().map(({ out }) => out)).toEqual([
      at('done', 'a.png'),
      at('done', 'a.png.png'),
    ])
    expect(readdirSync(at('done'))).toHaveLength(2)
  })

  it('leaves out what it wrote into a folder below its input', async () => {
    await writePicture(at('a.png'), picture(20, 20))
    await cli('denoise', folder, '--out', at('done'))
    const again = await cli('denoise', folder, '--out', at('done'), '--json')
    expect(again.status).toBe(0)
    expect(again.json()).toHaveLength(1)
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
    expect(readdirSync(folder)).not.toContain('missing')
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
    expect(readdirSync(folder)).not.toContain('wide.webp')
  })

  it('takes a model by name or by file, and stops at once when it is none', async () => {
    await writePicture(at('in.png'), picture(20, 20))
    await writeStubModel(at('mine.ldm'), 'mine', 3)
    writeFileSync(at('broken.ldm'), readFileSync(at('mine.ldm')).subarray(0, 200))
    const inputs = [at('in.png'), at('in.png')]
    const by = (model: string): Promise<Outcome> =>
      cli('denoise', ...inputs, '--out', at('done'), '--model', model, '--json')
    expect((await by('denoise-grey')).status).toBe(0)
    expect((await by(at('mine.ldm'))).status).toBe(0)
    expect(control.opened).toEqual(['denoise-grey', 'mine'])
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
    await writePicture(at('in.png'), picture(1200, 900, 1))
    const stop = new AbortController()
    const calls: number[] = []
    control.before = (call) => {
      calls.push(call)
      if (call === 1) stop.abort()
    }
    const argv = [
      'denoise',
      at('in.png'),
      at('in.png'),
      '--out',
      at('done'),
      '--sigma',
      '9',
      '--json',
    ]
    const { status, json } = await runCli({ resources, control, signal: stop.signal }, ...argv)
    expect(status).toBe(1)
    expect(json()).toEqual([
      { path: at('in.png'), error: expect.objectContaining({ code: 'cancelled' }) as unknown },
    ])
    expect(calls).toEqual([0, 1])
    expect(readdirSync(at('done'))).toEqual([])
  })
})

describe('add-noise', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    await writePicture(at('in.png'), picture(50, 40))
    const noisy = async (name: string, seed: string): Promise<Buffer> => {
      const flags = ['--kind', 'gaussian', '--sigma', '25', '--seed', seed]
      expect((await cli('add-noise', at('in.png'), '--out', at(name), ...flags)).status).toBe(0)
      return readFileSync(at(name))
    }
    const first = await noisy('1.png', '0')
    expect((await noisy('2.png', '0')).equals(first)).toBe(true)
    expect((await noisy('3.png', '1')).equals(first)).toBe(false)
  })

  it.each([
    [['--kind', 'gaussian', '--sigma', '25'], { kind: 'gaussian', sigma: 25 }],
    [['--kind', 'poisson', '--photons', '100'], { kind: 'poisson', photons: 100 }],
    [['--kind', 'salt-pepper', '--share', '0.1'], { kind: 'salt-pepper', share: 0.1 }],
    [['--kind', 'speckle', '--sigma', '30'], { kind: 'speckle', sigma: 30 }],
    [['--kind', 'masking', '--share', '0.2'], { kind: 'masking', share: 0.2 }],
    [['--kind', 'jpeg', '--quality', '40'], { kind: 'jpeg', quality: 40 }],
    [
      ['--kind', 'poisson:50', '--kind', 'jpeg:60'],
      {
        kind: 'mixed',
        parts: [
          { kind: 'poisson', photons: 50 },
          { kind: 'jpeg', quality: 60 },
        ],
      },
    ],
  ])('%j', async (flags, noise) => {
    const planes = picture(64, 48)
    await writePicture(at('in.png'), planes)
    const result = await cli('add-noise', at('in.png'), '--out', at('out.png'), ...flags, '--json')
    expect(result.json()).toEqual([expect.objectContaining({ noise, seed: 0 })])
    expect((await read(at('out.png'))).data).not.toEqual(planes.data)
  })
})

describe('evaluate denoise', () => {
  beforeEach(async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', '1.png'), picture(64, 64, 1))
    await writePicture(at('set', '2.png'), picture(96, 64, 1))
  })
  const evaluate = (...flags: string[]): Promise<Outcome> =>
    cli('evaluate', 'denoise', '--images', at('set'), '--json', ...flags)

  it('measures the noise itself when the network gives back what it reads', async () => {
    const result = await evaluate('--sigma', '5,10', '--known-sigma')
    expect(result.status).toBe(0)
    const [summary] = result.json() as {
      results: { sigma: number; psnr: number; ssim: number; images: number }[]
    }[]
    expect(summary).toEqual({
      model: 'denoise-grey',
      results: [
        expect.objectContaining({ sigma: 5, images: 2 }),
        expect.objectContaining({ sigma: 10, images: 2 }),
      ],
      secondsPerMegapixel: expect.any(Number) as unknown,
    })
    // 20 log₁₀(255 / σ): the picture is far enough from black and white for nothing to be clipped at these levels.
    expect(summary?.results[0]?.psnr).toBeCloseTo(34.15, 0)
    expect(summary?.results[1]?.psnr).toBeCloseTo(28.13, 0)
    expect(new Set(control.sigmas)).toEqual(new Set([5, 10]))
  })

  it('estimates the level unless it is to be known', async () => {
    await evaluate('--sigma', '20')
    const levels = control.sigmas.filter((sigma) => sigma > 10)
    expect(levels.length).toBeGreaterThanOrEqual(2)
    for (const sigma of levels) expect(Math.abs(sigma - 20)).toBeLessThan(3)
  })

  it('gives the same figures again for the same seed', async () => {
    const results = async (seed: string): Promise<unknown> =>
      (await evaluate('--sigma', '25', '--seed', seed)).json()[0]?.['results']
    const first = await results('0')
    expect(await results('0')).toEqual(first)
    expect(await results('1')).not.toEqual(first)
  })

  it('makes colour grey for a grey model, and names grey images that a colour model cannot do', async () => {
    await writePicture(at('set', '3.png'), picture(64, 64, 3))
    const grey = await evaluate('--sigma', '25', '--model', 'denoise-grey')
    expect(grey.json()[0]).toMatchObject({ results: [{ images: 3 }] })
    const colour = await evaluate('--sigma', '25', '--model', 'denoise-colour')
    expect(colour.status).toBe(1)
    expect(colour.json().at(-1)).toMatchObject({
      model: 'denoise-colour',
      results: [{ images: 1 }],
    })
    expect(colour.errors.every((line) => line.includes('is for colour images'))).toBe(true)
  })
})

describe('inspect', () => {
  it('gives one object a line: what the file holds, or why not', async () => {
    mkdirSync(at('set'))
    await writePicture(at('set', 'a.png'), picture(30, 20, 1, 16))
    await writePicture(at('set', 'b.jpg'), picture(30, 20), 'jpeg')
    writeFileSync(at('set', 'c.png'), readFileSync(at('set', 'a.png')).subarray(0, 60))
    const result = await cli('inspect', at('set'), '--json')
    expect(result.status).toBe(1)
    expect(result.json()).toEqual([
      { path: at('set', 'a.png'), width: 30, height: 20, channels: 1, bits: 16, orientation: 1 },
      { path: at('set', 'b.jpg'), width: 30, height: 20, channels: 3, bits: 8, orientation: 1 },
      { path: at('set', 'c.png'), error: { code: 'image-damaged', message: result.errors[0] } },
    ])
  })
})

describe('models', () => {
  it('lists what --model can name', async () => {
    const result = await cli('models', '--json')
    const [list] = result.json() as unknown as { card: { name: string } }[][]
    expect(list?.map(({ card }) => card.name)).toEqual(['denoise-colour', 'denoise-grey'])
    expect((await cli('models')).out.join('\n')).toMatch(
      /denoise-grey: Stub; grey, σ 0–55.*\n {4}PSNR: 30.5 dB/,
    )
    expect(control.opened).toEqual([])
  })

  it('names a bundled model that is damaged', async () => {
    writeFileSync(join(resources, 'denoise-grey.ldm'), 'nothing of ours')
    const result = await cli('models', '--json')
    expect([result.status, result.errors]).toEqual([
      1,
      ['“denoise-grey.ldm” is not a model of this program. Choose an .ldm file that it made.'],
    ])
    expect(result.json()).toHaveLength(1)
  })
})

describe('a command line that makes no sense', () => {
  it.each<[string, string[]]>([
    ['No command was given.', []],
    ['There is no command “dance”.', ['dance']],
    ['There is no option --speed here.', ['denoise', 'a.png', '--out', 'b.png', '--speed', '9']],
    ['Option --out is needed.', ['denoise', 'a.png']],
    ['Option --out is missing its value', ['denoise', 'a.png', '--out']],
    ['No input was given', ['denoise', '--out', 'b.png']],
    [
      '--sigma takes a number from 0 to 255, not “loud”.',
      ['denoise', 'a.png', '--out', 'b.png', '--sigma', 'loud'],
    ],
    [
      '--sigma takes a number from 0 to 255, not “300”.',
      ['denoise', 'a.png', '--out', 'b.png', '--sigma', '300'],
    ],
    ['--strength takes a number', ['denoise', 'a.png', '--out', 'b.png', '--strength', '101']],
    ['--bits takes one of: 8, 16', ['denoise', 'a.png', '--out', 'b.png', '--bits', '12']],
    ['--quality takes a whole number', ['denoise', 'a.png', '--out', 'b.jpg', '--quality', '9.5']],
    ['Files ending in .tif cannot be written', ['denoise', 'a.png', '--out', 'b.tif']],
    ['“b.png” is one file', ['denoise', 'a.png', 'c.png', '--out', 'b.png']],
    ['--kind takes one of', ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'pink']],
    ['Option --sigma is needed.', ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'gaussian']],
    [
      '--seed takes a whole number',
      ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'jpeg:9', '--seed', 'x'],
    ],
    ['evaluate takes one of: denoise', ['evaluate', '--images', 'x']],
    ['--sigma names a level twice.', ['evaluate', 'denoise', '--images', 'x', '--sigma', '5,5']],
    ['train takes one of: denoiser', ['train', 'cat']],
    ['--language takes one of', ['models', '--language', 'xx']],
  ])('%s', async (message, argv) => {
    const { status, errors, out } = await cli(...argv)
    expect([status, out, errors.length]).toEqual([2, [], 1])
    expect(errors[0]).toContain(message)
    expect(errors[0]).toContain('npm run --silent cli -- help')
  })

  it('is an object too with --json', async () => {
    const result = await cli('denoise', '--json')
    expect(result.json()).toEqual([{ error: { code: 'usage', message: result.errors[0] } }])
  })
})

describe('language', () => {
  const inChinese = '没有“dance”这个命令。'
  const speak = async (
    environment: Record<string, string>,
    ...argv: string[]
  ): Promise<string | undefined> =>
    (await runCli({ resources, control, environment }, ...argv)).errors[0]

  it('follows the environment, and --language before it', async () => {
    expect(await speak({ LANG: 'zh_CN.UTF-8' }, 'dance')).toContain(inChinese)
    expect(await speak({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, 'dance')).toContain(
      inChinese,
    )
    expect(await speak({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'dance')).toContain(
      'There is no command',
    )
    expect(await speak({ LANG: 'C' }, 'dance', '--language', 'zh-Hans')).toContain(inChinese)
    expect(await speak({ LANG: 'C' }, '--language=zh-Hans', 'dance')).toContain(inChinese)
    expect(await speak({ LANG: 'zh_CN.UTF-8' }, '--language', 'en', 'dance')).toContain(
      'There is no command',
    )
  })
})

describe('help and version', () => {
  it('list every command', async () => {
    for (const argv of [
      ['help'],
      ['--help'],
      ['denoise', '--help'],
      ['help', '--language', 'zh-Hans'],
    ]) {
      const { status, out } = await cli(...argv)
      expect(status).toBe(0)
      for (const name of ['denoise', 'add-noise', 'evaluate', 'train', 'inspect', 'models']) {
        expect(out.some((line) => line.startsWith(name))).toBe(true)
      }
    }
    expect((await cli('version')).out).toEqual([version])
  })
})
