import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from 'vite'
import type { Emit } from '../../../shared/contract'
import { uniform } from '../data/random'
import { Library } from '../store/library'
import { Runs } from './runs'
import { smallRun } from './testing/smallData'

/** Kills of a training process; a longer command may ask for more (`DARKROOM_KILLS`). */
const KILLS = Number(process.env['DARKROOM_KILLS'] ?? 20)
const silent: Emit = () => undefined

let root = ''
// within the project, because the child needs TensorFlow from its packages
const built = resolve(import.meta.dirname, '../../../../out/test')
const child = join(built, 'trainChild.cjs')

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'latent-darkroom-kill-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: [/^(?!@tensorflow)/] },
    build: {
      ssr: resolve(import.meta.dirname, 'testing/trainChild.ts'),
      outDir: built,
      emptyOutDir: false,
      rollupOptions: {
        external: [/^@tensorflow\//],
        output: { format: 'cjs', entryFileNames: 'trainChild.cjs' },
      },
    },
  })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs the child until it is done, or kills it when it has made `steps` steps and some milliseconds more. */
function trainUntil(library: string, steps: number, milliseconds: number): Promise<boolean> {
  const running = spawn(process.execPath, [child, library], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let [first, done] = [-1, false]
  const lines = createInterface({ input: running.stdout })
  lines.on('line', (line) => {
    if (line === 'done') done = true
    const step = Number(/^step (\d+)/.exec(line)?.[1] ?? NaN)
    if (first < 0 && step > 0) first = step
    if (first >= 0 && step >= first + steps) setTimeout(() => running.kill('SIGKILL'), milliseconds)
  })
  return new Promise((finish) => running.on('close', () => finish(done)))
}

it(
  `survives ${KILLS} kills and ends with the weights of a run that was never disturbed`,
  { timeout: 300_000 },
  async () => {
    const config = smallRun(root, { training: { epochs: 600 } })
    const options = { config, name: 'killed', group: null, command: '' }
    const [undisturbed, library] = ['undisturbed', 'killed'].map(
      (name) => new Library({ folder: join(root, name) }),
    ) as [Library, Library]
    const runs = new Runs({ library: undisturbed, places: { cache: null, denoisers: null } })
    const whole = await runs.start(options, silent)
    await runs.idle()

    const first = new Runs({ library, places: { cache: null, denoisers: null } })
    const { item } = await first.start(options, silent)
    await first.close(silent)
    let [kills, before] = [0, 0]
    while (kills < KILLS) {
      const steps = 20 + Math.floor(100 * uniform(1, kills, 'order', 0))
      const done = await trainUntil(join(root, 'killed'), steps, 60 * uniform(1, kills, 'order', 1))
      expect(done, 'it should not have come to its end yet').toBe(false)
      kills += 1
      const { progress, position } = await library.read(item)
      expect(progress.state).toBe('running')
      expect(progress.step).toBeGreaterThanOrEqual(before) // no checkpoint is lost
      expect(position).toMatchObject({ step: progress.step })
      before = progress.step
    }
    while (!(await trainUntil(join(root, 'killed'), Infinity, 0)));
    const [a, b] = [await undisturbed.read(whole.item), await library.read(item)]
    expect(b.progress).toMatchObject({ state: 'finished', step: 2400 })
    for (const [name, { data }] of a.tensors) expect(b.tensors.get(name)?.data, name).toEqual(data)
    expect(b.history.points).toEqual(a.history.points)
    await new Library({ folder: join(root, 'killed') }).list()
    const left = readdirSync(join(root, 'killed')).filter(
      (name) => !/^(.*\.ldm|index\.json|trash|cache|set-aside)$/.test(name),
    )
    expect(left).toEqual([])
  },
)
