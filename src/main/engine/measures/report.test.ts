import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import type { MeasureReport } from '../../../shared/latent'
import { heatOf } from './caseModels'
import { sheetOf } from '../imaging/sheet'
import { addDivergences } from './likelihood'
import { reportHtml } from './reportHtml'

const report: MeasureReport = {
  id: 'a',
  created: Date.UTC(2026, 0, 2, 3, 4),
  seconds: 12,
  request: { kind: 'likelihood', item: 'vae', samples: 5 },
  model: '<b>my & "model"</b>',
  data: 'MNIST',
  figures: [
    {
      name: 'elbo',
      value: -105.25,
      unit: 'nats',
      better: 'larger',
      baselines: [{ name: 'pca', value: -200 }],
    },
  ],
  charts: [
    {
      name: 'kl-per-latent',
      xName: 'latent-number',
      yName: 'nats',
      logarithmicX: false,
      logarithmicY: false,
      lines: [{ name: 'kl', baseline: false, x: [0, 1], y: [2, 0.5], interval: null }],
    },
  ],
  tables: [{ name: 'probe', columns: ['labels', '"<i>"'], rows: [[10, null]] }],
  protocol: [{ name: 'likelihood-importance', values: { samples: 5 } }],
  sheets: [],
  cases: [],
}

describe('a report as HTML', () => {
  it.each([
    ['en', 'ELBO', 'K = 5 samples an image', 'lang="en"'],
    ['zh-Hans', '证据下界', 'K = 5 个样本', 'lang="zh-Hans"'],
  ] as const)('has its words in %s, its figures and its chart', (locale, ...expected) => {
    const html = reportHtml(report, [], locale)
    for (const text of [...expected, '−105.25'.replace('−', '-'), '<svg', 'MNIST'])
      expect(html).toContain(text)
  })

  it('takes nothing from elsewhere, and what comes from outside is text', () => {
    const html = reportHtml(report, [], 'en')
    expect(html).toContain('&lt;b&gt;my &amp; &quot;model&quot;&lt;/b&gt;')
    expect(html).toContain('&lt;i&gt;')
    expect(html).not.toMatch(/<b>my|<i>|<script|https?:|src="(?!data:)/)
  })

  it('has the colours of the program, in the light and in the dark', () => {
    const tokens = readFileSync(join(__dirname, '../../../renderer/src/styles/tokens.css'), 'utf8')
    const coloursIn = (text: string): Map<string, string> =>
      new Map(
        [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g)].map(([, a = '', b = '']) => [a, b]),
      )
    const html = reportHtml(report, [], 'en')
    for (const [at, theme] of ['light', 'dark'].entries()) {
      const text = html.split('@media(prefers-color-scheme:dark)')[at] ?? ''
      const own = coloursIn(text)
      const wanted = coloursIn(tokens.split(`[data-theme='${theme}']`)[1]?.split('}')[0] ?? '')
      const names = ['text', 'muted', 'line', 'grid', 'curve-1', 'curve-4', 'curve-8']
      for (const name of names) expect(own.get(name), `${theme} ${name}`).toBe(wanted.get(name))
    }
    const dark = tokens.split("[data-theme='dark']")[1]?.split('}')[0] ?? ''
    expect(coloursIn(html.split('prefers-color-scheme:dark')[1] ?? '').get('ground')).toBe(
      coloursIn(dark).get('bg'),
    )
  })

  it('draws what stands side by side as columns, one line beside another as lines', () => {
    const html = reportHtml(report, [], 'en')
    const heights = [...html.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, h]) => Number(h))
    expect(heights).toHaveLength(2)
    expect((heights[0] ?? 0) / (heights[1] ?? 1)).toBeCloseTo(4, 1)
    const [first] = report.charts
    const charts = first ? [{ ...first, name: 'probe' }] : []
    expect(reportHtml({ ...report, charts }, [], 'en')).not.toContain('<rect')
  })

  it('has sheets as one picture each, row by row', () => {
    const pixels = Uint8Array.of(1, 2, 3)
    const sheet = sheetOf({ count: 3, width: 1, height: 1, channels: 1, pixels }, 2, {
      gap: 1,
      background: 128,
    })
    expect([sheet.width, sheet.height]).toEqual([3, 3])
    expect([...sheet.data]).toEqual([1, 128, 2, 128, 128, 128, 3, 128, 128])
  })
})

test('the information in each latent is the KL of its posterior to the prior', () => {
  // latent 0: μ = 2, σ = 1: 2; then μ = 0, σ = 1: 0. Latent 1: μ = 0, σ² = e: (e − 2) / 2, both times.
  const sums = new Float64Array(2)
  addDivergences(sums, Float32Array.of(2, 0, 0, 0), Float32Array.of(0, 1, 0, 1))
  expect(sums[0]).toBeCloseTo(2, 6)
  expect(sums[1]).toBeCloseTo(Math.E - 2, 6)
})

describe('the error of each pixel', () => {
  it('adds up channels and is a share of the largest', () => {
    const originals = Float32Array.of(0, 0, 0, 1, 1, 1)
    const made = Float32Array.of(0.5, 0.5, 1, 1, 1, 0)
    expect([...heatOf(originals, made, 3)]).toEqual([1, 0.5])
  })

  it('of a perfect reconstruction is nothing', () => {
    expect([...heatOf(Float32Array.of(1, 0), Float32Array.of(1, 0), 1)]).toEqual([0, 0])
  })
})
