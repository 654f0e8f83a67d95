/** The Library as a person uses it, in either language. Each method is one intention. */
import { expect, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

export class LibraryScreen {
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(page: Page, locale: Locale = 'en') {
    this.#page = page
    this.#locale = { locale }
  }

  async open(): Promise<void> {
    await this.#page
      .getByRole('navigation')
      .getByRole('button', { name: m.rail_library({}, this.#locale), exact: true })
      .click()
    await expect(this.#page.getByRole('heading', { level: 1 })).toBeVisible()
  }

  /** What belongs to the item of that name. */
  entry(name: string): Locator {
    return this.#page.getByText(name, { exact: true }).first()
  }
}
