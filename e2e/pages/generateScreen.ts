/** Generate as a person uses it, in either language. Each method is one intention. */
import { expect, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string

export class GenerateScreen {
  readonly page: Page
  readonly #locale: { locale: Locale }

  constructor(page: Page, locale: Locale = 'en') {
    this.page = page
    this.#locale = { locale }
  }

  say(words: Words): string {
    return words({}, this.#locale)
  }

  button(words: Words): Locator {
    return this.page.getByRole('button', { name: this.say(words), exact: true })
  }

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('button', { name: this.say(m.rail_generate), exact: true })
      .click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(this.say(m.rail_generate))
  }

  /** The one click of the empty screen. */
  async start(): Promise<void> {
    await this.button(m.generate_empty_start).click()
  }

  /** The gallery of a tab, with so many pictures. */
  gallery(tab: Words, count: number): Locator {
    const name = m.generate_stage({ what: this.say(tab), count }, this.#locale)
    return this.page.getByRole('group', { name, exact: true })
  }

  async show(tab: Words): Promise<void> {
    await this.page.getByRole('radio', { name: this.say(tab), exact: true }).check()
  }

  get scrubber(): Locator {
    return this.page.getByRole('slider', { name: this.say(m.generate_scrub), exact: true })
  }

  get live(): Locator {
    return this.page.getByRole('img', { name: this.say(m.generate_live), exact: true })
  }

  /** What the live picture shows, as data. */
  async livePixels(): Promise<string> {
    return (await this.live.screenshot()).toString('base64')
  }

  /** Takes away what is told above the stage. */
  async dismiss(): Promise<void> {
    await this.button(m.dismiss).first().click()
  }

  async choose(label: Words, option: string): Promise<void> {
    const inspector = this.page.getByRole('complementary', { name: this.say(m.inspector) })
    await inspector.getByLabel(this.say(label), { exact: true }).last().click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }
}
