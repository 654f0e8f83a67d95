/** The Denoise screen as a person uses it, in either language. Each method is one intention. */
import { writeFileSync } from 'node:fs'
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test'
// by its own file: Playwright's transpiler does not know `export * as`
import { answerOpen, answerSave } from '../dialogs'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'

export type Locale = 'en' | 'zh-Hans'

/** Grey photos have one strength, those of colours have luma and chroma. */
export type LookSlider = 'strength' | 'luma' | 'chroma' | 'texture'

export class DenoiseScreen {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #locale: { locale: Locale }

  constructor(app: ElectronApplication, page: Page, locale: Locale = 'en') {
    this.#app = app
    this.#page = page
    this.#locale = { locale }
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true })
  }

  async openSample(): Promise<void> {
    await this.#button(m.empty_sample({}, this.#locale)).click()
    await expect(this.viewer).toBeVisible()
  }

  /** Opens files by the dialog, which answers with `paths`. */
  async open(...paths: string[]): Promise<void> {
    await answerOpen(this.#app, ...paths)
    await this.#button(m.open({}, this.#locale)).first().click()
  }

  /** Adds the noise that is set: Gaussian of σ 25 with seed 0 unless it was changed. */
  async addNoise(): Promise<void> {
    await this.#button(m.noise_add({}, this.#locale)).click()
    await expect(this.#button(m.noise_remove({}, this.#locale))).toBeVisible()
  }

  /** Starts the denoising that was cancelled. */
  async startAgain(): Promise<void> {
    await this.#button(m.status_resume({}, this.#locale)).click()
  }

  /** Chooses the kind of noise that can be added, by its name. */
  async chooseNoise(kind: 'noise_salt_pepper' | 'noise_masking'): Promise<void> {
    await this.#choose(m.noise_kind({}, this.#locale), m[kind]({}, this.#locale))
  }

  /** Chooses a model by its title, or the one that the program takes. */
  async chooseModel(title: string): Promise<void> {
    await this.#choose(m.model({}, this.#locale), title)
  }

  /** Takes the model that has learned the photo's noise, which is offered beside one that has not. */
  async takeSuited(suited: string): Promise<void> {
    await this.#button(m.model_take_suited({ suited }, this.#locale)).click()
  }

  /** What is said where a model has not learned the photo's noise. */
  foreign(model: string, suited: string): Locator {
    return this.#page.getByText(m.model_foreign({ model, suited }, this.#locale))
  }

  /** Why the result is what it is, of a model that has not learned the photo's noise. */
  foreignReason(model: string): Locator {
    return this.#page.getByText(m.reason_model_foreign({ model }, this.#locale))
  }

  /** What is said of the impulses that were replaced; with what share of all values. */
  async impulses(): Promise<number> {
    const [before = '', after = ''] = m
      .reasons_impulses({ text: '', percent: '|' }, this.#locale)
      .split('|')
    const said = this.#page.getByText(before.trim())
    await expect(said).toContainText(after.trim(), { timeout: 120_000 })
    return Number(/([\d.]+) ?%/.exec((await said.innerText()).split(before.trim())[1] ?? '')?.[1])
  }

  async #choose(field: string, option: string): Promise<void> {
    await this.#page.getByRole('combobox', { name: field, exact: true }).click()
    await this.#page.getByRole('option', { name: option, exact: true }).click()
  }

  /** The format and, where it has several, the depth of exported files, as they are named. */
  async chooseFormat(format: string, bits?: number): Promise<void> {
    await this.#choose(m.export_format({}, this.#locale), format)
    if (bits === undefined) return
    await this.#choose(m.export_bits({}, this.#locale), m.title_bits({ bits }, this.#locale))
  }

  /** Asks for an export, and chooses `path` in the dialog. */
  async chooseTarget(path: string): Promise<void> {
    await answerSave(this.#app, path)
    await this.#button(m.export_button({}, this.#locale)).click()
  }

  /** Exports the denoised photo to `path` and waits until the program says that it is done. */
  async exportTo(path: string): Promise<void> {
    await this.chooseTarget(path)
    const name = path.slice(path.lastIndexOf('/') + 1)
    await expect(this.#page.getByText(m.export_done({ name }, this.#locale)).first()).toBeVisible()
  }

  get viewer(): Locator {
    return this.#page.getByRole('img')
  }

  get wipe(): Locator {
    return this.#page.getByRole('slider', {
      name: m.viewer_wipe_position({}, this.#locale),
      exact: true,
    })
  }

  /** One of the sliders of the result's look. */
  slider(name: LookSlider): Locator {
    return this.#page.getByRole('slider', { name: m[name]({}, this.#locale), exact: true })
  }

  /** A handle of the noise by brightness. */
  tone(name: 'level_shadows' | 'level_midtones' | 'level_highlights'): Locator {
    return this.#page.getByRole('slider', { name: m[name]({}, this.#locale), exact: true })
  }

  /** σ of shadows, mid-tones and highlights, as shown. */
  tones(): Promise<(string | null)[]> {
    const names = ['level_shadows', 'level_midtones', 'level_highlights'] as const
    return Promise.all(names.map((name) => this.tone(name).getAttribute('aria-valuenow')))
  }

  /** Lets the level be the estimate again. */
  async backToEstimate(): Promise<void> {
    await this.#button(m.level_back({}, this.#locale)).click()
  }

  /** Asks for the score without a clean original and returns it as shown. */
  async score(): Promise<number> {
    await this.#button(m.score_run({}, this.#locale)).click()
    const row = this.#page.getByText(m.score({}, this.#locale), { exact: true }).locator('..')
    await expect(row).toBeVisible({ timeout: 120_000 })
    return Number(/[\d.]+/.exec(await row.innerText())?.[0])
  }

  get cancel(): Locator {
    return this.#button(m.cancel({}, this.#locale))
  }

  get alert(): Locator {
    return this.#page.getByRole('alert')
  }

  /** Of what is done to photos; training may show another. */
  get progress(): Locator {
    const training = m.train_status({ name: '' }, this.#locale).trim()
    return this.#page.getByRole('progressbar', { name: new RegExp(`^(?!${training})`) })
  }

  /** Waits for the result and returns what the inspector shows of it, by name (PSNR, SSIM, time …). */
  async result(): Promise<Map<string, string>> {
    const time = this.#page.getByRole('term').filter({ hasText: m.result_time({}, this.#locale) })
    await expect(time.locator('+ dd')).toHaveText(/\d s/, { timeout: 120_000 })
    await expect(this.progress).toBeHidden({ timeout: 120_000 })
    const terms = await this.#page.getByRole('term').allInnerTexts()
    const values = await this.#page.getByRole('definition').allInnerTexts()
    return new Map(terms.map((term, index) => [term, values[index] ?? '']))
  }

  /** PSNR in dB of the noisy and of the denoised photo, as shown. */
  async psnr(): Promise<{ noisy: number; denoised: number }> {
    await expect(this.#page.getByText(/\d → [\d.]+ dB/)).toBeVisible({ timeout: 120_000 })
    const shown = (await this.result()).get('PSNR') ?? ''
    const [noisy, denoised] = [...shown.matchAll(/[\d.]+/g)].map(([number]) => Number(number))
    return { noisy: noisy ?? NaN, denoised: denoised ?? NaN }
  }

  async goTo(screen: 'rail_denoise' | 'rail_guide' | 'rail_settings'): Promise<void> {
    await this.#page
      .getByRole('navigation')
      .getByRole('button', { name: m[screen]({}, this.#locale) })
      .click()
  }

  async picture(path: string): Promise<void> {
    writeFileSync(path, await this.#page.screenshot({ animations: 'disabled' }))
  }
}
