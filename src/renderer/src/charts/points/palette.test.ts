import { describe, expect, test } from 'vitest'
import { errorColour, labelColour, paletteOf, type Colour, type Theme } from './palette'

/** WCAG's relative luminance and contrast. */
const luminance = (colour: Colour): number => {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}
const contrast = (a: Colour, b: Colour): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}
const stage: Record<Theme, Colour> = { dark: [0x14, 0x14, 0x15], light: [0xdc, 0xdc, 0xde] }

describe.each(['dark', 'light'] as const)('colours of the %s theme', (theme) => {
  test('ten labels stand out from the stage by 3 to 1 and differ from each other', () => {
    const colours = Array.from({ length: 10 }, (_, label) => labelColour(theme, label))
    for (const colour of colours) expect(contrast(colour, stage[theme])).toBeGreaterThan(3)
    expect(new Set(colours.map(String)).size).toBe(10)
    expect(labelColour(theme, 10)).toEqual(colours[0])
  })

  test('errors go one way in lightness, the largest away from the stage', () => {
    const lightness = Array.from({ length: 11 }, (_, i) => luminance(errorColour(theme, i / 10)))
    const sorted = [...lightness].sort((a, b) => (theme === 'dark' ? a - b : b - a))
    expect(lightness).toEqual(sorted)
    expect(contrast(errorColour(theme, 1), stage[theme])).toBeGreaterThan(7)
    expect(errorColour(theme, 2)).toEqual(errorColour(theme, 1))
  })
})

test('a palette has a colour for each class, transparent for those that are hidden', () => {
  const palette = paletteOf(
    (index) => [index, 1, 2],
    (index) => index !== 3,
  )
  expect(palette).toHaveLength(1024)
  expect([...palette.subarray(8, 16)]).toEqual([2, 1, 2, 255, 3, 1, 2, 0])
})
