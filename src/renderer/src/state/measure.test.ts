import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import type { MeasureSummary } from '../../../shared/latent'
import type { LibraryItem, Recipe } from '../../../shared/training'
import { fits, type ProtocolKind } from './measureForms.svelte'
import { undoMilliseconds } from './measure.svelte'
import { forecastMilliseconds } from './setup.svelte'
import { House } from './testing/house'
import { anomalyRequest, reportOf, summary } from './testing/measures'
import { config, libraryItem, progress, recipe, variational } from './testing/runs'

let house: House
let kept: MeasureSummary[]
beforeEach(() => {
  vi.useFakeTimers()
  kept = []
})
afterEach(() => {
  vi.useRealTimers()
})

const trained = (more: Partial<LibraryItem> = {}) =>
  libraryItem({ progress: progress({ state: 'finished', epoch: 20 }), ...more })
const vae = trained({ item: 'vae', name: 'my vae', kind: 'variational', config: variational })
const plain = trained({ item: 'plain', name: 'plain' })

/** The Measure screen, entered. */
async function open(
  reports: MeasureSummary[] = [],
  items = [plain, vae],
  recipes: Recipe[] = [recipe],
) {
  kept = reports
  house = await House.open((engine) => {
    engine.items = items
    engine.handlers = {
      'recipes.list': () => recipes,
      'measure.list': () => kept,
      'measure.read': ({ report }) => {
        const found = kept.find(({ id }) => id === report)
        if (!found) throw new DarkroomError('report-unknown', report)
        return reportOf(found)
      },
      'measure.start': () => ({ job: 'job' }),
      'data.describe': () => ({ card: { labels: ['0', '1', '2', '3'] }, samples: null }),
      'train.forecast': () => ({ seconds: 100, refusal: null }),
    }
  })
  house.workspace.screen = 'measure'
  const { measure } = house.workspace
  await measure.enter()
  await house.settle()
  return measure
}
const finish = (outcome: { state: 'done'; report: string } | { state: 'cancelled' }) =>
  house.send('work.finished', { job: 'job', outcome })

describe('reports', () => {
  test('of earlier sessions come back, newest first, and the newest of the page is shown', async () => {
    const old = summary('old', 1, anomalyRequest)
    const measure = await open([old, summary('new', 3, anomalyRequest), summary('other', 2)])
    expect(measure.reports.map(({ id }) => id)).toEqual(['new', 'other', 'old'])
    expect(measure.open?.report.id).toBe('new')
    measure.go('likelihood')
    await house.rest()
    expect(measure.open?.report.id).toBe('other')
    measure.go('compress')
    expect(measure.open).toBeNull()
  })

  test('a page keeps what was looked at', async () => {
    const measure = await open([summary('a', 1, anomalyRequest), summary('b', 2, anomalyRequest)])
    measure.show(summary('a', 1, anomalyRequest))
    measure.go('features')
    measure.go('anomaly')
    expect(measure.summary?.id).toBe('a')
    measure.begin()
    measure.go('features')
    measure.go('anomaly')
    expect(measure.summary).toBeNull()
  })

  test('a deleted one is gone at once and can be brought back', async () => {
    const measure = await open([summary('a', 1, anomalyRequest)])
    measure.remove(summary('a', 1, anomalyRequest))
    expect([measure.reports, measure.summary]).toEqual([[], null])
    house.workspace.notices.list[0]?.action?.run()
    expect(measure.reports).toHaveLength(1)
    expect(house.told).toEqual([])
    await vi.advanceTimersByTimeAsync(2 * undoMilliseconds)
    expect(house.engine.of('measure.delete')).toEqual([])
  })

  test('a deleted one leaves the disk once that cannot be undone', async () => {
    const measure = await open([summary('a', 1, anomalyRequest)])
    measure.remove(summary('a', 1, anomalyRequest))
    await vi.advanceTimersByTimeAsync(undoMilliseconds)
    expect(house.engine.of('measure.delete')).toEqual([{ report: 'a' }])
    expect(measure.reports).toEqual([])
    expect(house.told).toEqual([])
  })

  test('one that cannot be deleted comes back, and why is told', async () => {
    const measure = await open([summary('a', 1, anomalyRequest)])
    house.engine.handlers['measure.delete'] = () => {
      throw new DarkroomError('target-unwritable', 'denied')
    }
    measure.remove(summary('a', 1, anomalyRequest))
    await vi.advanceTimersByTimeAsync(undoMilliseconds)
    expect(measure.reports).toHaveLength(1)
    expect(house.told).toEqual(['error: target-unwritable'])
  })

  test('are exported to where a person says, and nowhere when they do not', async () => {
    const report = summary('a', 1)
    const measure = await open([report])
    house.engine.handlers['files.chooseTarget'] = () => null
    await measure.export(report)
    expect(house.engine.of('measure.export')).toEqual([])
    house.engine.handlers['files.chooseTarget'] = () => ({ file: 'handle', name: 'r.html' })
    await measure.export(report)
    expect(house.engine.of('files.chooseTarget')[0]).toEqual({
      kind: 'html',
      suggestedName: 'likelihood-model of a.html',
    })
    expect(house.engine.of('measure.export')).toEqual([{ report: 'a', file: 'handle' }])
    expect(house.told).toEqual(['success: The report “r.html” was written'])
    expect(measure.writing).toBeNull()
  })
})

