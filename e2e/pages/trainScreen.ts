/** The Train screen as a person uses it, in either language. Each method is one intention. */
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import { answerOpen } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import type { Locale } from './denoiseScreen'

type Words = (inputs: object, options: { locale: Locale }) => string
type State = 'running' | 'paused' | 'finished' | 'stopped' | 'queued'

export class TrainScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale = 'en') {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  #say(words: Words): string {
    return words({}, this.#locale)
  }

  #button(words: Words): Locator {
    return this.#page.getByRole('button', { name: this.#say(words), exact: true })
  }

  get #inspector(): Locator {
    return this.#page.getByRole('complementary', { name: this.#say(m.inspector) })
  }

  /** Goes to the screen: to a run there is, or to the recipes. */
  async open(run?: string): Promise<void> {
    const rail = this.#page.getByRole('navigation')
    await rail.getByRole('button', { name: this.#say(m.rail_train), exact: true }).click()
    if (run === undefined) await expect(this.#page.getByRole('article').first()).toBeVisible()
    else await this.row(run).getByRole('button', { name: run, exact: true }).click()
  }

  /** Starts the recipe that the empty screen offers, as it is. */
  async startFirst(): Promise<void> {
    await this.#button(m.train_recipes_start).click()
  }

  /** Opens the set-up of a recipe by its name on the screen. */
  async setUp(words: Words): Promise<void> {
    const name = this.#say(words)
    const card = this.#page.getByRole('article').filter({
      has: this.#page.getByText(name, { exact: true }),
    })
    await card.getByRole('button').first().click()
    await expect(this.#page.getByRole('heading', { level: 1, name })).toBeVisible()
  }

  async set(field: Words, value: string): Promise<void> {
    await this.#page.getByRole('textbox', { name: this.#say(field), exact: true }).fill(value)
  }

  /** Chooses one of several values. */
  async choose(field: Words, option: Words): Promise<void> {
    await this.#inspector.getByRole('combobox', { name: this.#say(field), exact: true }).click()
    await this.#page.getByRole('option', { name: this.#say(option), exact: true }).click()
  }

  /** Chooses a folder in the dialog, which answers with `path`. */
  async chooseFolder(path: string): Promise<void> {
    await answerOpen(this.#app, path)
    await this.#button(m.train_data_choose_folder).click()
  }

  /** Waits for the forecast and returns what it says, by name. */
  async forecast(): Promise<Map<string, string>> {
    const memory = this.#inspector.getByRole('term').filter({
      hasText: this.#say(m.train_forecast_memory),
    })
    await expect(memory).toBeVisible({ timeout: 60_000 })
    return this.facts()
  }

  /** What the inspector says, by name. */
  async facts(): Promise<Map<string, string>> {
    const terms = await this.#inspector.getByRole('term').allInnerTexts()
    const values = await this.#inspector.getByRole('definition').allInnerTexts()
    return new Map(terms.map((term, index) => [term, values[index] ?? '']))
  }

  async start(): Promise<void> {
    await this.#button(m.train_start).click()
  }

  async pause(): Promise<void> {
    await this.#inspector.getByRole('button', { name: this.#say(m.train_pause) }).click()
    await this.waitFor('paused')
  }

  async resume(): Promise<void> {
    await this.#inspector.getByRole('button', { name: this.#say(m.train_resume) }).click()
    await this.waitFor('running')
  }

  async stop(): Promise<void> {
    await this.#inspector.getByRole('button', { name: this.#say(m.train_stop) }).click()
    await this.waitFor('stopped')
  }

  /** Waits until the table of runs says so of the run of that name. */
  async waitFor(state: State, name?: string): Promise<void> {
    const row = this.row(name)
    const word = this.#say(m[`train_state_${state}`])
    await expect(row.getByRole('cell', { name: word, exact: true })).toBeVisible({
      timeout: 240_000,
    })
  }

  /** What the title bar names: a run, whose name may have got a number. */
  title(): Promise<string> {
    return this.#page.getByRole('heading', { level: 1 }).innerText()
  }

  async waitForCurve(): Promise<void> {
    await expect(this.curve).toBeVisible({ timeout: 120_000 })
  }

  /** Changes between a logarithmic and a linear scale. */
  async toggleScale(): Promise<void> {
    const button = this.#button(m.train_logarithmic)
    const pressed = await button.getAttribute('aria-pressed')
    await button.click()
    await expect(button).not.toHaveAttribute('aria-pressed', pressed ?? '')
  }

  /** Waits until so many epochs are in the curve. */
  async waitForEpochs(count: number): Promise<void> {
    const shown = async () => Number(/\d+/.exec(await this.curveText())?.[0] ?? 0)
    await expect.poll(shown, { timeout: 120_000 }).toBeGreaterThanOrEqual(count)
  }

  /** A row of the table of runs, by the run's name; the first one without. */
  row(name?: string): Locator {
    const table = this.#page.getByRole('region', { name: this.#say(m.train_runs) })
    const rows = table.getByRole('row').filter({ has: this.#page.getByRole('rowheader') })
    if (name === undefined) return rows.first()
    return rows.filter({ has: this.#page.getByRole('rowheader', { name, exact: true }) })
  }

  get curve(): Locator {
    return this.#page.getByRole('img', { name: this.#say(m.train_chart_loss) }).first()
  }

  /** What the chart of the loss says in words. */
  async curveText(): Promise<string> {
    if ((await this.curve.count()) === 0) return ''
    return (await this.curve.getAttribute('aria-label')) ?? ''
  }

  /** The curve as a table: each row's cells, the first epoch first. */
  async epochs(): Promise<string[][]> {
    await this.#button(m.train_as_table).click()
    const region = this.#page.getByRole('region', { name: this.#say(m.train_as_table) })
    await expect(region).toBeVisible()
    const rows = region.getByRole('row').filter({ has: this.#page.getByRole('rowheader') })
    const texts = (await rows.allInnerTexts()).map((text) => text.split('\t'))
    await this.#button(m.train_as_table).click()
    return texts.reverse()
  }

  /** The pictures of validation images and of what the model makes of them. */
  get preview(): Locator {
    return this.#page
      .getByRole('region', { name: this.#say(m.train_preview) })
      .getByRole('img')
      .first()
  }

  async tab(which: 'run' | 'step' | 'sweep' | 'compare'): Promise<void> {
    const name = this.#say(m[`train_tab_${which}`])
    await this.#page.getByRole('radio', { name, exact: true }).check({ force: true })
  }

  /** Has one step computed and shown. */
  async lookAtStep(): Promise<void> {
    await this.#inspector.getByRole('button', { name: this.#say(m.train_step_look) }).click()
    const backward = this.#page.getByRole('heading', { name: this.#say(m.train_step_backward) })
    await expect(backward).toBeVisible({ timeout: 60_000 })
  }

  /** The table that sets the run's denoiser beside the bundled one. */
  get compared(): Locator {
    return this.#page.getByRole('table', { name: this.#say(m.train_compared), exact: true })
  }

  /** Opens what the form leaves to those who want it. */
  async openAdvanced(): Promise<void> {
    await this.#inspector.getByText(this.#say(m.train_advanced), { exact: true }).click()
  }

  /** Lets a run go on however long its validation does not get better. */
  async withoutPatience(): Promise<void> {
    await this.#inspector.getByRole('switch', { name: this.#say(m.train_field_patience) }).click()
  }

  /** Looks at the run in the library, from what can be done once it has ended. */
  async lookInLibrary(): Promise<void> {
    await this.#button(m.train_next_library).click()
  }

  get alert(): Locator {
    return this.#page.getByRole('alert')
  }
}
