/** What a batch does with each of its inputs: `denoise` on the command line and the window's batch are this. */
import { DarkroomError } from '../../../shared/errors'
import type { DenoiseReport, GivenLevel, Look, SelfScore } from '../../../shared/types'
import {
  denoisePhoto,
  processFile,
  scorePhoto,
  type FileOptions,
  type Follower,
  type PhotoHandlers,
  type Processed,
} from './files'
import type { Input } from './inputs'
import { isWritten, type Target, type Targets } from './targets'

export interface DenoiseWish {
  /** A model's name, or `auto` for each photo's own. */
  model: string
  /** Null means estimate. */
  sigma: GivenLevel | null
  look: Look
  files: FileOptions
  /** Null for all pages. */
  page: number | null
  /** Nothing is done for an input whose result is there. */
  skipExisting: boolean
  /** Scores each result without a clean original. */
  score: boolean
}

/** A score, or why there can be none; that is no failure, the picture is there. */
export type Scored = { score: SelfScore } | { score: null; invalid: DarkroomError }

export interface Denoised {
  report: DenoiseReport
  /** Null where none was asked for. */
  score: Scored | null
}

export type InputOutcome =
  { state: 'skipped'; out: string } | ({ state: 'done' } & Processed<Denoised>)

/** What takes part in the work on one input. */
export interface Hands {
  handlers: PhotoHandlers
  targets: Targets
  /** Follows the jobs of a photo of this name. */
  follower: (name: string) => Follower
  /** May refuse where the result would go, before anything is read. */
  check?: (target: Target) => void
}

/**
 * Denoises the pages of one input and writes them to its target, unless that is there already.
 * @throws DarkroomError of the input, its target, the model; `cancelled`
 */
export async function denoiseInput(
  input: Input,
  { look, files, page, skipExisting, score, ...asked }: DenoiseWish,
  { handlers, targets, follower, check }: Hands,
): Promise<InputOutcome> {
  if (input.error) throw input.error
  const target = await targets.of(input)
  if (skipExisting && (await isWritten(target))) return { state: 'skipped', out: target.path }
  check?.(target)
  const processed = await processFile(
    handlers,
    { path: input.path, page, target },
    { layer: 'denoised', look, files },
    async (info): Promise<Denoised> => {
      const job = [handlers, info, asked, follower(info.name)] as const
      return {
        report: await denoisePhoto(...job),
        score: score ? await scoreOf(...job) : null,
      }
    },
  )
  return { state: 'done', ...processed }
}

async function scoreOf(...job: Parameters<typeof scorePhoto>): Promise<Scored> {
  try {
    return { score: await scorePhoto(...job) }
  } catch (error) {
    if (!(error instanceof DarkroomError) || error.code !== 'score-invalid') throw error
    return { score: null, invalid: error }
  }
}

/**
 * What a report says of an outcome: a line, or one for each page. `bits` are those of the file that was written,
 * `fileBits` those of its source.
 */
export function linesOf(outcome: InputOutcome, look: Look): Record<string, unknown>[] {
  if (outcome.state === 'skipped') return [{ out: outcome.out }]
  const { results, pages, out, bytes, bits } = outcome
  return results.map(({ report, score }, i) => {
    const info = pages[i]
    const numbers = info && info.pages > 1 ? { page: info.page, pages: info.pages } : {}
    return { out, bytes, bits, fileBits: info?.fileBits, ...numbers, look, ...report, ...score }
  })
}
