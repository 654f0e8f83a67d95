/**
 * What a map costs the engine: seconds of every phase for all 60,000 images of MNIST by the bundled VAE of 20 latents,
 * how long others wait at most, how well neighbourhoods are kept; and umap-js on the same neighbours, for comparison.
 * What drawing costs the window is measured in the program: `npx playwright test -c e2e/playwright.config.ts map`.
 * Usage: npm run bench:map [-- POINTS [umap-js]]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UMAP } from 'umap-js'
import type { Emit, EngineEvents } from '../src/shared/contract'
import { nearestNeighbours } from '../src/main/engine/latent/neighbours'
import { umap, umapFurther } from '../src/main/engine/latent/umap'
import { Maps } from '../src/main/engine/spaces/maps'
import { Spaces } from '../src/main/engine/spaces/spaces'
import { Library } from '../src/main/engine/store/library'
import { Works } from '../src/main/engine/work/works'

const models = join(__dirname, '../../resources/models')
const points = Number(process.argv[2] ?? 60_000)
const item = 'digits-vae'
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`

/** The longest time that somebody else would have waited, noted by a timer that wants its turn all the time. */
function waiting(): () => number {
  let [longest, last, stopped] = [0, performance.now(), false]
  const turn = (): void => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
    if (!stopped) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    stopped = true
    return longest
  }
}

async function map(maps: Maps, projection: 'pca' | 'umap' | 'pixels-pca'): Promise<void> {
  const phases = new Map<string, number>()
  let [phase, begun] = ['', performance.now()]
  const enter = (next: string): void => {
    if (phase) phases.set(phase, (phases.get(phase) ?? 0) + performance.now() - begun)
    ;[phase, begun] = [next, performance.now()]
  }
  const longest = waiting()
  const job = await new Promise<string>((resolve, reject) => {
    const emit: Emit = (name, payload) => {
      if (name === 'work.progress') {
        const event = payload as EngineEvents['work.progress']
        if (event.phase !== phase) enter(event.phase)
      } else if (name === 'work.finished') {
        enter('')
        const { outcome, job: ended } = payload as EngineEvents['work.finished']
        if (outcome.state === 'done') resolve(ended)
        else reject(new Error(JSON.stringify(outcome)))
      }
    }
    maps.start({ item, part: 'training', projection, most: points, seed: 0 }, emit).catch(reject)
  })
  const { trustworthiness, continuity, judged, neighbours, seconds: all } = maps.read(job)
  const parts = [...phases].map(([name, time]) => `${name} ${seconds(time)}`).join(', ')
  console.log(`${projection}, ${points} points: ${all.toFixed(2)} s (${parts})`)
  console.log(`  others waited at most ${longest().toFixed(0)} ms`)
  console.log(
    `  trustworthiness ${trustworthiness.toFixed(4)}, continuity ${continuity.toFixed(4)}` +
      ` (${judged} points, ${neighbours} neighbours)`,
  )
}

/** Both programs on the same codes and neighbours: 10,000 points, and 1,000 further ones. */
async function beside(spaces: Spaces): Promise<void> {
  const [fitted, further] = [10_000, 1000]
  const space = await spaces.open(item)
  const { latent } = space.config
  const { mean } = await space.codes('training')
  const pace = { breathe: () => Promise.resolve() }
  const own = { values: mean.slice(0, fitted * latent), size: latent }
  const rest = { values: mean.slice(fitted * latent, (fitted + further) * latent), size: latent }
  const near = await nearestNeighbours(own, own, 15, pace)
  let begun = performance.now()
  const placed = await umap(
    near,
    own.values.filter((_, i) => i % latent < 2),
    0,
    pace,
  )
  console.log(`ours: ${fitted} points fitted in ${seconds(performance.now() - begun)}`)
  begun = performance.now()
  await umapFurther(await nearestNeighbours(rest, own, 15, pace), placed, 0, pace)
  console.log(`ours: ${further} further points in ${seconds(performance.now() - begun)}`)

  const rows = (values: ArrayLike<number>, width: number): number[][] =>
    Array.from({ length: values.length / width }, (_, row) =>
      Array.from({ length: width }, (_value, k) => values[row * width + k] as number),
    )
  const theirs = new UMAP({ nNeighbors: 15 })
  theirs.setPrecomputedKNN(rows(near.indices, 15), rows(near.distances, 15))
  begun = performance.now()
  const epochs = theirs.initializeFit(rows(own.values, latent))
  console.log(`umap-js: started in ${seconds(performance.now() - begun)}, in one piece`)
  for (let epoch = 0; epoch < epochs; epoch++) theirs.step()
  console.log(`umap-js: ${fitted} points fitted in ${seconds(performance.now() - begun)}`)
  begun = performance.now()
  theirs.transform(rows(rest.values, latent))
  console.log(`umap-js: ${further} further points in ${seconds(performance.now() - begun)}`)
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'map-'))
  const library = new Library({ folder, bundled: models })
  const spaces = new Spaces({ library, cache: null })
  try {
    const maps = new Maps(spaces, new Works())
    for (const projection of ['pixels-pca', 'pca', 'umap'] as const) await map(maps, projection)
    if (process.argv[3] === 'umap-js') await beside(spaces)
  } finally {
    spaces.close()
    rmSync(folder, { recursive: true })
  }
}

void main()
