/** Training by the built command line, with real signals. Skipped where it was not built; `npm test` builds first. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recipeNames } from '../shared/training'
import { writeSmallConfig } from './testing/training'

const program = resolve(import.meta.dirname, '../../out/main/cli.js')
type Line = Record<string, unknown>

let folder = ''
let config = ''
const at = (...names: string[]): string => join(folder, ...names)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'built-training-'))
  config = writeSmallConfig(at('set'), { kind: 'variational', beta: 1, betaWarmUp: 0 })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a command; `signal` is sent once `when` is true of a line. */
async function cli(
  args: string[],
  signal: NodeJS.Signals = 'SIGINT',
  when: (line: Line) => boolean = () => false,
): Promise<{ status: number | null; lines: Line[]; errors: string }> {
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    env: {
      ...process.env,
      LC_ALL: 'C',
      DARKROOM_LIBRARY: at('library'),
      XDG_STATE_HOME: at('state'),
    },
  })
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const lines: Line[] = []
  let sent = false
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line
    lines.push(line)
    if (sent || !when(line)) return
    sent = true
    child.kill(signal)
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, lines, errors }
}
const isEpoch = (line: Line): boolean => line['event'] === 'epoch'
const stateOf = async (name: string): Promise<Line | undefined> => {
  const [items] = (await cli(['library'])).lines as unknown as [Line[]]
  return items.find((item) => item['name'] === name)?.['progress'] as Line | undefined
}

describe.skipIf(!existsSync(program))('the built command line', () => {
  it('lists recipes', async () => {
    const { status, lines } = await cli(['recipes'])
    expect([status, (lines[0] as unknown as unknown[]).length]).toEqual([0, recipeNames.length])
  })

  it('trains, is paused by Ctrl-C, goes on, survives being killed, and goes on again', async () => {
    const train = ['train', '--config', config, '--name', 'disks', '--epochs', '5000']
    const paused = await cli(train, 'SIGINT', isEpoch)
    expect(paused.status).toBe(1)
    const end = paused.lines.at(-1) as { event: string; epoch: number; step: number }
    expect(end.event).toBe('paused')
    expect(await stateOf('disks')).toMatchObject({ state: 'paused', step: end.step })
    const epochs = (lines: Line[]): number[] =>
      lines.filter(isEpoch).map(({ epoch }) => epoch as number)

    const killed = await cli(['train', '--resume', 'disks'], 'SIGKILL', isEpoch)
    expect(epochs(killed.lines)[0]).toBe(end.epoch + 1)
    const left = (await stateOf('disks')) as { state: string; epoch: number }
    expect(left.state).toBe('running') // as it was last written: the next start of the program goes on with it
    const again = await cli(['train', '--resume', 'disks'], 'SIGTERM', isEpoch)
    expect(again.status).toBe(1)
    expect(epochs(again.lines)[0]).toBe(left.epoch + 1)
    expect(await stateOf('disks')).toMatchObject({ state: 'paused' })
    expect(readdirSync(at('library')).filter((name) => /lock|part|tmp/.test(name))).toEqual([])
  })

  it('trains to the end, measures, and exports', async () => {
    const trained = await cli(['train', '--config', config, '--name', 'short'])
    expect([trained.status, epochsOf(trained.lines)]).toEqual([0, 2])
    const { status, lines } = await cli(['evaluate', 'short', '--importance-samples', '3'])
    expect(status).toBe(0)
    expect(lines).toEqual([
      expect.objectContaining({ model: 'short', part: 'test', images: 20, elbo: null }),
    ])
    const to = ['--format', 'savedmodel', '--part', 'encoder', '--out', at('encoder')]
    expect(await cli(['export', 'short', ...to])).toMatchObject({ status: 0 })
    expect(readdirSync(at('encoder')).sort()).toEqual(['saved_model.pb', 'variables'])
    writeFileSync(at('wrong-images-idx3-ubyte'), 'no idx file')
    const wrong = ['train', 'mnist-vae', '--data', at('wrong-images-idx3-ubyte'), '--name', 'wrong']
    expect(await cli(wrong)).toMatchObject({
      status: 1,
      lines: [{ error: { code: 'data-damaged' } }],
    })
    const taken = await cli(['train', '--config', config, '--name', 'short'])
    expect(taken.status).toBe(1)
    expect(taken.lines).toEqual([
      { error: expect.objectContaining({ code: 'name-taken' }) as unknown },
    ])
  })
})
const epochsOf = (lines: Line[]): number => lines.filter(isEpoch).length
