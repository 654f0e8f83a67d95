/** The Map as a person uses it, in either language. Each method is one intention. */
import { expect, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Projection } from '../../src/shared/latent'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string

const arrangements: Record<Projection, Words> = {
  codes: m.map_projection_codes,
  pca: m.map_projection_pca,
  umap: m.map_projection_umap,
  'pixels-pca': m.map_projection_pixels_pca,
}

export class MapScreen {
  readonly page: Page
  readonly #locale: { locale: Locale }

  constructor(page: Page, locale: Locale = 'en') {
    this.page = page
    this.#locale = { locale }
  }

  say(words: Words): string {
    return words({}, this.#locale)
  }

  #button(words: Words): Locator {
    return this.page.getByRole('button', { name: this.say(words), exact: true })
  }

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation')
      .getByRole('button', { name: this.say(m.rail_map), exact: true })
      .click()
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(this.say(m.map_title))
  }

  get startButton(): Locator {
    return this.#button(m.map_empty_start)
  }

  /** The one click of the empty screen. */
  async start(): Promise<void> {
    await this.startButton.click()
  }

  /** The surface with the points. */
  get surface(): Locator {
    return this.page.getByRole('application')
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: this.say(m.inspector) })
  }

  get progress(): Locator {
    return this.page.getByRole('region', { name: this.say(m.map_making) })
  }

  /** Waits for the map of so many images by an arrangement. */
  async waitFor(projection: Projection, count: number): Promise<void> {
    const arrangement = this.say(arrangements[projection])
    const name = m.map_stage({ count: count.toLocaleString('en'), arrangement }, this.#locale)
    await expect(this.page.getByRole('application', { name, exact: true })).toBeVisible({
      timeout: 120_000,
    })
    await expect(this.progress).toBeHidden({ timeout: 120_000 })
  }

  arrangement(projection: Projection): Locator {
    return this.inspector.getByRole('radio', { name: this.say(arrangements[projection]) })
  }

  async arrange(projection: Projection): Promise<void> {
    await this.arrangement(projection).check({ force: true })
  }

  async cancel(): Promise<void> {
    await this.progress.getByRole('button', { name: this.say(m.cancel), exact: true }).click()
    await expect(this.progress).toBeHidden()
  }

  /** What the status bar tells while another screen is shown. */
  progressElsewhere(model: string): Locator {
    const name = m.map_status({ name: model }, this.#locale)
    return this.page.getByRole('contentinfo').getByRole('progressbar', { name, exact: true })
  }

  /** Trustworthiness and continuity of an arrangement, as they are shown. */
  async figures(projection: Projection): Promise<number[]> {
    const row = this.inspector.getByRole('row', { name: this.say(arrangements[projection]) })
    await expect(row.getByRole('cell').first()).not.toHaveText('–', { timeout: 60_000 })
    return (await row.getByRole('cell').allTextContents()).map(Number)
  }

  async choose(field: Words, option: string | RegExp): Promise<void> {
    await this.inspector.getByLabel(this.say(field), { exact: true }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  /** Puts the pointer at a place of the surface, as shares of its width and height. */
  async #at(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await this.surface.boundingBox()
    if (!box) throw new Error('the map is not there')
    return { x: box.x + box.width * x, y: box.y + box.height * y }
  }

  async click(x: number, y: number): Promise<void> {
    const at = await this.#at(x, y)
    await this.page.mouse.click(at.x, at.y)
  }

  async point(x: number, y: number): Promise<void> {
    const at = await this.#at(x, y)
    await this.page.mouse.move(at.x, at.y)
  }

  /** Draws a lasso, a diamond about the middle, with the Select tool. */
  async lasso(radius: number): Promise<void> {
    await this.page
      .getByRole('radio', { name: this.say(m.map_tool_lasso), exact: true })
      .check({ force: true })
    const corners = [
      [0.5, 0.5 - radius],
      [0.5 + radius, 0.5],
      [0.5, 0.5 + radius],
      [0.5 - radius, 0.5],
    ] as const
    for (const [at, [x, y]] of corners.entries()) {
      const { x: left, y: top } = await this.#at(x, y)
      await this.page.mouse.move(left, top, { steps: 6 })
      if (at === 0) await this.page.mouse.down()
    }
    await this.page.mouse.up()
    await this.page
      .getByRole('radio', { name: this.say(m.map_tool_move), exact: true })
      .check({ force: true })
  }

  /** How many images are said to be selected. */
  async selected(): Promise<number> {
    const [before = '', after = ''] = m.map_selected({ count: '#' }, this.#locale).split('#')
    const words = this.inspector.getByText(new RegExp(`^${before}[\\d,]+${after}$`))
    const text = await words.textContent()
    return Number(/[\d,]+/.exec(text ?? '')?.[0].replace(',', ''))
  }

  get decoded(): Locator {
    return this.inspector.getByRole('img', { name: this.say(m.map_decoded_picture) })
  }

  /** A code that Generate sent, in the words that say where it is marked. */
  sent(words: Words): Locator {
    const section = this.inspector.getByRole('region', { name: this.say(m.map_sent), exact: true })
    return section.getByText(this.say(words), { exact: true })
  }

  /** Exports the codes in a format. */
  async exportCodes(format: 'CSV' | 'NPY'): Promise<void> {
    await this.inspector.getByRole('radio', { name: format, exact: true }).check({ force: true })
    await this.#button(m.map_codes_export).click()
  }

  /** The image that is opened, with what the model makes of it. */
  pair(index: number): Locator {
    const name = m.map_pair({ index }, this.#locale)
    return this.inspector.getByRole('img', { name, exact: true })
  }

  get neighbours(): Locator {
    return this.inspector
      .getByRole('list', { name: this.say(m.map_neighbours) })
      .getByRole('button')
  }

  async find(index: number): Promise<void> {
    const field = this.inspector.getByRole('textbox', { name: this.say(m.map_index) })
    await field.fill(String(index))
    await field.press('Enter')
    await expect(this.pair(index)).toBeVisible()
  }

  /** Shows or hides a label by the legend. */
  async toggleLabel(label: string): Promise<void> {
    await this.page
      .getByRole('group', { name: this.say(m.map_legend_labels) })
      .getByRole('button', { name: label, exact: true })
      .click()
  }

  async colour(words: Words): Promise<void> {
    await this.page
      .getByRole('radiogroup', { name: this.say(m.map_colour) })
      .getByRole('radio', { name: this.say(words) })
      .check({ force: true })
  }

  async view(which: 'map' | 'table'): Promise<void> {
    await this.page
      .getByRole('radiogroup', { name: this.say(m.map_view) })
      .getByRole('radio', { name: this.say(m[`map_view_${which}`]) })
      .check({ force: true })
  }

  get table(): Locator {
    return this.page.getByRole('table', { name: this.say(m.map_table) })
  }
}
