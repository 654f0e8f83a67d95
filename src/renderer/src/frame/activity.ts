/** What the status bar says is going on. */
import { m } from '../../../shared/messages/compiled/messages'
import type { Photo } from '../state/photo.svelte'
import type { Workspace } from '../state/workspace.svelte'
import { minutesAndSeconds, percent } from '../ui/format'

export interface Activity {
  text: string
  /** 0–1; null where nobody can tell. */
  share: number | null
  detail: string
  cancel: (() => void) | null
  /** Training and batches are paused instead: nothing of them is lost. */
  pause?: () => void
}

/** A forecast in words: `2 s left`, `4 min 33 s left`, `1 h 4 min left`. */
export function timeLeft(secondsLeft: number): string {
  const { minutes, seconds } = minutesAndSeconds(secondsLeft)
  if (minutes >= 60)
    return m.status_hours_left({ hours: Math.floor(minutes / 60), minutes: minutes % 60 })
  return minutes > 0
    ? m.status_minutes_left({ minutes, seconds })
    : m.status_seconds_left({ seconds })
}

/** A share and a forecast in words: `42 % · 1 min 10 s left`, `42 %` where nobody can tell. */
export function howFar(share: number, secondsLeft: number | null): string {
  const left = secondsLeft === null ? [] : [timeLeft(secondsLeft)]
  return [percent(share), ...left].join(' · ')
}

const vague = (text: string): Activity => ({ text, share: null, detail: '', cancel: null })

function denoising(photo: Photo): Activity | null {
  const { job, info } = photo
  if (!job) return null
  const cancel = () => void photo.sync.cancel()
  const { name } = info
  if (job.phase === 'estimate')
    return { text: m.status_preparing({ name }), share: null, detail: '', cancel }
  if (job.phase === 'draft')
    return { text: m.status_draft({ name }), share: null, detail: '', cancel }
  return {
    text: m.status_denoising({ name }),
    share: job.share,
    detail: howFar(job.share, job.secondsLeft),
    cancel,
  }
}

/** The measurement that goes on; those behind it wait. */
function measuring({ measure }: Pick<Workspace, 'measure'>): Activity | null {
  const [work] = measure.works
  if (!work) return null
  const { job, name, phase, share, secondsLeft } = work
  return {
    text: m.measure_status({ name }),
    share: phase === null ? null : share,
    detail: howFar(share, secondsLeft),
    cancel: () => void measure.cancel(job),
  }
}

/** Methods that are compared. */
function comparing({ lab }: Pick<Workspace, 'lab'>): Activity | null {
  const { work } = lab
  if (!work) return null
  const { name, method, share, secondsLeft } = work
  return {
    text: method ? m.lab_status_method({ name, method }) : m.lab_status({ name }),
    share: method ? share : null,
    detail: howFar(share, secondsLeft),
    cancel: () => void lab.cancel(),
  }
}

/** A batch that goes on. */
function batching({ batch }: Pick<Workspace, 'batch'>): Activity | null {
  const { progress, share } = batch
  if (progress?.state !== 'running') return null
  const { totals, secondsLeft } = progress
  const index = Math.min(totals.files, totals.files - totals.left + 1)
  return {
    text: m.batch_status({ index, count: totals.files }),
    share,
    detail: howFar(share, secondsLeft),
    cancel: null,
    pause: () => void batch.pause(),
  }
}

/** A map that is made. */
function mapping({ map }: Pick<Workspace, 'map'>): Activity | null {
  const { works, model } = map
  const { making } = works
  if (!making) return null
  return {
    text: m.map_status({ name: model?.name ?? '' }),
    share: making.share,
    detail: howFar(making.share, making.secondsLeft),
    cancel: () => void works.cancel(),
  }
}

/** What pictures wait for. */
function generating({ generate }: Pick<Workspace, 'generate'>): Activity | null {
  const { maker, model } = generate
  if (!maker.work) return null
  const { share, secondsLeft } = maker.work
  return {
    text: m.generate_status({ name: model?.name ?? '' }),
    share,
    detail: howFar(share, secondsLeft),
    cancel: () => void generate.cancel(),
  }
}

/** What the screen that is shown tells of itself, where its result will be. */
function onStage(workspace: Workspace): Activity | null {
  if (workspace.screen === 'map') return mapping(workspace)
  if (workspace.screen === 'generate') return generating(workspace)
  return null
}

/**
 * The one thing that the status bar tells: what was asked for last comes first, then the photo that is shown, then any
 * other but what the screen tells itself.
 */
export function activityOf(workspace: Workspace): Activity | null {
  const { batch, exporter, lab, library, measure, photos, screen } = workspace
  if (lab.writing) return vague(m.status_exporting({ name: lab.writing }))
  if (measure.writing) return vague(m.status_exporting({ name: measure.writing }))
  if (exporter.writing) return vague(m.status_exporting({ name: exporter.writing }))
  if (library.working) return vague(library.working())
  if (photos.opening) return vague(m.status_opening({ name: photos.opening }))
  const compared = comparing(workspace)
  if (compared && lab.shown) return compared
  const batched = batching(workspace)
  if (batched && batch.shown) return batched
  const { active, list } = photos
  if (active?.addingNoise) return vague(m.status_adding_noise({ name: active.info.name }))
  const working = active?.job ? active : list.find(({ job }) => job)
  if (working) return denoising(working)
  const pictures = screen === 'generate' ? null : generating(workspace)
  const mapped = screen === 'map' ? null : mapping(workspace)
  return compared ?? batched ?? pictures ?? mapped ?? measuring(workspace)
}

/** What Escape cancels: what the screen tells of itself, or else what the status bar tells. */
export function cancelOf(workspace: Workspace): Activity['cancel'] {
  return (onStage(workspace) ?? activityOf(workspace))?.cancel ?? null
}

/** The run that is trained, or the first that waits. */
export function trainingOf({ train }: Pick<Workspace, 'train'>): Activity | null {
  const { running } = train
  if (!running) {
    const waiting = [...train.runs]
      .reverse()
      .find((run) => train.progressOf(run).state === 'queued')
    return waiting ? vague(m.train_status_waiting({ name: waiting.name })) : null
  }
  const { step, steps } = train.progressOf(running)
  const secondsLeft = train.watched.get(running.item)?.secondsLeft ?? null
  const share = steps > 0 ? step / steps : 0
  return {
    text: m.train_status({ name: running.name }),
    share: step > 0 ? share : null,
    detail: howFar(share, secondsLeft),
    cancel: null,
    pause: () => void train.pause(running.item),
  }
}
