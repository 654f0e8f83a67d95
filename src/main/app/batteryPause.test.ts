import { describe, expect, it, vi } from 'vitest'
import type { ActiveRun } from './activeRuns'
import { BatteryPause } from './batteryPause'
import { itemIn } from './testing/libraryItems'

const run = (item: string, state: ActiveRun['state']): ActiveRun => ({
  item,
  name: item,
  state,
  share: 0,
})

function setUp(...runs: ActiveRun[]) {
  const asked: string[] = []
  const request = (verb: string) =>
    vi.fn((item: string): Promise<unknown> => {
      asked.push(`${verb} ${item}`)
      return Promise.resolve(null)
    })
  const options = {
    wanted: vi.fn(() => true),
    active: vi.fn(() => runs),
    pause: request('pause'),
    resume: request('resume'),
    log: vi.fn(),
  }
  const battery = new BatteryPause(options)
  /** Returns when everything that was asked for is done, what was asked. */
  const settled = async () => {
    await new Promise((done) => setTimeout(done))
    return asked.splice(0)
  }
  return { battery, settled, runs, ...options }
}

describe('on battery', () => {
  it('training pauses, what waits first, and goes on in the same order with mains power', async () => {
    const { battery, settled } = setUp(run('a', 'running'), run('b', 'queued'), run('c', 'queued'))
    battery.power(true)
    expect(await settled()).toEqual(['pause c', 'pause b', 'pause a'])
    expect(battery.waiting).toBe(true)
    battery.power(false)
    expect(await settled()).toEqual(['resume a', 'resume b', 'resume c'])
    expect(battery.waiting).toBe(false)
    battery.power(false)
    expect(await settled()).toEqual([])
  })

  it('training goes on when the setting says so, from the moment it does', async () => {
    const { battery, settled, wanted } = setUp(run('a', 'running'))
    wanted.mockReturnValue(false)
    battery.power(true)
    expect(await settled()).toEqual([])
    wanted.mockReturnValue(true)
    battery.check()
    expect(await settled()).toEqual(['pause a'])
    wanted.mockReturnValue(false)
    battery.check()
    expect(await settled()).toEqual(['resume a'])
  })

  it.each(['running', 'queued', 'stopped', 'finished'] as const)(
    'a run that a person made %s is theirs, and is not resumed',
    async (state) => {
      const { battery, settled } = setUp(run('a', 'running'))
      battery.power(true)
      await settled()
      battery.heard(itemIn('paused', 'a'))
      expect(battery.waiting).toBe(true)
      battery.heard(itemIn(state, 'a'))
      expect(battery.waiting).toBe(false)
      battery.power(false)
      expect(await settled()).toEqual([])
    },
  )

  it('what could not be paused is not resumed, and the others are', async () => {
    const { battery, settled, pause, log } = setUp(run('a', 'running'), run('b', 'queued'))
    pause.mockRejectedValueOnce(new Error('lost'))
    battery.power(true)
    await settled()
    expect(log).toHaveBeenCalledWith('battery: lost')
    battery.power(false)
    expect(await settled()).toEqual(['resume a'])
  })

  it('runs that a new engine took up again pause as well', async () => {
    const { battery, settled, runs } = setUp()
    battery.power(true)
    expect(await settled()).toEqual([])
    runs.push(run('a', 'running'))
    battery.check()
    expect(await settled()).toEqual(['pause a'])
  })
})
