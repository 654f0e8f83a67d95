/**
 * What every test gets: a program of its own in a fresh folder, closed at the end and then examined. A request to
 * anything but `app:`, or a refusal by the content policy, fails the test whatever it was about.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base, type ElectronApplication } from '@playwright/test'
import type { Settings } from '../src/shared/types'
import { DarkroomWindow } from './pages/darkroomWindow'
import { launch, logOf } from './program'

interface Options {
  /** What the settings file holds at the start: settings, or any text at all. None is the first start. */
  startSettings: Partial<Settings> | string | null
  /** Files on the command line. */
  startFiles: string[]
  /** Parts of the log lines that this test provokes, such as a request that is refused. */
  provoked: string[]
}

interface Fixtures {
  /** A folder of the test's own, for what it opens and exports. */
  folder: string
  userData: string
  app: ElectronApplication
  window: DarkroomWindow
  /** Starts the program again on what an earlier start left; it is closed at the end as well. */
  startAgain: () => Promise<{ app: ElectronApplication; window: DarkroomWindow }>
}

/** The window of a program that has started, whose events are collected. */
async function windowOf(app: ElectronApplication): Promise<DarkroomWindow> {
  const page = await app.firstWindow()
  await page.waitForLoadState('load')
  const window = new DarkroomWindow(page)
  await window.listen()
  return window
}

/** Log lines that tell of something a good page never does. */
const offence = /refused (request|navigation|window|permission)|Content Security Policy/

/** Schemes that stay inside the program. */
const inside = /^(app|blob|data|devtools):/

/** Ends the program, which asks before it leaves what is trained: that pauses. */
async function close(app: ElectronApplication): Promise<void> {
  const pause = () =>
    app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
    })
  await pause()
    .then(() => app.close())
    .catch(() => undefined) // a test may have ended it
}

export const test = base.extend<Options & Fixtures>({
  startSettings: [null, { option: true }],
  startFiles: [[], { option: true }],
  provoked: [[], { option: true }],

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs from here
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'darkroom-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },

  userData: async ({ folder, startSettings }, use) => {
    const userData = join(folder, 'user-data')
    mkdirSync(userData)
    if (startSettings !== null) {
      const text = typeof startSettings === 'string' ? startSettings : JSON.stringify(startSettings)
      writeFileSync(join(userData, 'settings.json'), text)
    }
    await use(userData)
  },

  app: async ({ userData, startFiles, provoked }, use, testInfo) => {
    const app = await launch(userData, startFiles)
    const requests: string[] = []
    app.context().on('request', (request) => requests.push(request.url()))
    let errors = ''
    app.process().stderr?.on('data', (data: Buffer) => (errors += data.toString()))

    await use(app)

    await close(app)
    const log = logOf(userData)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('main.log', { body: log, contentType: 'text/plain' })
      await testInfo.attach('stderr', { body: errors, contentType: 'text/plain' })
    }
    const foreign = requests.filter((url) => !inside.test(url))
    const offences = log.split('\n').filter((line) => offence.test(line))
    const unexpected = [...foreign, ...offences].filter(
      (line) => !provoked.some((part) => line.includes(part)),
    )
    expect(unexpected, 'requests to elsewhere, refusals by the content policy').toEqual([])
  },

  window: async ({ app }, use, testInfo) => {
    const window = await windowOf(app)
    await use(window)
    const { page } = window
    if (testInfo.status !== testInfo.expectedStatus && !page.isClosed()) {
      await testInfo.attach('window', { body: await page.screenshot(), contentType: 'image/png' })
    }
  },

  startAgain: async ({ userData }, use) => {
    const started: ElectronApplication[] = []
    await use(async () => {
      const app = await launch(userData, [])
      started.push(app)
      return { app, window: await windowOf(app) }
    })
    for (const app of started) await close(app)
  },
})

export { expect }
