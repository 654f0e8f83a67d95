/** For tests only: runs the command line in this process, with stub models, and keeps what it wrote. */
import { join } from 'node:path'
import type { EngineOptions } from '../../main/engine/handlers'
import type { StubControl } from '../../main/engine/photos/testing/testEngine'
import { stubEngine } from '../../main/engine/photos/testing/testEngine'
import { run } from '../run'

export interface Outcome {
  status: number
  out: string[]
  errors: string[]
  /** The lines of standard output as JSON. */
  json: () => Record<string, unknown>[]
}

export interface Settings {
  resources: string
  control: StubControl
  environment?: Record<string, string>
  signal?: AbortSignal
  onProgress?: (line: string | null) => void
}

export async function runCli(settings: Settings, ...argv: string[]): Promise<Outcome> {
  const out: string[] = []
  const errors: string[] = []
  const terminal = {
    out: (line: string) => void out.push(...line.split('\n')),
    error: (line: string) => void errors.push(line),
    progress: settings.onProgress ?? (() => undefined),
  }
  const createEngine = (options?: EngineOptions): ReturnType<typeof stubEngine> =>
    stubEngine(settings.resources, settings.control, {
      libraryFolder: join(settings.resources, '..', 'library'),
      ...options,
    })
  const signal = settings.signal ?? new AbortController().signal
  const environment = settings.environment ?? { LANG: 'C' }
  const status = await run(argv, environment, { terminal, signal, createEngine })
  return {
    status,
    out,
    errors,
    json: () => out.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
