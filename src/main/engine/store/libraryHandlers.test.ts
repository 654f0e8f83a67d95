import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EngineEvents } from '../../../shared/contract'
import { engineRequests } from '../../../shared/contract'
import { encodeContainer } from './container'
import { Library } from './library'
import type { LibraryHandlerOptions } from './libraryHandlers'
import { libraryHandlers } from './libraryHandlers'
import { sampleDenoiser } from './testing/denoisers'
import { sampleRun } from './testing/runs'

let root = ''
let library = new Library({ folder: '' })
const events: (string | null)[] = []
const asked: string[] = []
const emit = (name: string, payload: EngineEvents[keyof EngineEvents]): void => {
  if (name === 'library.changed' && 'item' in payload)
    events.push((payload as EngineEvents['library.changed']).item?.name ?? null)
}
const handlers = (more: Partial<LibraryHandlerOptions> = {}) =>
  libraryHandlers(library, {
    exportSavedModel: (file, part, folder) => {
      asked.push(`${part} of ${file.card.name}`)
      mkdirSync(folder)
      writeFileSync(join(folder, 'saved_model.pb'), 'abc')
      return Promise.resolve()
    },
    pause: (item) => Promise.resolve(void asked.push(`pause ${item}`)),
    ...more,
  })
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handlers-'))
  library = new Library({ folder: join(root, 'library') })
  events.length = asked.length = 0
})
afterEach(() => rmSync(root, { recursive: true }))

it('answers as the contract says, and tells of every change', async () => {
  const handle = handlers()
  const { item } = await library.create('run', sampleRun())
  const requests = engineRequests
  const list = await handle['library.list']({}, emit)
  expect(requests['library.list'].result.parse(list)).toEqual(list)
  expect(await handle['library.history']({ item }, emit)).toEqual(sampleRun().history)
  const preview = await handle['library.preview']({ item }, emit)
  expect(requests['library.preview'].result.parse(preview)).toMatchObject({ epoch: 2 })
  await handle['library.rename']({ item, name: 'renamed' }, emit)
  await handle['library.duplicate']({ item }, emit)
  await handle['library.trash']({ item }, emit)
  expect(asked).toEqual([`pause ${item}`])
  expect(await handle['library.trashed']({}, emit)).toHaveLength(1)
  await handle['library.restore']({ item }, emit)
  const path = join(root, 'out.ldm')
  expect(await handle['library.export']({ item, as: 'model', path }, emit)).toMatchObject({
    name: 'out.ldm',
  })
  await handle['library.import']({ path }, emit)
  await handle['library.trash']({ item }, emit)
  expect(await handle['library.emptyTrash']({}, emit)).toEqual({
    files: [join(library.folders.emptied, 'renamed.ldm')],
  })
  expect(events).toEqual([...['renamed', 'renamed 2', null, 'renamed', 'renamed 3', null], null])
})

it('exports SavedModels by the function it was given', async () => {
  const { item } = await library.create('run', sampleRun())
  const path = join(root, 'folder')
  expect(
    await handlers()['library.export']({ item, as: 'savedmodel-decoder', path }, emit),
  ).toEqual({ name: 'folder', bytes: 3 })
  expect(asked).toEqual(['decoder of run'])
})

it('tells of what trains as it is now, not as it was last written', async () => {
  const { item } = await library.create('run', sampleRun())
  const progress = { ...sampleRun().progress, step: 77, state: 'running' as const }
  const history = { epochs: [], points: [] }
  const handle = handlers({
    live: (of) => (of === item ? { progress, history, preview: null } : null),
  })
  expect((await handle['library.list']({}, emit)).items[0]?.progress).toEqual(progress)
  expect(await handle['library.history']({ item }, emit)).toEqual(history)
  expect(await handle['library.preview']({ item }, emit)).toMatchObject({ epoch: 2 })
})

it('has no curves and pictures of a denoiser, and does not trash what cannot be paused', async () => {
  const file = join(root, 'd.ldm')
  writeFileSync(file, encodeContainer(sampleDenoiser('d')))
  const handle = handlers({ pause: () => Promise.reject(new Error('still writing')) })
  const { item } = await handle['library.import']({ path: file }, emit)
  expect(await handle['library.history']({ item }, emit)).toEqual({ epochs: [], points: [] })
  expect(await handle['library.preview']({ item }, emit)).toBeNull()
  await expect(handle['library.trash']({ item }, emit)).rejects.toThrow('still writing')
  expect((await library.list()).items).toHaveLength(1)
})
