/** For tests only: a folder of its own for each test, with stub models in it, and the command line to run with them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import type { DecodedImage } from '../../main/engine/codec'
import { closeCodecs, decodeImage } from '../../main/engine/codec'
import type { StubControl } from '../../main/engine/photos/testing/testEngine'
import { newControl, stubResources } from '../../main/engine/photos/testing/testEngine'
import type { Outcome } from './runCli'
import { runCli } from './runCli'

export interface Workbench {
  folder: string
  resources: string
  control: StubControl
  at: (...names: string[]) => string
  cli: (...argv: string[]) => Promise<Outcome>
  read: (path: string) => Promise<DecodedImage>
}

/** Sets up a test file; what it gives back is filled in anew before each test. */
export function workbench(): Workbench {
  const bench: Workbench = {
    folder: '',
    resources: '',
    control: newControl(),
    at: (...names) => join(bench.folder, ...names),
    cli: (...argv) => runCli(bench, ...argv),
    read: (path) => decodeImage(readFileSync(path), path),
  }
  beforeEach(async () => {
    bench.folder = mkdtempSync(join(tmpdir(), 'cli-'))
    bench.control = newControl()
    mkdirSync(bench.at('models'))
    bench.resources = await stubResources(bench.at('models'))
  })
  afterEach(() => rmSync(bench.folder, { recursive: true }))
  afterAll(closeCodecs)
  return bench
}
