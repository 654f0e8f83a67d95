import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { measureReport } from '../../shared/latent'
import { writeIdx } from '../../main/engine/data/testing/idxFiles'
import { writeSmallConfig } from '../testing/training'
import { workbench } from '../testing/workbench'

const { at, cli } = workbench()
/** Whether the disk is large, which the picture shows. */
const labels = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => +(i % 3 === 2))
beforeEach(async () => {
  const config = writeSmallConfig(at('data'))
  writeIdx(at('data', 'train-labels-idx1-ubyte'), [60], labels(60))
  writeIdx(at('data', 't10k-labels-idx1-ubyte'), [20], labels(20))
  expect(await cli('train', '--config', config, '--name', 'small')).toMatchObject({ status: 0 })
})
const codeOf = async (...argv: string[]): Promise<unknown> => {
  const outcome = await cli('measure', ...argv, '--json')
  return (outcome.json().at(-1)?.['error'] as { code: string }).code
}

describe('measure features', () => {
  it('tells figures with their baselines, as a report or as lines', async () => {
    const outcome = await cli('measure', 'features', 'small', '--against', 'small', '--json')
    expect(outcome.status).toBe(0)
    const found = outcome.json()[0]
    const { error, data } = measureReport.safeParse({ ...found, id: 'a', created: 0 })
    expect(error).toBeUndefined()
    expect(data).toMatchObject({ model: 'small', data: 'disks' })
    const file = at('report.html')
    const { out } = await cli(
      'measure',
      'features',
      'small',
      '--data',
      at('data'),
      '--report',
      file,
    )
    expect(readFileSync(file, 'utf8')).toContain('Linear probe, all labels')
    expect(out[0]).toBe('Measured: small on data')
    expect(out.some((line) => /Linear probe, all labels: [\d.]+ +\(Raw pixels/.test(line))).toBe(
      true,
    )
  })

  it('refuses data without labels, and kinds that there are not', async () => {
    const bare = at('bare')
    writeSmallConfig(bare)
    expect(await codeOf('features', 'small', '--data', bare)).toBe('labels-missing')
    expect(await codeOf('features')).toBe('usage')
    expect(await codeOf('features', 'small', '--report')).toBe('usage')
    expect(await codeOf('everything')).toBe('usage')
  })
})

it('measure likelihood tells nats a variational model, and refuses others', async () => {
  const config = writeSmallConfig(
    at('binary'),
    { kind: 'variational', beta: 1, betaWarmUp: 0 },
    { binarise: true },
  )
  await cli('train', '--config', config, '--name', 'variational')
  const argv = ['likelihood', 'variational', '--importance-samples', '5', '--json']
  const [found] = (await cli('measure', ...argv)).json()
  const { error, data } = measureReport.safeParse({ ...found, id: 'a', created: 0 })
  expect(error).toBeUndefined()
  expect(data?.request).toMatchObject({ kind: 'likelihood', samples: 5 })
  expect(await codeOf('likelihood', 'small')).toBe('model-unsuitable')
})
