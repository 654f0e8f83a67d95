import { describe, expect, test } from 'vitest'
import { panned, revealing, toPixel, toPlace, whole, zoomedAt, limits, pointSize } from './camera'

const size = { width: 800, height: 600 }

describe('the camera of a map', () => {
  test('shows all of the map in the middle, with y upwards', () => {
    expect(toPixel(whole, size, { x: 0, y: 0 })).toEqual({ x: 400, y: 300 })
    const top = toPixel(whole, size, { x: 0, y: 1 })
    expect(top.y).toBeGreaterThan(0)
    expect(top.y).toBeLessThan(30)
  })

  test('goes from place to pixel and back', () => {
    const camera = { x: 0.3, y: -0.2, zoom: 7 }
    const place = toPlace(camera, size, toPixel(camera, size, { x: 0.1, y: 0.25 }))
    expect(place.x).toBeCloseTo(0.1, 12)
    expect(place.y).toBeCloseTo(0.25, 12)
  })

  test('zooms about the pointer, within limits', () => {
    const pixel = { x: 500, y: 200 }
    const before = toPlace(whole, size, pixel)
    const after = toPlace(zoomedAt(whole, size, 3, pixel), size, pixel)
    expect(after.x).toBeCloseTo(before.x, 12)
    expect(after.y).toBeCloseTo(before.y, 12)
    expect(zoomedAt(whole, size, 1e6, pixel).zoom).toBe(limits.most)
    expect(zoomedAt(whole, size, 1e-6, pixel).zoom).toBe(limits.least)
  })

  test('moves with the pointer, and never leaves the map', () => {
    const camera = { ...whole, zoom: 4 }
    const moved = panned(camera, size, 50, -20)
    const pixel = toPixel(moved, size, { x: 0, y: 0 })
    expect(pixel.x).toBeCloseTo(450, 9)
    expect(pixel.y).toBeCloseTo(280, 9)
    expect(panned(whole, size, 1e5, 1e5)).toMatchObject({ x: -1, y: 1 })
  })

  test('moves for a place that is out of sight, and only then', () => {
    const camera = { ...whole, zoom: 4 }
    expect(revealing(camera, size, { x: 0.1, y: 0.1 })).toBe(camera)
    const pixel = toPixel(revealing(camera, size, { x: 0.9, y: -0.9 }), size, { x: 0.9, y: -0.9 })
    expect(pixel.x).toBeCloseTo(776, 9)
    expect(pixel.y).toBeCloseTo(576, 9)
  })

  test('draws points smaller where there are more, larger from close by', () => {
    expect(pointSize(60_000, whole)).toBeLessThan(pointSize(1000, whole))
    expect(pointSize(1000, { ...whole, zoom: 5 })).toBeGreaterThan(pointSize(1000, whole))
  })
})
