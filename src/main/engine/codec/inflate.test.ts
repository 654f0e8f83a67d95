import { zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { inflateAtMost, inflateBounded } from './inflate'

const damaged = expect.objectContaining({ code: 'image-damaged' }) as Error
const noise = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 31 + i) >> 5)
const compressed = zlibSync(noise)

/** Cuts data into parts and counts how many of them were asked for. */
function parts(data: Uint8Array, size: number) {
  const asked = { count: 0 }
  function* cut(): Generator<Uint8Array> {
    for (let at = 0; at < data.length; at += size) {
      asked.count++
      yield data.subarray(at, at + size)
    }
  }
  return { asked, cut }
}

describe('inflateBounded', () => {
  it.each([1, 7, 1000, 10 ** 6])('puts a stream in parts of %i bytes together', (size) => {
    const out: number[] = []
    const received = inflateBounded(parts(compressed, size).cut(), noise.length, (bytes) => {
      for (const byte of bytes) out.push(byte)
    })
    expect(received).toBe(noise.length)
    expect(noise.every((byte, i) => out[i] === byte)).toBe(true)
  })

  it('asks for no more once it has enough', () => {
    const { asked, cut } = parts(compressed, 100)
    let length = 0
    expect(inflateBounded(cut(), 50, (bytes) => (length += bytes.length))).toBe(50)
    expect(length).toBe(50)
    expect(asked.count).toBeLessThan(10)
  })

  it('says how little there was of a stream that is cut off', () => {
    const received = inflateBounded([compressed.subarray(0, 5000)], noise.length, () => undefined)
    expect(received).toBeGreaterThan(1000)
    expect(received).toBeLessThan(noise.length)
  })

  it('refuses what is no zlib stream, and lets errors of the receiver through', () => {
    expect(() => inflateBounded([new Uint8Array(100).fill(0x55)], 10, () => undefined)).toThrow(
      damaged,
    )
    const own = new Error('mine')
    const receive = () => {
      throw own
    }
    expect(() => inflateBounded([compressed], 10, receive)).toThrow(own)
  })
})

describe('inflateAtMost', () => {
  it('inflates up to its limit and refuses more', () => {
    expect(Buffer.from(noise).equals(inflateAtMost(compressed, noise.length))).toBe(true)
    expect(() => inflateAtMost(compressed, noise.length - 1)).toThrow(damaged)
  })
})
