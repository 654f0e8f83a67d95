import { beforeEach, describe, expect, test } from 'vitest'
import { wheelFactor } from './gestures'
import { actOf } from './keys'
import { View } from './view.svelte'

let view: View
beforeEach(() => {
  view = new View()
  view.canvas = { width: 1000, height: 684 }
  view.paired = true
  view.show({ width: 4000, height: 3000 })
})
const key = (name: string, more: object = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})
const all = { characters: true, arrows: true }
const press = (name: string) => actOf(key(name), all)?.(view, false)

describe('zoom and place', () => {
  test('a photo begins fitted, with room for the tools', () => {
    expect(view.fitted).toBe(true)
    expect(view.transform.scale).toBeCloseTo(600 / 3000)
    expect(view.visible).toEqual({ x: 0, y: 0, width: 4000, height: 3000 })
  })
  test('1 shows one pixel on one, F fits again', () => {
    press('1')
    expect(view.transform).toEqual({ scale: 1, x: 2000, y: 1610 })
    press('F')
    expect(view.fitted).toBe(true)
  })
  test('dragging moves the picture with the hand, up to its edge', () => {
    view.zoomTo(1)
    view.panBy(100, 0)
    expect(view.transform.x).toBe(1900)
    view.panBy(1e6, 0)
    expect(view.transform.x).toBe(500 - 24)
  })
  test('a photo of the same size keeps the place, another is fitted', () => {
    view.zoomTo(4)
    view.show({ width: 4000, height: 3000 })
    expect(view.transform.scale).toBe(4)
    view.show({ width: 640, height: 480 })
    expect(view.fitted).toBe(true)
  })
  test('a notch of the wheel towards the picture and back is no change', () => {
    const towards = wheelFactor({ deltaY: -100, deltaMode: 0, ctrlKey: false })
    const back = wheelFactor({ deltaY: 100, deltaMode: 0, ctrlKey: false })
    expect(towards).toBeGreaterThan(1.1)
    expect(towards * back).toBeCloseTo(1)
  })
})

describe('wipe', () => {
  test('brackets move it by one, braces by ten, never beyond the ends', () => {
    press('[')
    expect(view.wipe).toBe(49)
    for (let count = 0; count < 8; count++) press('}')
    expect(view.wipe).toBe(100)
  })
  test('its place is a share of what is seen of the picture', () => {
    view.setWipe(25)
    expect(view.wipeAt).toBe(Math.round(100 + 800 / 4))
    view.wipeTo(500)
    expect(view.wipe).toBe(50)
  })
})

describe('modes', () => {
  test('side by side halves the pane, and only with two pictures', () => {
    press('s')
    expect(view.panes).toEqual([
      { x: 0, y: 0, width: 496, height: 684 },
      { x: 504, y: 0, width: 496, height: 684 },
    ])
    view.paired = false
    expect(view.panes).toHaveLength(1)
  })
  test('B blinks, and swaps once it blinks', () => {
    press('b')
    expect([view.mode, view.blinkSecond]).toEqual(['blink', false])
    press('b')
    expect(view.blinkSecond).toBe(true)
  })
})

describe('reading pixels', () => {
  test('the pixel under the pointer, none beside the picture', () => {
    view.zoomTo(1)
    view.pointAt({ x: 500, y: 342 })
    expect(view.reading).toEqual({ x: 2000, y: 1610 })
    view.fit()
    view.pointAt({ x: 2, y: 2 })
    expect(view.reading).toBeNull()
  })
  test('with the crosshair arrows go pixel by pixel', () => {
    view.zoomTo(8)
    press('x')
    const before = view.reading
    press('ArrowRight')
    expect(view.reading?.x).toBe((before?.x ?? 0) + 1)
  })
  test('the crosshair reaches the corners of a fitted picture', () => {
    press('x')
    for (let count = 0; count < 20; count++) {
      view.look(1, 0, false)
      view.look(0, -1, false)
    }
    expect(view.reading).toEqual({ x: 3999, y: 0 })
    press('x')
    expect(view.transform.x).toBe(2000)
  })
})

test('keys with a modifier and keys that are not allowed do nothing', () => {
  expect(actOf(key('f', { ctrlKey: true }), all)).toBeNull()
  expect(actOf(key('f'), { characters: false, arrows: true })).toBeNull()
  expect(actOf(key('ArrowUp'), { characters: true, arrows: false })).toBeNull()
})
