/** The Guide as a person uses it, in either language. Each method is one intention. */
import { expect, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

export class GuideScreen {
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(page: Page, locale: Locale = 'en') {
    this.#page = page
    this.#locale = { locale }
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('navigation', { name: m.rail({}, this.#locale) })
      .getByRole('button', { name: m.rail_guide({}, this.#locale), exact: true })
      .click()
    await expect(this.list).toBeVisible()
  }

  get list(): Locator {
    return this.#page.getByRole('navigation', { name: m.guide_pages({}, this.#locale) })
  }

  /** The buttons that lead to the pages, in their order. */
  get pages(): Locator {
    return this.list.getByRole('button')
  }

  /** The page that the list marks as the one that is open. */
  get current(): Locator {
    return this.list.locator('[aria-current="page"]')
  }

  /** The page itself. */
  get main(): Locator {
    return this.#page.getByRole('main')
  }

  get title(): Locator {
    return this.main.getByRole('heading', { level: 2 })
  }

  async turnTo(title: string): Promise<void> {
    await this.list.getByRole('button', { name: title, exact: true }).click()
    await expect(this.title).toHaveText(title)
  }

  /** The button of a recipe, by the recipe's name. */
  recipe(name: string): Locator {
    return this.main
      .getByRole('region', { name: m.guide_recipes({}, this.#locale) })
      .getByRole('button', { name, exact: true })
  }
}
