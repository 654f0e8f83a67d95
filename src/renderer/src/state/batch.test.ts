import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Batch, BatchProgress, BatchRow } from '../../../shared/batch'
import { defaultLook } from '../../../shared/types'
import { House } from './testing/house'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const row = (name: string, more: Partial<BatchRow> = {}): BatchRow => ({
  ...{ name, state: 'waiting', sigma: null, seconds: null, depth: null, error: null },
  ...more,
})
const progress = (more: Partial<BatchProgress> = {}): BatchProgress => ({
  ...{ state: 'running', folder: 'out', secondsLeft: null, current: null, error: null },
  totals: { files: 2, done: 0, skipped: 0, failed: 0, left: 2, seconds: 0 },
  ...more,
})
const rows = [row('a.png'), row('b.png')]
const whole = (more: Partial<Batch> = {}): Batch => ({
  ...progress(),
  rows,
  wish: {
    ...{ model: 'auto', sigma: 9, look: { ...defaultLook, luma: 70 }, pattern: '{name}' },
    ...{ format: null, quality: 92, keepMetadata: true, skipExisting: true },
  },
  ...more,
})

async function open(left: Batch | null = null) {
  const house = await House.open((engine) => {
    engine.handlers = {
      'batch.read': () => left,
      'batch.find': () => rows,
      'batch.start': () => whole(),
      'batch.source': () => ({ file: 'handle of a', name: 'a.png' }),
      'files.chooseImages': () => [{ file: '1', name: 'a.png' }],
      'files.chooseFolder': ({ use }) => ({ file: use, name: use }),
    }
  })
  return { house, batch: house.workspace.batch }
}
async function started() {
  const both = await open()
  await both.batch.addPhotos()
  await both.batch.chooseTarget()
  await both.batch.start()
  return both
}

describe('a batch that is set up', () => {
  test('needs photos, a folder for results and a name that is one', async () => {
    const { batch, house } = await open()
    await batch.addPhotos()
    expect(batch.canStart).toBe(false)
    await batch.chooseTarget()
    expect(batch.canStart).toBe(true)
    batch.change({ pattern: 'same' })
    expect([batch.fault, batch.canStart]).toEqual(['name', false])
    batch.change({ pattern: '{name} clean' })
    await batch.addFolder()
    await batch.start()
    expect(house.engine.of('batch.start')).toMatchObject([
      { files: ['1', 'photos'], folder: 'results', wish: { pattern: '{name} clean', quality: 92 } },
    ])
  })

  test('takes the settings of the photo that was looked at, and keeps what was changed since', async () => {
    const { batch, house } = await open()
    await house.openFiles('photo.png')
    house.active.change({ sigma: 30 })
    house.active.change({ luma: 40 })
    batch.show()
    expect(batch.choice).toMatchObject({ model: 'auto', sigma: 30, look: { luma: 40 } })
    batch.change({ sigma: 12 })
    batch.show()
    expect(batch.choice.sigma).toBe(12)
    house.active.change({ model: 'grey' })
    batch.show()
    expect(batch.choice).toMatchObject({ model: 'grey', sigma: 30 })
  })
})

describe('a batch that was started', () => {
  test('follows what the engine tells', async () => {
    const { batch, house } = await started()
    await house.send('batch.changed', {
      ...progress({
        current: { row: 1, share: 0.5 },
        totals: { files: 2, done: 1, skipped: 0, failed: 0, left: 1, seconds: 3 },
      }),
      rows: [{ index: 0, row: row('a.png', { state: 'done', sigma: 9, seconds: 3 }) }],
    })
    expect(batch.share).toBe(0.75)
    expect(batch.rows.map(({ state }) => state)).toEqual(['done', 'waiting'])
    await house.send('batch.changed', { ...progress({ state: 'finished' }), rows: [] })
    expect(batch.open).toBe(false)
    expect(house.workspace.notices.announcement).not.toBe('')
  })

  test('keeps what is told before its start is answered', async () => {
    const { house, batch } = await open()
    await batch.addPhotos()
    await batch.chooseTarget()
    house.engine.handlers['batch.start'] = () => {
      const done = { index: 0, row: row('a.png', { state: 'done' }) }
      house.emit('batch.changed', { ...progress(), rows: [done] })
      return whole()
    }
    await batch.start()
    expect(batch.rows[0]?.state).toBe('done')
  })

  test('opens a photo that is done with its settings, once', async () => {
    const { house, batch } = await started()
    const opening = batch.openRow(0)
    await house.rest()
    await opening
    expect(house.active.settings).toMatchObject({ model: 'auto', sigma: 9, luma: 70 })
    expect(batch.shown).toBe(false)
    await batch.openRow(0)
    expect(house.workspace.photos.list).toHaveLength(1)
  })

  test('does not take more photos while it goes on', async () => {
    const { house, batch } = await started()
    await batch.add([{ file: '9', name: 'c.png' }])
    expect(house.engine.of('batch.find')).toHaveLength(1)
    expect(batch.shown).toBe(true)
  })

  test('that an engine ended over is offered', async () => {
    const { house, batch } = await open(whole({ state: 'interrupted' }))
    expect(batch.open).toBe(true)
    const [notice] = house.workspace.notices.list
    notice?.action?.run()
    expect(batch.shown).toBe(true)
    await batch.resume()
    expect(house.engine.of('batch.resume')).toHaveLength(1)
  })
})
