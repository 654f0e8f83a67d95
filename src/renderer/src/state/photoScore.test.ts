import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WindowEvents } from '../../../shared/contract'
import { report } from './testing/fakeEngine'
import { House } from './testing/house'

let house: House
beforeEach(async () => {
  vi.useFakeTimers()
  house = await House.open()
  await house.openFiles('a.png')
  await house.finish({ state: 'done', report })
})
afterEach(() => {
  vi.useRealTimers()
})

const score = { error: 26, interpolation: 30, noise: 25, pixels: 1000 }
type Outcome = WindowEvents['job.finished']['outcome']

/** Asks for a score and returns the job that was started for it. */
async function started(): Promise<string> {
  void house.active.score.start()
  await house.rest()
  const count = house.engine.asked.filter(({ name }) => name === 'photo.score').length
  expect(count).toBe(1)
  return `job ${house.engine.asked.filter(({ name }) => /denoise|score|open/.test(name)).length}`
}
const end = (job: string, outcome: Outcome) =>
  house.send('job.finished', { job, photo: house.active.info.photo, outcome })

test('a score is asked for with the photo’s model and level, told how far, and kept', async () => {
  house.active.change({ sigma: 12 })
  await house.settle()
  await house.finish({ state: 'done', report })
  const job = await started()
  expect(house.engine.of('photo.score')[0]).toMatchObject({ sigma: 12 })
  const progress = { phase: 'score', share: 0.4, secondsLeft: null, region: null } as const
  await house.send('job.progress', { job, photo: house.active.info.photo, ...progress })
  expect(house.active.score.share).toBe(0.4)
  expect(house.active.denoised).toBe('complete')
  await end(job, { state: 'scored', score })
  expect(house.active.score.share).toBeNull()
  expect(house.active.score.found).toEqual(score)
})

test('where it is not valid that is said in place, and nothing has failed', async () => {
  const params = { file: 'a.png', correlation: '0.70' }
  const error = { code: 'score-invalid', message: 'correlated', params } as const
  await end(await started(), { state: 'failed', error })
  expect(house.active.score.invalid?.code).toBe('score-invalid')
  expect(house.told).toEqual([])
})

test('another result forgets it; a job that runs is not heard any more', async () => {
  const job = await started()
  house.active.change({ sigma: 30 })
  await house.settle()
  expect(house.active.score.share).toBeNull()
  await end(job, { state: 'scored', score })
  expect(house.active.score.found).toBeNull()
  expect(house.active.job).not.toBeNull()
})
