/** What becomes of items: out into a file, in from one, into the trash and back, and away for good. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as m from '../../src/shared/messages/compiled/messages/_index.js'
import { expect, test } from '../fixtures'
import { LibraryScreen } from '../pages/libraryScreen'
import { libraryOf } from '../program'
import { smallConfig, startRun, waitUntil } from '../training'

test.describe.configure({ timeout: 180_000 })

test('a run is exported, imported again as a second one, trashed, restored, and deleted for good', async ({
  app,
  window,
  folder,
  userData,
}) => {
  const { item } = await startRun(window, await smallConfig(app, window, folder, 3), 'spots')
  await waitUntil(window, item, 'finished')
  const files = (...parts: string[]) =>
    readdirSync(join(libraryOf(userData), ...parts)).filter((name) => name.endsWith('.ldm'))
  const names = async () =>
    (await window.ask('library.list', {})).items
      .filter(({ bundled }) => !bundled)
      .map(({ name }) => name)
      .sort()

  const library = new LibraryScreen(app, window.page)
  await library.open()
  const exported = join(folder, 'exported.ldm')
  await library.exportTo('spots', m.library_export_run, exported)
  expect(existsSync(exported)).toBe(true)
  await library.importFrom(exported)
  await expect.poll(async () => (await names()).length).toBe(2)
  const [, second = ''] = await names()
  expect(files()).toHaveLength(2)

  await library.act(second, m.library_trash)
  await expect.poll(names).toEqual(['spots'])
  expect(files('trash')).toHaveLength(1)
  await library.view('trash')
  await library.restore()
  await expect.poll(names).toEqual(['spots', second].sort())

  await library.view('items')
  await library.act(second, m.library_trash)
  await library.view('trash')
  await library.emptyTrash()
  expect(await names()).toEqual(['spots'])
  expect(await window.ask('library.trashed', {})).toEqual([])
  await expect.poll(() => [files().length, files('trash').length]).toEqual([1, 0])
})
