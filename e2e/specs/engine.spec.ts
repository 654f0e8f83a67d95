/** The engine may die; the window, and what it says, may not. Figures from `trust.md`, doubled for busy machines. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { expect, test } from '../fixtures'
import {
  electronPath,
  enginePid,
  isAlive,
  launch,
  processes,
  startArguments,
  startEnvironment,
} from '../program'

const saysSo = 2_000
const isBack = 6_000

for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const) {
  test(`the engine dies of ${signal}: the window answers, says so, and gets a new one`, async ({
    app,
    window,
  }) => {
    await expect.poll(() => window.engineState()).toBe('ready')
    const first = await enginePid(app)
    const open = window.ask('photo.close', { photo: 'none' }).catch((error: Error) => error.message)
    expect(await open).toContain('photo-unknown')

    process.kill(first, signal)
    await expect.poll(() => window.engineState(), { timeout: saysSo }).toBe('restarting')
    expect((await window.ask('settings.read', {})).theme).toBe('dark')
    await expect.poll(() => window.engineState(), { timeout: isBack }).toBe('ready')

    const states = (await window.heard('engine.state')).map(({ state }) => state)
    expect(states.slice(-2)).toEqual(['restarting', 'ready'])
    expect((await window.heard('engine.state')).at(-2)?.error?.code).toBe('engine-lost')
    expect(await enginePid(app)).not.toBe(first)
    expect(await window.ask('models.list', {})).toBeInstanceOf(Array)
  })
}

test('the engine dies four times: the program says that it gave up, and goes on', async ({
  app,
  window,
}) => {
  for (let death = 1; death <= 4; death += 1) {
    await expect.poll(() => window.engineState(), { timeout: isBack * 2 }).toBe('ready')
    process.kill(await enginePid(app), 'SIGKILL')
    await expect.poll(() => window.engineState(), { timeout: saysSo }).not.toBe('ready')
  }
  expect(await window.ask('engine.state', {})).toMatchObject({
    state: 'failed',
    error: { code: 'engine-failed' },
  })
  await expect(window.ask('models.list', {})).rejects.toThrow('engine-failed')
  expect((await window.ask('app.info', {})).version).toMatch(/^\d+\.\d+\.\d+/)
})

test('the window dies: it comes back, and the engine never noticed', async ({ app, window }) => {
  await expect.poll(() => window.engineState()).toBe('ready')
  const engine = await enginePid(app)
  const tab = (await processes(app)).find(({ name }) => name === 'Tab')?.pid ?? 0
  process.kill(tab, 'SIGKILL')
  const newTab = async () => (await processes(app)).find(({ name }) => name === 'Tab')?.pid ?? tab
  await expect.poll(newTab).not.toBe(tab)
  const ask = () =>
    app.evaluate(({ BrowserWindow: windows }) =>
      windows
        .getAllWindows()[0]
        ?.webContents.executeJavaScript("darkroom.invoke('engine.state', {})"),
    )
  await expect.poll(ask).toEqual({ ok: true, result: { state: 'ready', error: null } })
  expect(await enginePid(app)).toBe(engine)
})

test('main is killed: nothing of the program is left after two seconds', async ({
  app,
  window,
}) => {
  await expect.poll(() => window.engineState()).toBe('ready')
  const engine = await enginePid(app)
  const all = (await processes(app)).map(({ pid }) => pid)
  expect(isAlive(engine)).toBe(true)
  process.kill(app.process().pid ?? 0, 'SIGKILL')
  await expect.poll(() => isAlive(engine), { timeout: 2_000 }).toBe(false)
  await expect.poll(() => all.filter(isAlive)).toEqual([])
})

test('the program is closed: the engine ends with it', async ({ app, window }) => {
  await expect.poll(() => window.engineState()).toBe('ready')
  const engine = await enginePid(app)
  await app.close()
  await expect.poll(() => isAlive(engine)).toBe(false)
})

test('the program is closed while there is no engine: it ends all the same', async ({
  app,
  window,
}) => {
  await expect.poll(() => window.engineState()).toBe('ready')
  process.kill(await enginePid(app), 'SIGKILL')
  await expect.poll(() => window.engineState()).toBe('restarting')
  const main = app.process().pid ?? 0
  await app.close()
  expect(isAlive(main)).toBe(false)
})

test('a second start brings the first to the front, hands it its files, and ends', async ({
  app,
  window,
  userData,
  folder,
}) => {
  const file = join(folder, 'a photo.png')
  writeFileSync(file, 'not yet looked at')
  await app.evaluate(({ BrowserWindow: windows }) => {
    const [first] = windows.getAllWindows() as (BrowserWindow & { focused?: boolean })[]
    if (first) first.focus = () => void (first.focused = true)
  })
  const second = spawn(electronPath(), startArguments(userData, [file]), {
    env: startEnvironment(userData),
    stdio: 'ignore',
  })
  const [code] = (await once(second, 'exit')) as [number | null]
  expect(code).toBe(0)
  await expect.poll(async () => (await window.heard('files.opened')).flat()).toHaveLength(1)
  const [handle] = (await window.heard('files.opened')).flat()
  expect(handle?.name).toBe('a photo.png')
  expect(JSON.stringify(handle)).not.toContain(folder)
  const focused = await app.evaluate(
    ({ BrowserWindow: windows }) =>
      (windows.getAllWindows() as (BrowserWindow & { focused?: boolean })[])[0]?.focused,
  )
  expect(focused).toBe(true)
})

test.describe('a damaged settings file', () => {
  test.use({ startSettings: '{"theme": "light", "lang' })

  test('does not keep the program from starting, and is set aside', async ({ window }) => {
    expect((await window.ask('settings.read', {})).theme).toBe('dark')
    expect(await window.ask('app.diagnostics', {})).toContain('settings.json.damaged')
  })
})

test('settings are remembered between starts', async ({ app, window, userData }) => {
  await window.ask('settings.change', { theme: 'light', language: 'zh-Hans' })
  expect((await window.ask('app.info', {})).language).toBe('zh-Hans')
  await app.close()
  const again = await launch(userData, [])
  await again.firstWindow()
  const title = await again.evaluate(({ BrowserWindow: windows, nativeTheme }) => [
    windows.getAllWindows()[0]?.getTitle(),
    nativeTheme.themeSource,
  ])
  await again.close()
  expect(title).toEqual(['Latent Darkroom 潜影暗房', 'light'])
})
