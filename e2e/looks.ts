/** The looks that a test is made in: each theme once, each language once. */
import { test } from './fixtures'
import type { Locale } from './pages/denoiseScreen'

type Look = readonly [theme: 'dark' | 'light', locale: Locale]

const looks: readonly Look[] = [
  ['dark', 'en'],
  ['light', 'zh-Hans'],
]
/** The other two of the four. */
export const otherLooks: readonly Look[] = [
  ['light', 'en'],
  ['dark', 'zh-Hans'],
]

/** Declares tests once for each look; the program starts in it. */
export function inEachLook(declare: (...look: Look) => void, among = looks): void {
  for (const [theme, locale] of among) {
    test.describe(`${theme}, ${locale}`, () => {
      test.use({ startSettings: { theme, language: locale } })
      declare(theme, locale)
    })
  }
}
