/** The requests of the Lab. */
import { setTimeout } from 'node:timers/promises'
import type { EngineHandlers } from '../../../shared/contract'
import { DarkroomError } from '../../../shared/errors'
import type { Jobs } from '../photos/jobs'
import type { Photos } from '../photos/photos'
import type { WorkContext, Works } from '../work/works'
import { compare } from './compare'
import { exportLab } from './exporting'
import { prepareLab, renderLab, type Lab } from './lab'
import type { LabTools } from './methods'

export type LabRequest = 'lab.start' | 'lab.picture' | 'lab.export'

/** So many runs keep their pictures: the one that is looked at, and the one before it. */
const kept = 2

interface LabSurroundings extends LabTools {
  photos: Photos
  jobs: Jobs
  works: Works
}

export function labHandlers({
  photos,
  jobs,
  works,
  ...tools
}: LabSurroundings): Pick<EngineHandlers, LabRequest> {
  const labs = new Map<string, Lab>()
  const find = (job: string): Lab => {
    const found = labs.get(job)
    if (found) return found
    throw new DarkroomError('job-unknown', `no run ${job} of the Lab is kept`)
  }
  return {
    'lab.start': async ({ photo, clean, ...wish }, emit) => {
      const truth = clean === null ? null : photos.get(clean)
      const lab = await prepareLab(photos.get(photo), truth, wish)
      const job = works.start(async (context) => {
        await idle(jobs, context)
        await compare(lab, tools, context, () => emit('lab.changed', { job, ...lab.run }))
        return null
      }, emit)
      labs.set(job, lab)
      for (const old of [...labs.keys()].slice(0, -kept)) labs.delete(old)
      return { job }
    },
    'lab.picture': ({ job, of, gain }) => {
      const lab = find(job)
      const { width, height } = lab.noisy
      const pixels = renderLab(lab, of, gain, { x: 0, y: 0, width, height }, { width, height })
      return Promise.resolve({ width, height, pixels })
    },
    'lab.export': ({ job, ...options }) => exportLab(find(job), options),
  }
}

/** Waits until no photo is being denoised, which would make every method's seconds longer. */
async function idle(jobs: Jobs, { breathe }: WorkContext): Promise<void> {
  while (jobs.running > 0) {
    await setTimeout(50)
    await breathe()
  }
}
