import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CameraChoice, ModelInfo } from '../../../shared/types'
import { offered, remembered } from './cameras'
import { initialPhotoSettings } from './photoSettings'
import { saveMilliseconds } from './settings.svelte'
import { House } from './testing/house'

const nikon = { name: 'NIKON D800', iso: 6400 }
const settings = { ...initialPhotoSettings, model: 'colour', luma: 80 }
const colour = [{ card: { name: 'colour' } }] as ModelInfo[]

test('the last choice for a camera at a sensitivity replaces the one before', () => {
  let list = remembered([], nikon, settings)
  list = remembered(list, { ...nikon, iso: 100 }, settings)
  list = remembered(list, nikon, { ...settings, luma: 60, texture: 30 })
  expect(list.map(({ iso, look }) => [iso, look.luma, look.texture])).toEqual([
    [6400, 60, 30],
    [100, 80, 0],
  ])
})

test('no more than a hundred are kept', () => {
  let list: CameraChoice[] = []
  for (let iso = 1; iso < 150; iso++) list = remembered(list, { ...nikon, iso }, settings)
  expect(list).toHaveLength(100)
  expect(list[0]?.iso).toBe(149)
})

test('only what would change something is offered, to that camera and sensitivity', () => {
  const list = remembered([], nikon, settings)
  expect(offered(list, nikon, settings, colour)).toBeNull()
  expect(offered(list, nikon, initialPhotoSettings, colour)?.patch).toMatchObject({ luma: 80 })
  expect(offered(list, { ...nikon, iso: 100 }, initialPhotoSettings, colour)).toBeNull()
  expect(offered(list, null, initialPhotoSettings, colour)).toBeNull()
  const tones = (): typeof settings => ({ ...settings, sigma: [4, 6, 9] })
  const byBrightness = remembered([], nikon, tones())
  expect(offered(byBrightness, nikon, tones(), colour)).toBeNull()
  expect(offered(byBrightness, nikon, settings, colour)?.patch).toMatchObject({ sigma: [4, 6, 9] })
})

describe('in the window', () => {
  let house: House
  beforeEach(async () => {
    vi.useFakeTimers()
    house = await House.open((engine) => {
      engine.handlers['photo.open'] = () => ({
        ...{ photo: 'id', name: 'a.jpg', format: 'jpeg', width: 100, height: 50, channels: 3 },
        ...{ alpha: false, bits: 8, orientation: 1, exif: true, profile: null, fileBytes: 9 },
        camera: nikon,
      })
    })
    await house.openFiles('a.jpg')
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('what is chosen for a photo is saved for its camera, what is undone too', async () => {
    house.active.change({ luma: 70 })
    house.active.change({ noiseOn: true })
    await vi.advanceTimersByTimeAsync(saveMilliseconds)
    const kept = () => house.engine.of('settings.change').at(-1)?.cameras?.[0]
    expect(kept()).toMatchObject({ camera: 'NIKON D800', iso: 6400, look: { luma: 70 } })
    house.active.undo()
    house.active.undo()
    await vi.advanceTimersByTimeAsync(saveMilliseconds)
    expect(kept()).toMatchObject({ look: { luma: 100 } })
  })
})
