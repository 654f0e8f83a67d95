import { decode, decodeApng } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { animationOf, textOf, withText } from './extras'
import { decodePng } from './decode'
import { encodePng } from '../testing/wholeFile'

const none = { exif: null, icc: null, xmp: null, profileName: null }
const picture = (value: number) =>
  encodePng(
    { width: 3, height: 2, channels: 1, bits: 8, data: new Uint8Array(6).fill(value), alpha: null },
    8,
    none,
  )

describe('a text in a PNG', () => {
  it('comes back, whatever it is, and leaves the picture as it was', () => {
    const words = JSON.stringify({ name: '数字 “β-VAE” 🙂', codes: [1 / 3, -0] })
    const file = withText(picture(9), 'latent-darkroom', words)
    expect(textOf(file, 'latent-darkroom')).toBe(words)
    expect([...decode(file, { checkCrc: true }).data]).toEqual([9, 9, 9, 9, 9, 9])
  })

  it('is not found in others, nor under another keyword, nor in what is no PNG', () => {
    expect(textOf(picture(1), 'latent-darkroom')).toBeNull()
    expect(textOf(withText(picture(1), 'other', 'x'), 'latent-darkroom')).toBeNull()
    expect(textOf(new TextEncoder().encode('no picture at all'), 'latent-darkroom')).toBeNull()
  })
})

describe('an animated PNG', () => {
  const file = animationOf([picture(1), picture(2), picture(3)], 80)

  it('shows its first frame to programs that know no animation', () => {
    expect([...decodePng(file).planes.data]).toEqual([1, 1, 1, 1, 1, 1])
    expect([...decode(file, { checkCrc: true }).data]).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('is read frame by frame by another decoder', () => {
    const { frames, numberOfFrames } = decodeApng(file, { checkCrc: true })
    expect(numberOfFrames).toBe(3)
    expect(frames.map(({ data }) => [...data].slice(0, 2))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  it('has every frame, in order, with one running number', () => {
    const bytes = Buffer.from(file)
    const numbers: number[] = []
    const kinds: string[] = []
    for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
      const kind = bytes.toString('latin1', at + 4, at + 8)
      kinds.push(kind)
      if (kind === 'fcTL' || kind === 'fdAT') numbers.push(bytes.readUInt32BE(at + 8))
      if (kind === 'acTL') expect(bytes.readUInt32BE(at + 8)).toBe(3)
      if (kind === 'fcTL')
        expect([bytes.readUInt32BE(at + 12), bytes.readUInt16BE(at + 28)]).toEqual([3, 80])
    }
    // each picture in two chunks: what was compressed, and its check sum
    expect(kinds).toEqual([
      ...['IHDR', 'acTL', 'fcTL', 'IDAT', 'IDAT'],
      ...['fcTL', 'fdAT', 'fdAT', 'fcTL', 'fdAT', 'fdAT', 'IEND'],
    ])
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})
