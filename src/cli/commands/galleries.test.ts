import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, it } from 'vitest'
import { workbench } from '../testing/workbench'

const models = join(__dirname, '../../../resources/models')
const bench = workbench()
const { at, cli } = bench
const model = (name: string): string => join(models, `${name}.ldm`)
const vae = model('digits-vae')
const json = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const { status, errors, json: lines } = await cli(...argv, '--json')
  expect([status, errors]).toEqual([0, []])
  return lines()[0] as Record<string, unknown>
}
const drawing = (name: string): string => {
  const data = Uint8Array.from({ length: 400 }, (_, i) => (i % 20 < 8 ? 255 : 0))
  writeFileSync(at(name), encode({ width: 20, height: 20, data, channels: 1, depth: 8 }))
  return at(name)
}

it('writes what is asked for, and tells of it', async () => {
  const sheet = at('sheet.png')
  const told = await json('sample', vae, '--count', '5', '--seed', '2', '--out', sheet)
  expect(told).toMatchObject({ model: 'digits-vae', pictures: 5, kind: 'sample', as: 'sheet' })
  expect(told['bytes']).toBe(readFileSync(sheet).length)
  expect(await bench.read(sheet)).toMatchObject({ width: 3 * 28 + 4, height: 2 * 28 + 2 })
  const own = drawing('own.png')
  const anchors = `mnist:3,mnist:18,${own},sample:4:1`
  const walked = await json('interpolate', vae, '--anchors', anchors, '--out', at('walk.png'))
  expect(walked['pictures']).toBe(27)
  const groups = ['--plus', 'label:7', '--minus', 'test:1,test:2', '--weights=-1,0,1']
  const sum = await json('arithmetic', vae, '--base', 'test:0', ...groups, '--out', at('sum.png'))
  expect(sum['pictures']).toBe(3)
})

it('makes a picture again from its own metadata, whatever the model is called by now', async () => {
  const [first, again] = [at('first.png'), at('again.png')]
  mkdirSync(at('library'))
  symlinkSync(model('digits-vae-2d'), at('other-name.ldm'))
  await json('manifold', model('digits-vae-2d'), '--size', '3', '--out', first)
  await json('remake', first, '--model', at('other-name.ldm'), '--out', again)
  expect(readFileSync(again).equals(readFileSync(first))).toBe(true)
  await json(
    'remake',
    first,
    '--model',
    vae.replace('vae', 'vae-2d'),
    '--as',
    'frames',
    '--out',
    at('frames'),
  )
  expect(readdirSync(at('frames'))).toHaveLength(9)
  expect((await cli('remake', first, '--out', again)).errors.join()).toContain('--model')
})

it('says why reconstructions of own pictures have no originals when they are made again', async () => {
  const own = drawing('own.png')
  for (const [anchors, words] of [
    [`mnist:3,${own}`, 'pictures of your own'],
    ['mnist:3', ''],
  ] as const) {
    const [sheet, again] = [at('sheet.png'), at('again.png')]
    await json('reconstruct', vae, '--anchors', anchors, '--out', sheet)
    const { status, errors } = await cli('remake', sheet, '--model', vae, '--out', again)
    expect([status, errors.length]).toEqual([0, words ? 1 : 0])
    expect(errors.join()).toContain(words)
  }
})

it('overwrites no original', async () => {
  const own = drawing('own.png')
  const before = readFileSync(own)
  const refused = await cli('reconstruct', vae, '--anchors', own, '--out', own)
  expect(refused).toMatchObject({
    status: 1,
    errors: [expect.stringContaining('never overwritten')],
  })
  expect(readFileSync(own).equals(before)).toBe(true)
  const full = await cli('sample', vae, '--count', '2', '--as', 'frames', '--out', bench.folder)
  expect(full.errors.join()).toContain('not empty')
  const kept = await cli('sample', vae, '--count', '2', '--out', at('model.ldm'))
  expect(kept.status).toBe(2)
  expect(existsSync(at('model.ldm'))).toBe(false)
})

it.each([
  ['without a prior', ['sample', model('digits-autoencoder')], 'no prior'],
  ['of twenty latents', ['manifold', vae], 'two latents'],
  ['of the denoiser', ['sample', join(models, '../denoise-grey.ldm')], 'denoiser of photos'],
  ['with a point too far', ['interpolate', vae, '--anchors', 'mnist:3,mnist:10000'], '10000'],
  ['with a file that is none', ['reconstruct', vae, '--anchors', 'none.png'], 'was not found'],
])('refuses a model %s in words', async (_, argv, words) => {
  const { status, errors } = await cli(...argv, '--out', at('out.png'))
  expect([status, errors.length]).toEqual([1, 1])
  expect(errors[0]).toContain(words)
  expect(existsSync(at('out.png'))).toBe(false)
})

it.each([
  [['sample', vae]],
  [['sample', vae, '--count', '0', '--out', 'a.png']],
  [['sample', vae, '--from', 'nowhere', '--out', 'a.png']],
  [['interpolate', vae, '--anchors', 'mnist:3', '--out', 'a.png']],
  [['interpolate', vae, '--anchors', 'mnist:3,mnist:x', '--out', 'a.png']],
  [
    [
      'arithmetic',
      vae,
      '--base',
      'test:1',
      '--plus',
      'label:',
      '--minus',
      'label:1',
      '--out',
      'a.png',
    ],
  ],
  [['remake', '--out', 'a.png']],
])('finds no sense in %j', async (argv) => {
  expect((await cli(...argv)).status).toBe(2)
})

it('speaks Chinese', async () => {
  const { status, errors } = await cli(
    'manifold',
    vae,
    '--out',
    at('a.png'),
    '--language',
    'zh-Hans',
  )
  expect(status).toBe(1)
  expect(errors[0]).toMatch(/[\u4e00-\u9fff]/)
})
