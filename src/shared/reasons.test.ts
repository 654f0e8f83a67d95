import { expect, test } from 'vitest'
import { reasonsOf } from './reasons'

const estimate = {
  ...{ sigma: 8, perChannel: [8, 8, 8], byBrightness: null },
  ...{ correlated: true, shared: false },
}
const card = {
  name: 'denoise-photo',
  channels: 3 as const,
  sigmaRange: [0, 55] as [number, number],
}
const asked = { model: 'auto', sigma: null, estimate, channels: 3 as const, card }

test('a model for camera files is taken for their noise; without it the one for colour', () => {
  expect(reasonsOf(asked)).toEqual({ model: 'camera', level: 'camera' })
  const other = { ...card, name: 'denoise-colour' }
  expect(reasonsOf({ ...asked, card: other })).toEqual({ model: 'colour', level: 'camera' })
  const white = { ...estimate, correlated: false }
  expect(reasonsOf({ ...asked, estimate: white })).toEqual({ model: 'colour', level: 'estimated' })
  expect(reasonsOf({ ...asked, model: 'denoise-photo' }).model).toBe('named')
})

test('noise that the channels share is taken channel by channel', () => {
  const shared = { ...estimate, correlated: false, shared: true }
  const grey = { ...card, name: 'denoise-grey', channels: 1 as const }
  expect(reasonsOf({ ...asked, estimate: shared, card: grey }).model).toBe('shared')
  expect(reasonsOf({ ...asked, estimate: shared }).model).toBe('colour')
})
