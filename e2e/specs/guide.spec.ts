/** The Guide: its pages by mouse and by keyboard, its formulas, its recipes, in both themes and languages. */
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { expect, test } from '../fixtures'
import { inEachLook } from '../looks'
import { GuideScreen } from '../pages/guideScreen'

/** What the page has that is used here. The tests themselves are compiled without the DOM's types. */
interface Face {
  family: string
  weight: string
  style: string
  status: string
}
interface Drawn {
  scrollWidth: number
  clientWidth: number
  textContent: string | null
}
interface PageDocument {
  document: {
    fonts: Iterable<Face> & { ready: Promise<unknown> }
    querySelectorAll(selector: string): Iterable<Drawn>
  }
  getComputedStyle(element: Drawn): { fontFamily: string; fontWeight: string; fontStyle: string }
}

test('axe finds nothing on any page of the guide', async ({ window }) => {
  test.slow() // thirteen pages
  const guide = new GuideScreen(window.page)
  await guide.open()
  const found: string[] = []
  const titles = await guide.pages.allInnerTexts()
  expect(titles.length).toBe(13)
  for (const [index, title] of titles.entries()) {
    await guide.turnTo(title)
    found.push(...(await inEachLook(window, `guide-${index}`)))
  }
  expect(found).toEqual([])
})

test('every formula fits, in the fonts that the program brings, and says itself as MathML', async ({
  app,
  window,
}) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(960, 640))
  const guide = new GuideScreen(window.page)
  await guide.open()
  let formulas = 0
  for (const title of await guide.pages.allInnerTexts()) {
    await guide.turnTo(title)
    const seen = await window.page.evaluate(async () => {
      const page = globalThis as unknown as PageDocument
      await page.document.fonts.ready
      const nameOf = (family: string, weight: string, style: string) =>
        `${family.split(',')[0]?.replaceAll('"', '')} ${weight.replace('normal', '400')} ${style}`
      const loaded = [...page.document.fonts]
        .filter(({ status }) => status === 'loaded')
        .map(({ family, weight, style }) => nameOf(family, weight, style))
      const letters = [...page.document.querySelectorAll('.katex-html span:not(:has(*))')]
        .filter(({ textContent }) => textContent?.replace(/[\s\u200b]/g, ''))
        .map((letter) => page.getComputedStyle(letter))
        .map(({ fontFamily, fontWeight, fontStyle }) => nameOf(fontFamily, fontWeight, fontStyle))
      const sets = [...page.document.querySelectorAll('figure > .set')]
      return {
        missing: [...new Set(letters.filter((name) => !loaded.includes(name)))],
        tooWide: sets
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
        formulas: sets.length,
        spoken: [...page.document.querySelectorAll('figure > .set math')].length,
      }
    })
    expect(seen, title).toMatchObject({ missing: [], tooWide: [], spoken: seen.formulas })
    formulas += seen.formulas
  }
  expect(formulas).toBeGreaterThan(20)
})

test('pages are reached, followed and scrolled by keyboard', async ({ window }) => {
  const { keyboard } = window.page
  const guide = new GuideScreen(window.page)
  await guide.open()
  await expect(guide.current).toHaveText(m.guide_page_denoise())
  await guide.pages.nth(2).focus()
  await keyboard.press('Enter')
  await expect(guide.title).toHaveText(m.guide_principle_title())
  await expect(guide.current).toHaveText(m.guide_principle_title())
  await expect(guide.pages.nth(2)).toBeFocused()

  await guide.main.getByRole('button', { name: m.recipe_mnist_sparse(), exact: true }).focus()
  await keyboard.press('Enter')
  await expect(guide.title).toHaveText(m.recipe_mnist_sparse())
  await expect(guide.main).toBeFocused()
  await keyboard.press('End')
  await expect(
    guide.main.getByRole('heading', { name: m.guide_section_sources() }),
  ).toBeInViewport()
})

test('a recipe is opened from its page, and the page is still there afterwards', async ({
  window,
}) => {
  const guide = new GuideScreen(window.page)
  await guide.open()
  await guide.turnTo(m.guide_variational_title())
  await guide.recipe(m.recipe_mnist_beta_vae()).click()
  const heading = window.page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText(m.recipe_mnist_beta_vae())
  await guide.open()
  await expect(guide.title).toHaveText(m.guide_variational_title())
})