describe('a measurement', () => {
  test('is started from the form, tells how far it is, and ends with its report', async () => {
    const measure = await open()
    measure.go('likelihood')
    measure.forms.likelihood.samples = 50
    await measure.start()
    const measured = { kind: 'likelihood', item: 'vae', samples: 50 } as const
    expect(house.engine.of('measure.start')).toEqual([{ measure: measured }])
    expect(measure.work).toMatchObject({ name: 'my vae', phase: null })
    const event = {
      job: 'job',
      phase: 'measure',
      share: 0.25,
      secondsLeft: 9,
      detail: null,
    } as const
    await house.send('work.progress', event)
    await house.send('work.progress', { ...event, job: 'of a map', share: 0.9 })
    expect(measure.work).toMatchObject({ phase: 'measure', share: 0.25, secondsLeft: 9 })
    kept = [summary('done', 5, measured)]
    await finish({ state: 'done', report: 'done' })
    expect(measure.work).toBeNull()
    expect(measure.open?.report.id).toBe('done')
    expect(house.workspace.notices.announcement).toContain('my vae')
    expect(house.told).toEqual([])
  })

  test('that ends while something else is looked at offers its report', async () => {
    const measure = await open()
    measure.go('compress')
    await measure.start()
    house.workspace.screen = 'train'
    const request = { kind: 'compress', item: 'plain' } as const
    kept = [summary('done', 5, request)]
    measure.go('features')
    await finish({ state: 'done', report: 'done' })
    expect(house.told).toEqual(['success: plain is measured'])
    house.workspace.notices.list[0]?.action?.run()
    expect([house.workspace.screen, measure.page]).toEqual(['measure', 'compress'])
    expect(measure.open?.report.id).toBe('done')
  })

  test('that is cancelled leaves its form', async () => {
    const measure = await open()
    measure.go('compress')
    await measure.start()
    await measure.cancel('job')
    expect(house.engine.of('job.cancel')).toEqual([{ job: 'job' }])
    expect(measure.work?.cancelling).toBe(true)
    await finish({ state: 'cancelled' })
    expect([measure.work, measure.open, house.told]).toEqual([null, null, []])
  })

  test('that fails says why, beside its form too, until the next one', async () => {
    const measure = await open()
    measure.go('compress')
    await measure.start()
    const error = { code: 'data-missing', message: 'gone', params: {} } as const
    await house.send('work.finished', { job: 'job', outcome: { state: 'failed', error } })
    expect(measure.failures.get('compress')?.code).toBe('data-missing')
    expect(house.told).toEqual(['error: data-missing'])
    await measure.start()
    expect(measure.failures.size).toBe(0)
  })

  test('that ended before its start was answered is not waited for', async () => {
    const measure = await open()
    measure.go('compress')
    house.engine.handlers['measure.start'] = () => {
      const error = { code: 'item-unknown', message: '', params: {} } as const
      house.emit('work.finished', { job: 'job', outcome: { state: 'failed', error } })
      return { job: 'job' }
    }
    await measure.start()
    expect(measure.works).toEqual([])
    expect(measure.failures.get('compress')?.code).toBe('item-unknown')
  })

  test('with a number that is none is not started', async () => {
    const measure = await open()
    measure.go('likelihood')
    measure.forms.likelihood.samples = NaN
    expect(measure.forms.likelihood.canStart).toBe(false)
    await measure.start()
    expect(house.engine.of('measure.start')).toEqual([])
  })

  test('that is refused is told', async () => {
    const measure = await open()
    measure.go('compress')
    house.engine.handlers['measure.start'] = () => {
      throw new DarkroomError('data-missing', 'gone')
    }
    await measure.start()
    expect([measure.works, measure.starting]).toEqual([[], false])
    expect(house.told).toEqual(['error: data-missing'])
  })

  test('is gone with its engine', async () => {
    const measure = await open()
    measure.go('compress')
    await measure.start()
    await house.restart()
    expect(measure.works).toEqual([])
  })
})

