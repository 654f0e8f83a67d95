import { expect, test } from 'vitest'
import type { Photo } from '../../state/photo.svelte'
import { choose, pairOf, showsProfile } from './scene'

const photo = (values: Partial<Photo>) =>
  ({
    input: 'original',
    layers: ['original'],
    compare: { first: null, second: null },
    ...values,
  }) as Photo

test('before anything was denoised there is one picture', () => {
  expect(pairOf(photo({}))).toEqual({ first: 'original', second: null })
})

test('by default the input is compared with what was made of it', () => {
  const layers: Photo['layers'] = ['original', 'noisy', 'denoised']
  expect(pairOf(photo({ input: 'noisy', layers }))).toEqual({ first: 'noisy', second: 'denoised' })
})

test('a choice holds while its layer exists', () => {
  const compare: Photo['compare'] = { first: 'original', second: 'noisy' }
  const both = photo({ compare, input: 'noisy', layers: ['original', 'noisy', 'denoised'] })
  expect(pairOf(both)).toEqual({ first: 'original', second: 'noisy' })
  const gone = photo({ compare, layers: ['original', 'denoised'] })
  expect(pairOf(gone)).toEqual({ first: 'original', second: 'denoised' })
})

test('choosing what the other side shows swaps the two', () => {
  const pair = { first: 'noisy', second: 'denoised' } as const
  expect(choose(pair, 'first', 'denoised')).toEqual({ first: 'denoised', second: 'noisy' })
  expect(choose(pair, 'second', 'original')).toEqual({ first: 'noisy', second: 'original' })
})

test('it is said when a profile is not shown as it means', () => {
  const info = (profile: string | null, channels: 1 | 3 = 3) =>
    ({ profile, channels }) as Photo['info']
  expect(showsProfile(info('sRGB IEC61966-2.1'))).toBe(true)
  expect(showsProfile(info('Display P3'))).toBe(true)
  expect(showsProfile(info(null))).toBe(true)
  expect(showsProfile(info('Dot Gain 20%', 1))).toBe(true)
  expect(showsProfile(info('Adobe RGB (1998)'))).toBe(false)
})
