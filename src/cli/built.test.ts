/** The built command line as its own process. Skipped where it was not built; `npm test` builds first. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeCodecs } from '../main/engine/codec'
import { picture, stubResources, writePicture } from '../main/engine/photos/testing/testEngine'

const program = resolve(import.meta.dirname, '../../out/main/cli.js')

let folder = ''
let withoutTensorflow = ''
let resources = ''
const at = (...names: string[]): string => join(folder, ...names)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'built-'))
  withoutTensorflow = at('without.cjs')
  writeFileSync(
    withoutTensorflow,
    `const Module = require('node:module')
     const load = Module._load
     Module._load = (name, ...rest) => {
       if (name.startsWith('@tensorflow')) throw new Error('there is none')
       return load(name, ...rest)
     }`,
  )
  resources = await stubResources(folder)
  await writePicture(at('in.png'), picture(60, 40))
  writeFileSync(at('bad.png'), 'no picture')
  mkdirSync(at('set'))
  for (let i = 0; i < 40; i++) writeFileSync(at('set', `${i}.png`), readFileSync(at('in.png')))
})
afterAll(async () => {
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

interface Ended {
  status: number | null
  out: string
  errors: string
}
/** `early` closes standard output after the first bytes. */
async function cli(
  args: string[],
  environment: Record<string, string> = {},
  early = false,
): Promise<Ended> {
  const child = spawn(process.execPath, ['-r', withoutTensorflow, program, ...args], {
    env: {
      ...process.env,
      LC_ALL: 'C',
      DARKROOM_RESOURCES: resources,
      DARKROOM_LIBRARY: at('library'),
      ...environment,
    },
  })
  const ended: Ended = { status: null, out: '', errors: '' }
  child.stdout.on('data', (data: Buffer) => {
    ended.out += data.toString()
    if (early) child.stdout.destroy()
  })
  child.stderr.on('data', (data: Buffer) => (ended.errors += data.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { ...ended, status }
}

describe.skipIf(!existsSync(program))('the built command line', () => {
  it('inspects without TensorFlow: objects on standard output, one line an error, status 1', async () => {
    const { status, out, errors } = await cli(['inspect', at('in.png'), at('bad.png'), '--json'])
    const lines = out.trim().split('\n')
    expect(status).toBe(1)
    const samples = { channels: 3, bits: 8, fileBits: 8, float: false }
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { path: at('in.png'), width: 60, height: 40, ...samples, pages: 1, orientation: 1 },
      { path: at('bad.png'), error: { code: 'not-an-image', message: errors.trim() } },
    ])
    expect(errors.trim().split('\n')).toHaveLength(1)
  })

  it('lists models without TensorFlow', async () => {
    const { status, out, errors } = await cli(['models', '--json'])
    expect([status, errors]).toEqual([0, ''])
    expect(JSON.parse(out)).toHaveLength(2)
  })

  it('adds noise without TensorFlow', async () => {
    const args = [
      'add-noise',
      at('in.png'),
      '--out',
      at('noisy.png'),
      '--kind',
      'gaussian',
      '--sigma',
      '25',
    ]
    expect(await cli(args)).toMatchObject({ status: 0, errors: '' })
    expect(readdirSync(folder)).toContain('noisy.png')
  })

  it('says that TensorFlow is missing when it is needed, once, and leaves nothing', async () => {
    copyFileSync(at('in.png'), at('second.png'))
    const args = ['denoise', at('in.png'), at('second.png'), '--out', at('done')]
    const { status, out, errors } = await cli(args)
    expect(status).toBe(1)
    expect(out).toMatch(/^2 files: 0 done, 0 skipped, 1 failed, 1 not begun; .* s\n$/)
    expect(errors).toBe(
      "TensorFlow cannot be loaded, so nothing can be computed. In the program's folder, run: npm run setup\n",
    )
    expect(readdirSync(at('done'))).toEqual([])
  })

  it('speaks the language of the environment', async () => {
    const { status, errors } = await cli(['inspect', at('bad.png')], { LC_ALL: 'zh_CN.UTF-8' })
    expect(status).toBe(1)
    expect(errors).toBe(
      `“${at('bad.png')}”不是本程序支持的图像。请选择 JPEG、PNG、WebP、AVIF 或 TIFF 文件。\n`,
    )
  })

  it('has status 2 for a command line that makes no sense, and 0 for help', async () => {
    expect((await cli(['denoise'])).status).toBe(2)
    expect((await cli([])).status).toBe(2)
    expect(await cli(['help'])).toMatchObject({ status: 0, errors: '' })
  })

  it('ends in silence when nobody reads on', async () => {
    const { errors, out } = await cli(['inspect', at('set')], {}, true)
    expect(errors).toBe('')
    expect(out).not.toBe('')
  })
})