describe('the form for anomalies', () => {
  test('takes a recipe, each label in turn, and knows what that costs', async () => {
    const { anomaly } = await open()
    await vi.advanceTimersByTimeAsync(forecastMilliseconds)
    expect(anomaly?.labels).toEqual(['0', '1', '2', '3'])
    expect(anomaly?.request()).toEqual({ ...anomalyRequest, config })
    expect([anomaly?.canStart, anomaly?.seconds]).toEqual([true, 100])
    anomaly?.setLabel(2)
    expect(anomaly?.seconds).toBe(25)
    anomaly?.setProtocol('one-anomaly')
    expect(anomaly?.seconds).toBe(75)
    expect(anomaly?.request()).toMatchObject({ protocol: { kind: 'one-anomaly', label: 2 } })
  })

  test('few images are no hindrance, other refusals of training are', async () => {
    const measure = await open()
    const refuse = async (code: 'batch-too-large' | 'training-too-large') => {
      const refusal = { code, message: '', params: {} }
      house.engine.handlers['train.forecast'] = () => ({ seconds: 1, refusal })
      measure.anomaly?.setup.again()
      await vi.advanceTimersByTimeAsync(forecastMilliseconds)
      return measure.anomaly?.canStart
    }
    expect(await refuse('batch-too-large')).toBe(true)
    expect(await refuse('training-too-large')).toBe(false)
  })

  test('cannot single out a label where there are none', async () => {
    const measure = await open()
    house.engine.handlers['data.describe'] = () => ({ card: { labels: null }, samples: null })
    measure.anomaly?.setup.setData({ kind: 'idx', path: 'a', name: 'a', labels: null })
    await house.settle()
    expect([measure.anomaly?.unlabelled, measure.anomaly?.canStart]).toEqual([true, false])
  })

  test('folders of one’s own: dropped one after the other, the second is the test', async () => {
    const measure = await open()
    house.adopt.mockImplementation((file) =>
      Promise.resolve({ file: `handle of ${file.name}`, name: file.name }),
    )
    const drop = async (name: string) => {
      const folder = new File([], name)
      await house.workspace.drop([folder], new Set([folder]))
      await house.settle()
    }
    await drop('good')
    expect(measure.anomaly?.protocol).toBe('folders')
    expect(measure.anomaly?.canStart).toBe(false)
    await drop('mixed')
    expect(measure.anomaly?.canStart).toBe(true)
    expect(measure.anomaly?.request()).toMatchObject({
      config: { data: { kind: 'folder', path: 'handle of good', name: 'good', width: 32 } },
      protocol: {
        kind: 'folders',
        test: { kind: 'folder', path: 'handle of mixed', name: 'mixed', width: 32 },
        normalLabel: 'normal',
      },
    })
  })

  test('offers the recipe that suits the protocol, until a person chooses or changes one', async () => {
    const recipes = (['mnist-anomaly', 'mnist-missing', 'mnist-vae'] as const).map((name) => ({
      name,
      config: { ...config, training: { ...config.training, epochs: name.length } },
    }))
    const { anomaly } = await open([], [plain, vae], recipes)
    const offered = (protocol: ProtocolKind) => {
      anomaly?.setProtocol(protocol)
      return [anomaly?.setup.recipe, anomaly?.setup.config.training.epochs]
    }
    expect(offered('one-anomaly')).toEqual(['mnist-missing', 13])
    expect(offered('one-normal')).toEqual(['mnist-anomaly', 13])
    anomaly?.setup.set('training.epochs', 7)
    expect(offered('one-anomaly')).toEqual(['mnist-anomaly', 7])
    anomaly?.setup.set('training.epochs', 13)
    anomaly?.setup.setData({ kind: 'fashion-mnist' })
    expect(offered('one-anomaly')).toEqual(['mnist-missing', 13])
    expect(anomaly?.setup.config.data).toEqual({ kind: 'fashion-mnist' })
    const [first] = recipes
    if (first) anomaly?.setRecipe(first)
    expect(offered('one-anomaly')).toEqual(['mnist-anomaly', 13])
  })

  test('another recipe keeps the data', async () => {
    const measure = await open()
    measure.anomaly?.setup.setData({ kind: 'fashion-mnist' })
    measure.anomaly?.setRecipe({ name: 'mnist-vae', config: variational })
    expect(measure.anomaly?.setup.config).toEqual({
      ...variational,
      data: { kind: 'fashion-mnist' },
    })
  })
})

