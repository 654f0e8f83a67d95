/** What the window hears of a run: progress at most twenty times a second, with every point of the curve. */
import type { Emit, EngineEvents } from '../../../shared/contract'
import type { CurvePoint, EpochRecord, RunProgress } from '../../../shared/training'
import type { LoopView, Observer } from '../training/loop'

type Phase = EngineEvents['train.progress']['phase']

const MILLISECONDS = 50
/** Steps that the speed is averaged over, about. */
const MEMORY = 50

export class Reporter implements Observer {
  readonly #emit: Emit
  readonly #item: string
  readonly #progress: () => RunProgress
  #points: CurvePoint[] = []
  #last = 0
  #lastStep = 0
  #stepMilliseconds: number | null = null
  #loop: LoopView | null = null
  #epochOverhead = 0
  #validationBegun = 0

  constructor(emit: Emit, item: string, progress: () => RunProgress) {
    this.#emit = emit
    this.#item = item
    this.#progress = progress
  }

  step(loop: LoopView, point: CurvePoint | null): void {
    this.#loop = loop
    const now = performance.now()
    const took = now - this.#lastStep
    // the first step also compiles kernels, and a pause lies between runs: neither says anything about speed
    if (this.#lastStep > 0) {
      const before = this.#stepMilliseconds ?? took
      this.#stepMilliseconds = before + (took - before) / MEMORY
    }
    this.#lastStep = now
    if (point) this.#points.push(point)
    if (now - this.#last >= MILLISECONDS) this.phase('train')
  }

  validating(): void {
    this.#validationBegun = performance.now()
    this.phase('validate')
  }

  epoch(_loop: LoopView, record: EpochRecord): void {
    this.#epochOverhead = performance.now() - this.#validationBegun
    this.#lastStep = 0
    this.phase('train')
    this.#emit('train.epoch', { item: this.#item, record })
  }

  /** Says where the run stands, at once. */
  phase(phase: Phase): void {
    this.#last = performance.now()
    const points = this.#points
    this.#points = []
    const speed = this.#stepMilliseconds
    const images = this.#loop?.task.imagesPerStep ?? 0
    this.#emit('train.progress', {
      item: this.#item,
      progress: this.#progress(),
      points,
      imagesPerSecond: speed === null ? null : (images * 1000) / speed,
      secondsLeft: this.#secondsLeft(),
      phase,
    })
  }

  #secondsLeft(): number | null {
    if (!this.#loop || this.#stepMilliseconds === null) return null
    const { task, config, memory } = this.#loop
    const steps = config.epochs * task.stepsPerEpoch - memory.position.step
    const epochs = config.epochs - memory.position.epoch
    return (steps * this.#stepMilliseconds + epochs * this.#epochOverhead) / 1000
  }
}
