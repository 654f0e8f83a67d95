import { describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { runCli } from './testing/runCli'
import { workbench } from './testing/workbench'

const bench = workbench()
const { cli } = bench

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
      '--sigma takes auto, a number, or three for shadows, mid-tones and highlights, not “4,6”.',
      ['denoise', 'a.png', '--out', 'b.png', '--sigma', '4,6'],
    ],
    [
      '--sigma takes a number from 0 to 255, not “300”.',
      ['denoise', 'a.png', '--out', 'b.png', '--sigma', '300'],
    ],
    ['--strength takes a number', ['denoise', 'a.png', '--out', 'b.png', '--strength', '101']],
    ['--texture takes a number', ['denoise', 'a.png', '--out', 'b.png', '--texture', 'all']],
    ['--bits takes one of: 8, 16, 32', ['denoise', 'a.png', '--out', 'b.png', '--bits', '12']],
    ['--quality takes a whole number', ['denoise', 'a.png', '--out', 'b.jpg', '--quality', '9.5']],
    ['Files ending in .gif cannot be written', ['denoise', 'a.png', '--out', 'b.gif']],
    ['“b.png” is one file', ['denoise', 'a.png', 'c.png', '--out', 'b.png']],
    ['--kind takes one of', ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'pink']],
    ['Option --sigma is needed.', ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'gaussian']],
    [
      '--seed takes a whole number',
      ['add-noise', 'a.png', '--out', 'b.png', '--kind', 'jpeg:9', '--seed', 'x'],
    ],
    ['Name one model', ['evaluate', '--images', 'x']],
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
  ): Promise<string | undefined> => (await runCli({ ...bench, environment }, ...argv)).errors[0]

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