describe('a model to be measured', () => {
  test('likelihoods are measured of variational models, anything else of every autoencoder', () => {
    expect(fits(vae, 'likelihood')).toBe(true)
    expect(fits(plain, 'likelihood')).toBe(false)
    expect(fits(plain, 'compress')).toBe(true)
    expect(fits(libraryItem(), 'compress')).toBe(false) // not an epoch yet
    expect(fits(trained({ config: null }), 'compress')).toBe(false)
  })

  test('chosen elsewhere: the page is one that can be measured of it', async () => {
    const measure = await open([summary('a', 1, { kind: 'compress', item: 'vae' })])
    measure.choose('vae')
    expect([measure.page, measure.forms.likelihood.item?.item]).toEqual(['likelihood', 'vae'])
    measure.choose('plain')
    expect([measure.page, measure.forms.compress.item?.item]).toEqual(['compress', 'plain'])
    expect(measure.summary).toBeNull()
    measure.go('features')
    measure.choose('vae')
    expect(measure.page).toBe('features')
    measure.choose('unknown')
    expect(measure.forms.features.item?.item).toBe('vae')
  })

  test('one that is gone makes way for another', async () => {
    const measure = await open()
    measure.choose('vae')
    await house.workspace.library.trash(vae)
    expect(measure.forms.likelihood.item).toBeNull()
    expect(measure.forms.compress.item?.item).toBe('plain')
  })

  test('is compared with models of the same data only', async () => {
    const data = (hash: string) => ({ hash }) as LibraryItem['data']
    const items = ['a', 'a', 'b'].map((hash, index) =>
      trained({ item: String(index), name: String(index), data: data(hash) }),
    )
    const { features } = (await open([], items)).forms
    features.choose('0')
    expect(features.rivals.map(({ item }) => item)).toEqual(['1'])
    features.chooseAgainst('1')
    expect(features.request()).toMatchObject({ item: '0', against: '1' })
    features.choose('2')
    expect(features.request()).toMatchObject({ item: '2', against: null })
  })
})
