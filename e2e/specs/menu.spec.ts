/** The application's menu, which no page can see or click. */
import type { ElectronApplication } from '@playwright/test'
import { expect, test } from '../fixtures'

const titles = (app: ElectronApplication) =>
  app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label))

test('speaks the language of the settings, at once when it changes', async ({ app, window }) => {
  expect(await titles(app)).toEqual(['File', 'Edit', 'View', 'Window', 'Help'])
  await window.ask('settings.change', { language: 'zh-Hans' })
  expect(await titles(app)).toEqual(['文件', '编辑', '视图', '窗口', '帮助'])
})

test('tells the window what was chosen', async ({ app, window }) => {
  await app.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('settings')?.click()
  })
  await expect.poll(() => window.heard('command')).toEqual([{ command: 'settings' }])
})
