/** Generate as a person uses it, in either language. Each method is one intention. */
import { expect, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { dropOnto } from '../dropping'
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

  /** Where samples come from. */
  get origin(): Locator {
    return this.page.getByRole('combobox', { name: this.say(m.generate_from), exact: true })
  }

  async from(origin: Words): Promise<void> {
    await this.choose(m.generate_from, this.say(origin))
  }

  /** How far what pictures wait for is. */
  get making(): Locator {
    return this.page.getByRole('progressbar', { name: this.say(m.generate_making), exact: true })
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

  /** Puts files on disk onto the window, as if they were dragged there. */
  drop(paths: readonly string[]): Promise<void> {
    return dropOnto(this.page, paths)
  }

  /** The dialog in which images of the data are chosen. */
  get browser(): Locator {
    return this.page.getByRole('dialog')
  }

  browsed(index: number): Locator {
    return this.browser.getByRole('button', {
      name: m.map_image({ index }, this.#locale),
      exact: true,
    })
  }

  /** Only images of one label. */
  async browseLabel(label: string): Promise<void> {
    await this.browser.getByLabel(this.say(m.map_label), { exact: true }).click()
    await this.page.getByRole('option', { name: label, exact: true }).click()
  }

  async browseTo(index: number): Promise<void> {
    const field = this.browser.getByRole('textbox', { name: this.say(m.map_index) })
    await field.fill(String(index))
    await field.press('Enter')
    await expect(this.browsed(index)).toBeFocused()
  }

  async useBrowsed(): Promise<void> {
    await this.browser.getByRole('button', { name: this.say(m.generate_browse_take) }).click()
    await expect(this.browser).toBeHidden()
  }

  /** Pictures of a list of points, by what they are for. */
  points(list: Words): Locator {
    return this.page.getByRole('list', { name: this.say(list), exact: true }).getByRole('listitem')
  }

  /** A group that is chosen by hand. */
  group(sign: Words): Locator {
    const name = m.generate_group({ group: this.say(sign) }, this.#locale)
    return this.page.getByRole('list', { name, exact: true }).getByRole('listitem')
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
