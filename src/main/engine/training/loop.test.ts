import { describe, expect, it } from 'vitest'
import type { CurvePoint, TrainingConfig } from '../../../shared/training'
import type { State } from '../runtime/program'
import { DivergenceGuard } from './divergence'
import { train, type LoopView, type Observer, type RunMemory, type Task } from './loop'
import { noHistory, startPosition, thinned } from './position'
import { rateOf, warmedUp } from './schedule'

const config: TrainingConfig = {
  seed: 1,
  epochs: 6,
  batch: 4,
  rate: 0.1,
  schedule: 'cosine',
  warmUp: 0.5,
  clipNorm: null,
  weightDecay: 0,
  patience: null,
  precision: 'float32',
}

/** One weight that falls towards 0 by the rate at each step; its loss is its square. `broken` steps are not finite. */
class Falling implements Task {
  readonly stepsPerEpoch = 10
  readonly imagesPerStep = 4
  readonly penalised = true
  weight = 1
  readonly tried: [step: number, rate: number][] = []
  validations: number[] = []
  broken: (step: number, rate: number) => boolean = () => false

  step(step: number, rate: number): ReturnType<Task['step']> {
    this.tried.push([step, rate])
    const updated = !this.broken(step, rate)
    if (updated) this.weight *= 1 - rate
    const loss = this.weight ** 2
    return { losses: { loss, reconstruction: loss, penalty: step }, updated }
  }
  validate(): ReturnType<Task['validate']> {
    const loss = this.validations.shift() ?? this.weight ** 2
    return Promise.resolve({ loss, reconstruction: loss, penalty: 0, mse: loss })
  }
  beta = (): null => null
  read = (): State => new Map([['w', { shape: [1], data: Float64Array.of(this.weight) as never }]])
  assign(state: State): void {
    this.weight = state.get('w')?.data[0] as number
  }
}

const newMemory = (): RunMemory => ({
  position: { ...startPosition },
  history: noHistory,
  best: null,
})
const loopOf = (task: Task, changes: Partial<TrainingConfig> = {}): LoopView => ({
  task,
  config: { ...config, ...changes },
  memory: newMemory(),
})
const never = new AbortController().signal
const withoutTime = ({ position, history }: RunMemory) => ({
  position: { ...position, seconds: 0 },
  history: { ...history, epochs: history.epochs.map((record) => ({ ...record, seconds: 0 })) },
})

describe('the loop', () => {
  it('makes every step once, measures every epoch, and keeps the best', async () => {
    const task = new Falling()
    const loop = loopOf(task)
    expect(await train(loop, [], never)).toBe('finished')
    expect(task.tried.map(([step]) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
    expect(loop.memory.history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual(
      [1, 2, 3, 4, 5, 6].map((epoch) => [epoch, epoch * 10]),
    )
    expect(loop.memory.position.best?.epoch).toBe(6)
    const [first] = loop.memory.history.epochs
    expect(first?.training.penalty).toBeCloseTo(5.5, 10) // the mean of 1 … 10
    expect(loop.memory.history.points).toHaveLength(60)
  })

  it.each([1, 7, 10, 23, 59])('goes on after step %i as if it had not stopped', async (stopAt) => {
    const straight = loopOf(new Falling())
    await train(straight, [], never)

    const stop = new AbortController()
    const first = new Falling()
    const interrupted = loopOf(first)
    const stopper: Observer = {
      step: ({ memory }) => {
        if (memory.position.step === stopAt) stop.abort()
      },
    }
    expect(await train(interrupted, [stopper], stop.signal)).toBe('interrupted')
    expect(interrupted.memory.position.step).toBe(stopAt)
    const second = new Falling()
    second.assign(first.read())
    const resumed: LoopView = {
      task: second,
      config,
      memory: JSON.parse(JSON.stringify(interrupted.memory)) as RunMemory,
    }
    expect(await train(resumed, [], never)).toBe('finished')
    expect(second.weight).toBe((straight.task as Falling).weight)
    expect(withoutTime(resumed.memory)).toEqual(withoutTime(straight.memory))
  })

  it('ends when patience does', async () => {
    const task = new Falling()
    task.validations = [3, 2, 2.5, 2.1, 2.2, 1]
    const loop = loopOf(task, { patience: 2 })
    expect(await train(loop, [], never)).toBe('finished')
    expect(loop.memory.position).toMatchObject({ epoch: 4, best: { epoch: 2, loss: 2 } })
  })

  it('waits for its observers and passes on what they throw', async () => {
    const failing: Observer = { epoch: () => Promise.reject(new Error('no space')) }
    await expect(train(loopOf(new Falling()), [failing], never)).rejects.toThrow('no space')
  })
})

describe('divergence', () => {
  it('returns to the last epoch at half the rate', async () => {
    const task = new Falling()
    task.broken = (step, rate) => step === 25 && rate > 0.06
    const loop = loopOf(task, { schedule: 'constant', warmUp: 0 })
    const guard = new DivergenceGuard(loop)
    expect(await train(loop, [guard], never)).toBe('finished')
    const steps = task.tried.map(([step]) => step)
    expect(steps.slice(23, 28)).toEqual([24, 25, 21, 22, 23])
    expect(task.tried.at(-1)?.[1]).toBeCloseTo(0.05, 12)
    expect(loop.memory.position).toMatchObject({ divergences: 1, rateScale: 0.5, epoch: 6 })
    expect(loop.memory.history.points.map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    )
    expect(task.weight).toBeCloseTo(0.9 ** 20 * 0.95 ** 40, 10)
  })

  it('gives up the fourth time, and says at which step', async () => {
    const task = new Falling()
    task.broken = (step) => step === 3
    const loop = loopOf(task)
    await expect(train(loop, [new DivergenceGuard(loop)], never)).rejects.toMatchObject({
      code: 'training-diverged',
      params: { step: 3 },
    })
    expect(task.weight).toBeGreaterThan(0.9)
    expect(task.tried.filter(([step]) => step === 3)).toHaveLength(4)
  })
})

describe('curves', () => {
  const point = (step: number): CurvePoint => ({
    step,
    loss: step,
    reconstruction: 2,
    penalty: null,
  })

  it('keep their length and at most 1,000 points', () => {
    const points = Array.from({ length: 1000 }, (_, i) => point(i + 1))
    const joined = thinned(points, 1)
    expect(joined.pointEvery).toBe(2)
    expect(joined.points).toHaveLength(500)
    expect(joined.points[0]).toEqual({ step: 2, loss: 1.5, reconstruction: 2, penalty: null })
    expect(joined.points.at(-1)?.step).toBe(1000)
    expect(thinned(points.slice(1), 4)).toEqual({ points: points.slice(1), pointEvery: 4 })
  })
})

describe('schedules', () => {
  it('warm up, then stay or fall', () => {
    const constant = { ...config, schedule: 'constant' as const }
    expect(rateOf(constant, 1, 10)).toBeCloseTo(0.02)
    expect(rateOf(constant, 5, 10)).toBeCloseTo(0.1)
    expect(rateOf(constant, 60, 10)).toBe(0.1)
    expect(rateOf({ ...constant, warmUp: 0 }, 1, 10)).toBe(0.1)
    expect(rateOf(config, 60, 10)).toBeCloseTo(0.0001)
    expect(warmedUp(4, 2, 5, 10)).toBe(1)
    expect(warmedUp(4, 2, 21, 10)).toBe(4)
    expect(warmedUp(4, 0, 1, 10)).toBe(4)
  })
})
