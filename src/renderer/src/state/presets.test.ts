import { expect, test } from 'vitest'
import type { ModelInfo } from '../../../shared/types'
import { initialPhotoSettings } from './photoSettings'
import { applied, saved, without } from './presets'

const settings = {
  ...initialPhotoSettings,
  model: 'colour',
  sigma: 12,
  luma: 80,
  chroma: 90,
  texture: 10,
}
const look = { luma: 80, chroma: 90, texture: 10 }
const colour = [{ card: { name: 'colour' } }] as ModelInfo[]

test('a preset keeps model, level and look under its trimmed name, in order', () => {
  const list = saved(saved([], ' Night ', settings), 'Film', { ...settings, sigma: null })
  expect(list).toEqual([
    { name: 'Film', model: 'colour', sigma: null, look },
    { name: 'Night', model: 'colour', sigma: 12, look },
  ])
  expect(without(list, 'Film')).toHaveLength(1)
})

test('the same name replaces', () => {
  const list = saved(saved([], 'Film', settings), 'Film', { ...settings, luma: 50 })
  expect(list).toEqual([{ name: 'Film', model: 'colour', sigma: 12, look: { ...look, luma: 50 } }])
})

test('applied to a photo that its model does not fit, it leaves the model', () => {
  const [preset] = saved([], 'Night', settings)
  if (!preset) throw new Error('nothing was saved')
  expect(applied(preset, colour)).toEqual({ model: 'colour', sigma: 12, ...look })
  expect(applied(preset, [])).toEqual({ sigma: 12, ...look })
})

test('no more than fifty are kept', () => {
  let list = saved([], 'first', settings)
  for (let count = 0; count < 80; count++) list = saved(list, `preset ${count}`, settings)
  expect(list).toHaveLength(50)
})
