/**
 * Colours of points: ten for labels, told apart by people who see colours differently (after Okabe and Ito 2008, Tol
 * 2021), and a scale for errors that runs from blue to yellow, or to brown, and by lightness alone as well. In either
 * theme they stand out from the stage; names on the map and the legend say the same without colour.
 */
export type Theme = 'dark' | 'light'
export type Colour = readonly [number, number, number]

const hex = (text: string): Colour =>
  [0, 2, 4].map((at) => parseInt(text.slice(at, at + 2), 16)) as unknown as Colour

const labels: Record<Theme, readonly Colour[]> = {
  dark: 'f2a33a 56b4e9 00c99a f0e442 ef6a5a d98cd0 c9c9cd 8f8cff a3d977 2f9c95'.split(' ').map(hex),
  light: '9a5a00 0f6fae 007a5c 746a00 b3261b 93398a 3f3f46 4b3bc0 3f7a12 005f63'
    .split(' ')
    .map(hex),
}
const errors: Record<Theme, readonly Colour[]> = {
  dark: '2f5f8f 5d7f96 93958a c9b25a ffd84a'.split(' ').map(hex),
  light: 'a3bdd6 7f97a8 7d7a62 7a5620 5a2600'.split(' ').map(hex),
}

/** Further labels begin again. */
export const labelColour = (theme: Theme, label: number): Colour =>
  labels[theme][label % labels[theme].length] as Colour

/** The colour of a share of the way from the least error to the largest. */
export function errorColour(theme: Theme, share: number): Colour {
  const stops = errors[theme]
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const from = Math.min(stops.length - 2, Math.floor(at))
  const [a, b] = [stops[from] as Colour, stops[from + 1] as Colour]
  return [0, 1, 2].map((i) =>
    Math.round((a[i] ?? 0) + ((b[i] ?? 0) - (a[i] ?? 0)) * (at - from)),
  ) as unknown as Colour
}

export const css = ([red, green, blue]: Colour): string => `rgb(${red} ${green} ${blue})`

/** A point's colour is one of so many. */
export const paletteSize = 256

/** The colours of classes 0–255 as RGBA; alpha 0 is not shown. */
export function paletteOf(
  colour: (index: number) => Colour,
  visible: (index: number) => boolean,
): Uint8Array {
  const palette = new Uint8Array(paletteSize * 4)
  for (let index = 0; index < paletteSize; index += 1)
    palette.set([...colour(index), visible(index) ? 255 : 0], index * 4)
  return palette
}
