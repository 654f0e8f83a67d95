import { expect, test } from 'vitest'
import { isForeign, type NoiseStructure } from './automaticModel'
import { isWarning, reasonsOf } from './reasons'

const estimate = {
  ...{ sigma: 8, perChannel: [8, 8, 8], byBrightness: null },
  ...{ correlated: true, shared: false, impulses: null },
}
const card = {
  name: 'denoise-photo',
  channels: 3 as const,
  sigmaRange: [0, 55] as [number, number],
}
const asked = { model: 'auto', sigma: null, estimate, channels: 3 as const, card }

test('a model for camera files is taken for their noise; without it the one for colour', () => {
  expect(reasonsOf(asked)).toMatchObject({ model: 'camera', level: 'camera' })
  const other = { ...card, name: 'denoise-colour' }
  expect(reasonsOf({ ...asked, card: other })).toMatchObject({ model: 'colour', level: 'camera' })
  const white = { ...estimate, correlated: false }
  expect(reasonsOf({ ...asked, estimate: white })).toMatchObject({
    ...{ model: 'colour', level: 'estimated', impulses: null },
  })
  expect(reasonsOf({ ...asked, model: 'denoise-photo' }).model).toBe('named')
})

test('noise that the channels share is taken channel by channel', () => {
  const shared = { ...estimate, correlated: false, shared: true }
  const grey = { ...card, name: 'denoise-grey', channels: 1 as const }
  expect(reasonsOf({ ...asked, estimate: shared, card: grey }).model).toBe('shared')
  expect(reasonsOf({ ...asked, estimate: shared }).model).toBe('colour')
})

test('a model that was chosen and has not learned the noise is told of, one of its own kind or of somebody’s is not', () => {
  const named = (name: string) => reasonsOf({ ...asked, model: name, card: { ...card, name } })
  expect(named('denoise-colour').model).toBe('foreign')
  expect(isWarning(named('denoise-colour'))).toBe(true)
  expect(named('denoise-photo').model).toBe('named')
  expect(named('my-camera').model).toBe('named')
  expect(isWarning(named('my-camera'))).toBe(false)
})

test('a level that was given is compared with the model’s range as well', () => {
  expect(reasonsOf({ ...asked, sigma: 55 }).level).toBe('given')
  expect(reasonsOf({ ...asked, sigma: 56 }).level).toBe('given-above-range')
  expect(reasonsOf({ ...asked, sigma: [5, 60, 5] }).level).toBe('given-above-range')
})

test('impulses are told of with their whole share', () => {
  const impulses = { black: 0.02, white: 0.03 }
  const reasons = reasonsOf({ ...asked, sigma: 10, estimate: { ...estimate, impulses } })
  expect(reasons.impulses).toBeCloseTo(0.05)
  expect(isWarning(reasons)).toBe(true)
})

test('which bundled model has learned which noise', () => {
  const strangers = (noise: NoiseStructure) =>
    ['denoise-grey', 'denoise-colour', 'denoise-photo', 'my-camera'].filter((model) =>
      isForeign(model, noise),
    )
  expect(strangers('independent')).toEqual([])
  expect(strangers('correlated')).toEqual(['denoise-grey', 'denoise-colour'])
  expect(strangers('shared')).toEqual(['denoise-colour', 'denoise-photo'])
})
