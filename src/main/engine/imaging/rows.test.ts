import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fullLook, type Look } from '../../../shared/types'
import type { Planes } from '../codec'
import { rowsOf } from '../codec/rows'
import { lumaOf } from './luma'
import { mixed } from './rows'
import { picture, planesOf } from './testing/pictures'
import type { Texture } from './texture'
import { blend, renderRows, renderView } from './view'

const planes = (channels: 1 | 3, data: number[], alpha: number[] | null = null): Planes => ({
  width: data.length / channels,
  height: 1,
  channels,
  bits: 8,
  data: Uint8Array.from(data),
  alpha: alpha && Uint8Array.from(alpha),
})
const look = (luma: number, chroma: number, texture = 0): Look => ({ luma, chroma, texture })
/** Of a row, in steps of 8 bits. */
const textureOf = (...values: number[]): Texture => ({
  width: values.length,
  height: 1,
  data: Int16Array.from(values, (value) => 257 * value),
})

const input = planes(3, [100, 120, 140, 7, 8, 9], [255, 3])
const denoised = planes(3, [110, 110, 170, 0, 8, 255])
/** The blue-yellow and red-green differences from luma: what chroma is. */
const chromaOf = ({ data }: Planes, at: number): number[] =>
  [0, 1, 2].map((channel) => (data[at + channel] as number) - lumaOf(data, at, 3))

describe('a look', () => {
  it('of nothing is the input itself, whatever the texture', () => {
    expect(blend(input, denoised, look(0, 0), null)).toBe(input)
    expect(blend(input, denoised, look(0, 0, 100), textureOf(50, 50))).toBe(input)
  })

  it('of all is the denoised picture with the input’s alpha', () => {
    const all = blend(input, denoised, fullLook, textureOf(50, 50))
    expect(all.data).toBe(denoised.data)
    expect(all.alpha).toBe(input.alpha)
  })

  it('of equal shares lies on the straight line between both, rounded', () => {
    expect([...blend(input, denoised, look(50, 50), null).data]).toEqual([
      ...[105, 115, 155],
      ...[4, 8, 132],
    ])
  })

  it('of luma alone keeps the colour, of chroma alone the luma, to rounding', () => {
    const brightness = blend(input, denoised, look(100, 0), null)
    const colour = blend(input, denoised, look(0, 100), null)
    expect(lumaOf(brightness.data, 0, 3)).toBeCloseTo(lumaOf(denoised.data, 0, 3), 0)
    expect(lumaOf(colour.data, 0, 3)).toBeCloseTo(lumaOf(input.data, 0, 3), 0)
    const off = (a: Planes, b: Planes): number =>
      Math.max(...chromaOf(a, 0).map((value, i) => Math.abs(value - (chromaOf(b, 0)[i] as number))))
    expect(off(brightness, input)).toBeLessThan(1)
    expect(off(colour, denoised)).toBeLessThan(1)
  })

  it('adds texture in proportion to both, to all channels alike', () => {
    const grey = (luma: number, texture: number): number =>
      blend(planes(1, [100]), planes(1, [140]), look(luma, 0, texture), textureOf(-20))
        .data[0] as number
    expect([grey(100, 100), grey(100, 50), grey(50, 100), grey(0, 100)]).toEqual([
      120, 130, 110, 100,
    ])
    const colour = blend(input, denoised, look(100, 100, 50), textureOf(8, 0)).data
    expect([...colour.subarray(0, 3)]).toEqual([114, 114, 174])
  })

  it('is clipped to black and white', () => {
    const dark = blend(planes(1, [9, 9]), planes(1, [4, 250]), look(100, 0, 100), textureOf(-9, 9))
    expect([...dark.data]).toEqual([0, 255])
  })

  it('means the same at 16 bits', () => {
    const deep = (value: number): Planes => ({
      ...planes(1, [0]),
      bits: 16,
      data: Uint16Array.of(257 * value),
    })
    expect(blend(deep(100), deep(140), look(50, 0, 100), textureOf(-20)).data[0]).toBe(257 * 110)
  })

  it('of a grey picture has no chroma', () => {
    const [from, to] = [planes(1, [10, 20]), planes(1, [30, 60])]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (chroma) => {
        expect([...blend(from, to, look(50, chroma), null).data]).toEqual([20, 40])
      }),
    )
  })

  it('mixes only what a view shows, to the same pixels', () => {
    const [width, height] = [60, 40]
    const photo = planesOf(picture(width, height, 3), width, height, 3)
    const values = picture(width, height, 3).map((value) => 255 - value)
    const other = planesOf(values, width, height, 3)
    const data = Int16Array.from({ length: width * height }, (_, i) => 257 * ((i % 31) - 15))
    const texture = { width, height, data }
    const region = { x: 11, y: 3, width: 30, height: 20 }
    const asked: number[] = []
    const lazy = mixed(rowsOf(photo), rowsOf(other), look(30, 80, 60), texture)
    const watched: typeof lazy = {
      ...lazy,
      row: (y, from, to) => {
        asked.push(y)
        return lazy.row(y, from, to)
      },
    }
    const pixels = renderRows(watched, region, 10, 7)
    const all = blend(photo, other, look(30, 80, 60), texture)
    expect(pixels).toEqual(renderView(all, region, 10, 7))
    expect([Math.min(...asked), Math.max(...asked)]).toEqual([3, 22])
  })
})
