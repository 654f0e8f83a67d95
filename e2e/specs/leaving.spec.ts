/** How the program ends, and what the system is told, while something is trained. */
import type { ElectronApplication } from '@playwright/test'
import type { DarkroomWindow } from '../pages/darkroomWindow'
import { expect, test } from '../fixtures'
import { enginePid, isAlive } from '../program'
import { endless, epochOf, progressOf, smallConfig, startRun, waitUntil } from '../training'

/** What the stubs below note in main. */
interface Noted {
  asked?: { message: string; buttons: string[] }[]
  notified?: { title: string; body: string }[]
  click?: () => void
  taskbar?: number[]
}

/** Answers the question before leaving with the button of that place, and notes it. */
const answerWith = (app: ElectronApplication, response: number) =>
  app.evaluate(({ dialog }, button) => {
    const noted = globalThis as Noted
    noted.asked = []
    dialog.showMessageBox = (...parameters: unknown[]) => {
      const { message, buttons } = parameters.at(-1) as { message: string; buttons: string[] }
      noted.asked?.push({ message, buttons })
      return Promise.resolve({ response: button, checkboxChecked: false })
    }
  }, response)

const asked = (app: ElectronApplication) => app.evaluate(() => (globalThis as Noted).asked)

/** Closes the window as its frame's button does. */
const closeWindow = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())

const isVisible = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())

/** Whether the program has ended; to be made while it runs. */
function endOf(app: ElectronApplication): () => boolean {
  const pid = app.process().pid ?? 0
  return () => !isAlive(pid)
}

async function train(
  app: ElectronApplication,
  window: DarkroomWindow,
  folder: string,
  epochs = endless,
): Promise<string> {
  const { item } = await startRun(window, await smallConfig(app, window, folder, epochs))
  return item
}

test.describe.configure({ timeout: 180_000 })

test('cancel: the question stands in both languages, and training goes on', async ({
  app,
  window,
  folder,
}) => {
  const item = await train(app, window, folder)
  await answerWith(app, 2)
  await closeWindow(app)
  await expect
    .poll(() => asked(app))
    .toEqual([
      {
        message: '“spots” is being trained.',
        buttons: ['Pause and quit', 'Keep running', 'Cancel'],
      },
    ])
  await window.ask('settings.change', { language: 'zh-Hans' })
  await app.evaluate(({ app: electronApp }) => electronApp.quit())
  await expect
    .poll(async () => (await asked(app))?.at(-1)?.buttons)
    .toEqual(['暂停并退出', '继续训练', '取消'])
  const before = await epochOf(window, item)
  await expect.poll(() => epochOf(window, item)).toBeGreaterThan(before)
  expect(await isVisible(app)).toBe(true)
  expect((await progressOf(window, item)).state).toBe('running')
})

test('pause and quit: the next start finds the run paused where it was, and it goes on', async ({
  app,
  window,
  folder,
  startAgain,
}) => {
  const item = await train(app, window, folder)
  const { step } = await progressOf(window, item)
  await answerWith(app, 0)
  const hasEnded = endOf(app)
  await closeWindow(app)
  await expect.poll(hasEnded, { timeout: 30_000 }).toBe(true)

  const next = await startAgain()
  const paused = await progressOf(next.window, item)
  expect(paused.state).toBe('paused')
  expect(paused.step).toBeGreaterThanOrEqual(step)
  await next.window.ask('train.resume', { item })
  await expect.poll(() => epochOf(next.window, item), { timeout: 60_000 }).toBeGreaterThan(0)
})

test('keep running: without a window until the last run ends, then the program does', async ({
  app,
  window,
  folder,
  startAgain,
}) => {
  const item = await train(app, window, folder, 200)
  await answerWith(app, 1)
  const hasEnded = endOf(app)
  await closeWindow(app)
  await expect.poll(() => isVisible(app)).toBe(false)
  expect(hasEnded()).toBe(false)
  await expect.poll(hasEnded, { timeout: 120_000 }).toBe(true)
  const next = await startAgain()
  expect((await progressOf(next.window, item)).state).toBe('finished')
})

test('keep running, and a start of the program shows the window again', async ({
  app,
  window,
  folder,
}) => {
  const item = await train(app, window, folder)
  await answerWith(app, 1)
  await closeWindow(app)
  await expect.poll(() => isVisible(app)).toBe(false)
  await app.evaluate(({ app: electronApp }) => void electronApp.emit('activate'))
  await expect.poll(() => isVisible(app)).toBe(true)
  await window.ask('train.stop', { item })
  await waitUntil(window, item, 'stopped')
  expect(await asked(app)).toHaveLength(1)
  expect(endOf(app)()).toBe(false)
})

