import { describe, expect, test } from 'vitest'
import {
  clampPosition,
  clampScale,
  fit,
  nextStep,
  placement,
  requestSize,
  shownRect,
  toImage,
  toPane,
  visibleRegion,
  zoomAt,
} from './geometry'

const image = { width: 4000, height: 3000 }
const pane = { width: 1000, height: 700 }
const none = { top: 0, right: 0, bottom: 0, left: 0 }

describe('fit', () => {
  test('the tighter side decides, and the image is centred', () => {
    expect(fit(image, pane, none)).toEqual({ scale: 700 / 3000, x: 2000, y: 1500 })
  })
  test('insets move the middle: the image is centred in what they leave', () => {
    const insets = { top: 20, right: 0, bottom: 80, left: 0 }
    const at = fit(image, pane, insets)
    const top = toPane(at, pane, { x: 0, y: 0 }).y
    const bottom = toPane(at, pane, { x: 0, y: 3000 }).y
    expect(top).toBeCloseTo(20)
    expect(bottom).toBeCloseTo(620)
  })
  test('a tiny image is enlarged eight times at most', () => {
    expect(fit({ width: 10, height: 10 }, pane, none).scale).toBe(8)
  })
})

describe('zoom', () => {
  test('the point under the pointer stays', () => {
    const at = fit(image, pane, none)
    const anchor = { x: 250, y: 300 }
    const before = toImage(at, pane, anchor)
    const after = toImage(zoomAt(at, pane, 4, anchor), pane, anchor)
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
  })
  test('stays within 5 % and 3,200 %, and goes lower only where fitting needs it', () => {
    expect(clampScale(100, 0.2)).toBe(32)
    expect(clampScale(0.001, 0.2)).toBe(0.05)
    expect(clampScale(0.001, 0.02)).toBe(0.02)
  })
  test('steps go through round scales and stop at the ends', () => {
    expect(nextStep(0.23, 1)).toBe(0.25)
    expect(nextStep(1, 1)).toBe(1.5)
    expect(nextStep(1, -1)).toBe(0.6667)
    expect(nextStep(0.6666, -1)).toBe(0.5)
    expect(nextStep(32, 1)).toBe(32)
  })
})

describe('position', () => {
  test('an image smaller than the pane is centred', () => {
    const at = clampPosition({ scale: 0.1, x: 0, y: 0 }, image, pane, none)
    expect(at).toEqual({ scale: 0.1, x: 2000, y: 1500 })
  })
  test('a larger one cannot be dragged beyond its edge', () => {
    expect(clampPosition({ scale: 1, x: -50, y: 9999 }, image, pane, none)).toEqual({
      scale: 1,
      x: 500,
      y: 2650,
    })
  })
})

describe('what is asked for', () => {
  test('the visible part in whole pixels, cut to the image', () => {
    expect(visibleRegion({ scale: 2, x: 100.25, y: 1500 }, image, pane)).toEqual({
      x: 0,
      y: 1325,
      width: 351,
      height: 350,
    })
    expect(visibleRegion({ scale: 1, x: -5000, y: 0 }, image, pane)).toBeNull()
  })
  test('at the shown size up to 200 %, above that no more pixels than there are', () => {
    const region = { x: 0, y: 0, width: 100, height: 60 }
    expect(requestSize(region, 0.5)).toEqual({ width: 50, height: 30 })
    expect(requestSize(region, 2)).toEqual({ width: 200, height: 120 })
    expect(requestSize(region, 16)).toEqual({ width: 100, height: 60 })
  })
  test('never above 4,096 a side', () => {
    expect(requestSize({ x: 0, y: 0, width: 8192, height: 64 }, 1)).toEqual({
      width: 4096,
      height: 32,
    })
  })
})

describe('where it is drawn', () => {
  test('a picture of this scale lies on whole pixels at its own size', () => {
    const at = { scale: 0.3333, x: 1501, y: 900 }
    const region = { x: 0, y: 0, width: 4000, height: 3000 }
    const rect = placement(at, pane, region, requestSize(region, at.scale))
    expect(rect).toEqual({ x: -0, y: 50, width: 1333, height: 1000 })
  })
  test('one of another scale is stretched to its place', () => {
    const region = { x: 0, y: 0, width: 100, height: 100 }
    const at = { scale: 4, x: 50, y: 50 }
    expect(placement(at, pane, region, { width: 100, height: 100 })).toEqual({
      x: 300,
      y: 150,
      width: 400,
      height: 400,
    })
  })
  test('the outline is cut to the pane', () => {
    expect(shownRect({ scale: 1, x: 0, y: 0 }, image, pane)).toEqual({
      x: 500,
      y: 350,
      width: 500,
      height: 350,
    })
  })
})
