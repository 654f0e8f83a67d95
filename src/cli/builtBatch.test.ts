/** A batch by the built command line that is killed in the middle. Skipped where it was not built; `npm test` builds first. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeCodecs, decodeImage } from '../main/engine/codec'
import { picture, writePicture } from '../main/engine/photos/testing/testEngine'

const program = resolve(import.meta.dirname, '../../out/main/cli.js')
const names = Array.from({ length: 40 }, (_, i) => `${String(i).padStart(2, '0')}.png`)
type Line = Record<string, unknown>

let folder = ''
const at = (...parts: string[]): string => join(folder, ...parts)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'built-batch-'))
  mkdirSync(at('set'))
  // each of another width, so that a result says whose it is
  for (const [i, name] of names.entries()) await writePicture(at('set', name), picture(24 + i, 20))
})
afterAll(async () => {
  await closeCodecs()
  rmSync(folder, { recursive: true })
})

/** Denoises the set; killed once so many files have been told of. */
async function denoise(
  more: string[],
  killAfter = Infinity,
): Promise<{ status: number | null; lines: Line[] }> {
  const args = ['denoise', at('set'), '--out', at('done'), '--sigma', '10', '--json', ...more]
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      ...process.env,
      LC_ALL: 'C',
      DARKROOM_LIBRARY: at('library'),
      XDG_STATE_HOME: at('state'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines: Line[] = []
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as Line)
    if (lines.length === killAfter) child.kill('SIGKILL')
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, lines }
}
/** The results there, each of which must open and be of its input's size. */
async function wholeResults(): Promise<string[]> {
  const there = readdirSync(at('done')).filter((name) => name.endsWith('.png'))
  for (const name of there) {
    const { width, height } = await decodeImage(readFileSync(at('done', name)), name)
    expect([name, width, height]).toEqual([name, 24 + names.indexOf(name), 20])
  }
  return there.sort()
}
const outs = (lines: Line[], state: string): unknown[] =>
  lines.filter((line) => line['state'] === state).map(({ out }) => out)

describe.skipIf(!existsSync(program))('a batch that is killed', () => {
  it('leaves whole results, and with --skip-existing the same command does only the rest', async () => {
    const killed = await denoise([], 12)
    expect(killed.status).toBeNull()
    const kept = await wholeResults()
    expect(kept.length).toBeGreaterThanOrEqual(12)
    expect(kept.length).toBeLessThan(40)
    expect(kept).toEqual(names.slice(0, kept.length))
    const before = kept.map((name) => readFileSync(at('done', name)))

    const { status, lines } = await denoise(['--skip-existing'])
    expect(status).toBe(0)
    const paths = (some: string[]): string[] => some.map((name) => at('done', name))
    expect(outs(lines, 'skipped')).toEqual(paths(kept))
    expect(outs(lines, 'done')).toEqual(paths(names.slice(kept.length)))
    expect(lines.at(-1)).toMatchObject({
      totals: { files: 40, done: 40 - kept.length, skipped: kept.length, failed: 0, left: 0 },
    })
    expect(await wholeResults()).toEqual(names)
    expect(kept.map((name) => readFileSync(at('done', name)))).toEqual(before)
    expect(readdirSync(at('done')).sort()).toEqual(names) // nothing temporary was left either
  })
})