test('the system ends the program: it does not ask, and the run goes on by itself at the next start', async ({
  app,
  window,
  folder,
  startAgain,
}) => {
  const item = await train(app, window, folder)
  const engine = await enginePid(app)
  const { step } = await progressOf(window, item)
  await answerWith(app, 2)
  const hasEnded = endOf(app)
  process.kill(app.process().pid ?? 0, 'SIGTERM')
  await expect.poll(hasEnded, { timeout: 30_000 }).toBe(true)
  await expect.poll(() => isAlive(engine)).toBe(false)

  const next = await startAgain()
  await expect.poll(() => epochOf(next.window, item), { timeout: 60_000 }).toBeGreaterThan(0)
  expect((await progressOf(next.window, item)).step).toBeGreaterThan(step)
})

/** How many reasons the program has to keep the machine awake. */
const blockers = (app: ElectronApplication) =>
  app.evaluate(({ powerSaveBlocker }) => {
    const ids = Array.from({ length: 100 }, (_, id) => id)
    return ids.filter((id) => powerSaveBlocker.isStarted(id)).length
  })

test('the machine stays awake while something is trained, and its battery pauses that', async ({
  app,
  window,
  folder,
}) => {
  const power = (event: 'on-battery' | 'on-ac' | 'suspend') =>
    app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event)

  const item = await train(app, window, folder)
  expect(await blockers(app)).toBe(1)
  await power('suspend') // a checkpoint, and on it goes
  const before = await epochOf(window, item)
  await expect.poll(() => epochOf(window, item)).toBeGreaterThan(before)

  await power('on-battery')
  await waitUntil(window, item, 'paused')
  await expect.poll(() => blockers(app)).toBe(0)
  await power('on-ac')
  await waitUntil(window, item, 'running')
  await expect.poll(() => blockers(app)).toBe(1)

  await window.ask('settings.change', { pauseOnBattery: false })
  await power('on-battery')
  const then = await epochOf(window, item)
  await expect.poll(() => epochOf(window, item)).toBeGreaterThan(then)
  await window.ask('train.pause', { item })
  await waitUntil(window, item, 'paused')
  await power('on-ac') // what a person paused is theirs
  await window.ask('settings.read', {})
  expect((await progressOf(window, item)).state).toBe('paused')
  await expect.poll(() => blockers(app)).toBe(0)
})

/** Notes notifications: a test display has nobody to show them. Each has its own `show`, but they share `on`. */
const noteNotifications = (app: ElectronApplication, focused: boolean) =>
  app.evaluate(({ BrowserWindow, Notification }, isFocused) => {
    const noted = globalThis as Noted
    noted.notified = []
    Notification.isSupported = () => true
    const shared = Notification.prototype as { on: unknown }
    shared.on = function (this: Electron.Notification, event: string, listener: () => void) {
      if (event !== 'click') return
      noted.notified?.push({ title: this.title, body: this.body })
      noted.click = listener
    }
    const [first = null] = BrowserWindow.getAllWindows()
    BrowserWindow.getFocusedWindow = () => (isFocused ? first : null)
  }, focused)

const notified = (app: ElectronApplication) => app.evaluate(() => (globalThis as Noted).notified)

test('a run shows how far it is on the taskbar; its end, while nobody looks, is announced, and a click shows the window', async ({
  app,
  window,
  folder,
}) => {
  await noteNotifications(app, false)
  await app.evaluate(({ BrowserWindow }) => {
    const taskbar: number[] = []
    ;(globalThis as Noted).taskbar = taskbar
    const [only] = BrowserWindow.getAllWindows()
    if (only) only.setProgressBar = (share) => void taskbar.push(share)
  })
  const item = await train(app, window, folder, 20)
  await expect
    .poll(() => notified(app), { timeout: 60_000 })
    .toEqual([{ title: 'Training has finished', body: '“spots” is trained and in the library.' }])
  await waitUntil(window, item, 'finished')
  const taskbar = (await app.evaluate(() => (globalThis as Noted).taskbar)) ?? []
  const shares = taskbar.slice(0, -1)
  expect(taskbar.at(-1)).toBe(-1)
  expect(shares.length).toBeGreaterThan(2)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await app.evaluate(() => (globalThis as Noted).click?.())
  await expect.poll(() => isVisible(app)).toBe(true)
})

test('a run that ends before somebody’s eyes, or by their hand, is not announced', async ({
  app,
  window,
  folder,
}) => {
  await noteNotifications(app, true)
  const config = await smallConfig(app, window, folder, 10)
  const { item } = await startRun(window, config)
  await waitUntil(window, item, 'finished')
  await expect.poll(() => blockers(app)).toBe(0) // main hears of the end a little later than the window
  await noteNotifications(app, false)
  const second = await startRun(
    window,
    { ...config, training: { ...config.training, epochs: endless } },
    'stopped by hand',
  )
  await expect.poll(() => blockers(app)).toBe(1)
  await window.ask('train.stop', { item: second.item })
  await waitUntil(window, second.item, 'stopped')
  await expect.poll(() => blockers(app)).toBe(0)
  expect(await notified(app)).toEqual([])
})
