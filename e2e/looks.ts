/** The looks of the window: stories are told in one of them, and each of their stages is examined in all. */
import { join } from 'node:path'
import { violations } from './axe'
import { expect, test } from './fixtures'
import type { DarkroomWindow } from './pages/darkroomWindow'
import type { Locale } from './pages/denoiseScreen'
import { root } from './program'

type Look = readonly [theme: 'dark' | 'light', locale: Locale]

/** Each theme once, each language once. */
const looks: readonly Look[] = [
  ['dark', 'en'],
  ['light', 'zh-Hans'],
]
/** All four. */
export const allLooks: readonly Look[] = [...looks, ['light', 'en'], ['dark', 'zh-Hans']]

/** Declares stories that are told in Chinese, by daylight; the others are told as the program first starts. */
export function inChinese(declare: (locale: Locale) => void): void {
  test.describe('in Chinese', () => {
    test.use({ startSettings: { theme: 'light', language: 'zh-Hans' } })
    declare('zh-Hans')
  })
}

/**
 * What axe finds on the window as it is in each look, with a picture of each, `NAME-THEME-LOCALE`. The window has its
 * own look again afterwards.
 */
export async function inEachLook(
  window: DarkroomWindow,
  name: string,
  among = looks,
): Promise<string[]> {
  const look = await ownLook(window)
  const found: string[] = []
  for (const [theme, locale] of among) {
    await setLook(window, theme, locale)
    found.push(...(await violations(window.page, `${name}-${theme}-${locale}`)))
  }
  await setLook(window, ...look)
  return found
}

/** Pictures for the README and the guide are made only when they are asked for. */
export const forReadme = Boolean(process.env['UPDATE_PICTURES'])

/** Writes `docs/NAME-dark.png` and `docs/NAME-light.png` of the window as it is, where pictures are asked for. */
export async function pictureForReadme(window: DarkroomWindow, name: string): Promise<void> {
  if (!forReadme) return
  const [own, locale] = await ownLook(window)
  await window.page.mouse.move(0, 0)
  for (const theme of ['dark', 'light'] as const) {
    await setLook(window, theme, locale)
    const path = join(root, 'docs', `${name}-${theme}.png`)
    await window.page.screenshot({ path, animations: 'disabled' })
  }
  await setLook(window, own, locale)
}

async function ownLook({ page }: DarkroomWindow): Promise<Look> {
  const html = page.locator('html')
  const [theme, locale] = [await html.getAttribute('data-theme'), await html.getAttribute('lang')]
  return [theme as Look[0], locale as Locale]
}

async function setLook(window: DarkroomWindow, ...[theme, locale]: Look): Promise<void> {
  await window.ask('settings.change', { theme, language: locale })
  const html = window.page.locator('html')
  await expect(html).toHaveAttribute('data-theme', theme)
  await expect(html).toHaveAttribute('lang', locale)
}
