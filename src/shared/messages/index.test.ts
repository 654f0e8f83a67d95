import { describe, expect, it } from 'vitest'
import { errorCodes } from '../errors'
import en from './en/errors.json'
import zh from './zh-Hans/errors.json'
import { m } from './compiled/messages'
import { chooseLocale, errorText, setLocale } from './index'

const params = {
  file: 'photo.png',
  reason: 'EACCES',
  model: 'denoise-x',
  models: 'denoise-grey',
  format: 'HEIC',
  width: 40_000,
  height: 2,
  megapixelLimit: 120,
  sideLimit: 30_000,
  megabytes: 700,
  limit: 512,
  step: 12,
  name: 'photo.open',
  data: 'MNIST',
  place: 'node_modules',
  images: 1,
  least: 2,
  expected: '28 × 28',
  received: '32 × 32',
  batch: 128,
  first: 1,
  second: 2,
  latent: 20,
  label: '7',
  correlation: '0.70',
  other: 'photo.webp',
  page: 4,
  pages: 3,
}

describe.each(['en', 'zh-Hans'] as const)('errors in %s', (locale) => {
  it.each(errorCodes)(
    '%s has words of its own, in one line, with every value filled in',
    (code) => {
      const text = errorText({ code, message: 'for the log\nonly', params }, locale)
      expect(text).not.toMatch(/[{}\n]|undefined|\?/)
      expect(text).toMatch(locale === 'en' ? /^[\x20-\x7e“”×]+$/ : /[\u4e00-\u9fff]/)
    },
  )

  it.each(errorCodes)('%s does without its values', (code) => {
    expect(errorText({ code, message: 'm', params: {} }, locale)).not.toMatch(/[{}]|undefined/)
  })

  it('name the file wherever there is one', () => {
    const without = errorCodes.filter(
      (code) => !errorText({ code, message: '', params }, locale).includes('photo.png'),
    )
    expect(without).toEqual([
      'model-unknown',
      'model-size-unfit',
      'training-diverged',
      'data-missing',
      'batch-too-large',
      'training-too-large',
      'model-unsuitable',
      'model-without-prior',
      'anchors-opposite',
      'latents-not-two',
      'points-too-few',
      'scores-equal',
      'report-unknown',
      'item-unknown',
      'item-busy',
      'item-read-only',
      'name-taken',
      'request-unknown',
      'request-refused',
      'arguments-invalid',
      'photo-unknown',
      'job-unknown',
      'cancelled',
      'usage',
      'tensorflow-missing',
      'engine-lost',
      'engine-failed',
      'internal',
    ])
  })
})

it('both languages have the same messages with the same values', () => {
  const shape = (messages: Record<string, string>): [string, string[]][] =>
    Object.entries(messages).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()])
  expect(shape(zh)).toEqual(shape(en))
})

it('puts the reason of the system into words, or shows it', () => {
  const error = (reason: string) =>
    ({ code: 'target-unwritable', message: '', params: { file: 'a.png', reason } }) as const
  expect(errorText(error('EROFS'), 'en')).toBe(
    '“a.png” cannot be written: the disk is read-only. Choose another name or folder.',
  )
  expect(errorText(error('EROFS'), 'zh-Hans')).toBe(
    '无法写入“a.png”：磁盘为只读。请换一个文件名或文件夹。',
  )
  expect(errorText(error('EXDEV'), 'en')).toContain('EXDEV')
  expect(errorText(error("EACCES: permission denied, open '/a'"), 'en')).toContain(
    ': permission denied.',
  )
})

it('tells an image that is too large to open from one that is too large for its format', () => {
  const { format, ...opening } = { ...params, format: 'WebP' }
  const text = (given: typeof opening): string =>
    errorText({ code: 'image-too-large', message: '', params: given }, 'en')
  expect(text(opening)).toMatch(/has 40000 × 2 pixels; the limit is 120 megapixels/)
  expect(text({ ...opening, format } as typeof opening)).toMatch(
    /a WebP file holds at most 30000 a side/,
  )
})

it('takes the first language that it speaks', () => {
  expect(chooseLocale(['zh_CN.UTF-8'])).toBe('zh-Hans')
  expect(chooseLocale(['zh-Hant-TW'])).toBe('zh-Hans')
  expect(chooseLocale(['de-DE', 'zh-SG', 'en'])).toBe('zh-Hans')
  expect(chooseLocale([undefined, '', 'C.UTF-8', 'en_GB'])).toBe('en')
  expect(chooseLocale(['C', 'de'])).toBe('en')
  expect(chooseLocale([])).toBe('en')
})

it('speaks the language in force', () => {
  setLocale('zh-Hans')
  expect(m.app_name()).toContain('潜影暗房')
  expect(errorText({ code: 'cancelled', message: '', params: {} })).toContain('已取消')
  setLocale('en')
  expect(m.app_name()).toBe('Latent Darkroom')
})
