import { describe, expect, it } from 'vitest'
import { placeOn, smallest } from './windowPlace'

const left = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 2560, height: 1400 }
const at = (x: number, y: number, width = 1200, height = 800, maximized = false) => ({
  bounds: { x, y, width, height },
  maximized,
})

describe('where the window opens', () => {
  it('is where it was left', () => {
    expect(placeOn(at(2000, 100), [left, right])).toEqual(at(2000, 100))
    expect(placeOn(at(100, 50, 1200, 800, true), [left])).toEqual(at(100, 50, 1200, 800, true))
  })

  it.each([undefined, null, {}, 7, { bounds: { x: 'a' }, maximized: false }])(
    'is the middle of the first screen when %o was remembered',
    (remembered) => {
      expect(placeOn(remembered, [left, right])).toEqual(at(260, 80, 1400, 880))
    },
  )

  it('comes back from a screen that is no longer there', () => {
    expect(placeOn(at(2000, 100), [left]).bounds).toEqual({
      x: 360,
      y: 120,
      width: 1200,
      height: 800,
    })
  })

  it('is moved wholly onto the screen it overlaps most', () => {
    expect(placeOn(at(1800, -50), [left, right]).bounds).toMatchObject({ x: 1920, y: 0 })
    expect(placeOn(at(900, 900), [left]).bounds).toMatchObject({ x: 720, y: 240 })
  })

  it('shrinks to the screen and never below what the program needs', () => {
    const small = { x: 0, y: 0, width: 1280, height: 800 }
    expect(placeOn(at(0, 0, 5000, 4000), [small]).bounds).toEqual(small)
    expect(placeOn(at(10, 10, 50, 50), [left]).bounds).toMatchObject(smallest)
  })
})
