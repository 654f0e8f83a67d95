import { describe, expect, it, vi } from 'vitest'
import type { Ask } from '../bridge'
import { DataBrowser, type Choice } from './dataBrowser.svelte'
import { Notices } from './notices.svelte'
import { FakeEngine } from './testing/fakeEngine'
import { pictures } from './testing/runs'

const pageSize = 72
const count = 200

/** Every third image has the label 1. */
function open(more: Partial<Choice> = {}) {
  const engine = new FakeEngine()
  engine.handlers['latent.labels'] = () => ({
    labels: Int32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  })
  engine.handlers['map.images'] = ({ indices }) => ({
    originals: pictures(indices.length),
    reconstructions: pictures(indices.length),
    codes: new Float32Array(indices.length),
    errors: new Float32Array(indices.length),
  })
  const ask: Ask = engine.ask
  const browser = new DataBrowser({ ask, notices: new Notices(({ code }) => code) })
  const take = vi.fn<Choice['take']>()
  const counts = { test: count, training: 5 }
  const title = () => ''
  const choice: Choice = {
    item: 'm',
    part: 'test',
    counts,
    labels: ['a', 'b'],
    title,
    most: 3,
    take,
  }
  browser.open({ ...choice, ...more })
  return { browser, engine, take }
}
const rest = () => new Promise((resolve) => setTimeout(resolve))

describe('browsing the data', () => {
  it('turns pages, to the first and the last one only, and asks for what is in sight', async () => {
    const { browser, engine } = open()
    await rest()
    expect(browser.shown).toHaveLength(pageSize)
    expect(browser.pictures.get(0)).not.toBeNull()
    expect(browser.pictures.get(pageSize)).toBeNull()
    browser.turn(-1)
    expect(browser.page).toBe(0)
    browser.turn(1)
    browser.turn(1)
    browser.turn(1)
    await rest()
    expect(browser.shown).toHaveLength(count - 2 * pageSize)
    expect(browser.pictures.get(count - 1)).not.toBeNull()
    expect(engine.of('map.images').flatMap(({ indices }) => indices)).toHaveLength(count)
  })

  it('shows one label, and finds an image by its number even where the label hides it', async () => {
    const { browser } = open()
    await rest()
    browser.showLabel(1)
    expect(browser.count).toBe(67)
    expect(browser.shown.slice(0, 3)).toEqual([0, 3, 6])
    await rest()
    expect(browser.pictures.get(198)).not.toBeNull()
    browser.find(6)
    expect([browser.label, browser.cursor]).toEqual([1, 2])
    browser.find(100)
    expect(browser.label).toBeNull()
    expect(browser.shown[browser.cursor]).toBe(100)
    browser.find(9999)
    expect(browser.shown[browser.cursor]).toBe(count - 1)
  })

  it('keeps the order of choosing, across parts, and no more than are wanted', async () => {
    const { browser, take } = open()
    await rest()
    browser.toggle(9)
    browser.toggle(4)
    browser.toggle(9)
    browser.show('training')
    browser.toggle(4)
    browser.toggle(2)
    browser.toggle(3)
    expect(browser.isChosen(3)).toBe(false)
    browser.take()
    expect(take).toHaveBeenCalledWith([
      { kind: 'data', part: 'test', index: 4 },
      { kind: 'data', part: 'training', index: 4 },
      { kind: 'data', part: 'training', index: 2 },
    ])
    expect(browser.choice).toBeNull()
  })

  it('replaces the choice where one image is wanted', async () => {
    const { browser, take } = open({ most: 1 })
    await rest()
    browser.toggle(9)
    browser.toggle(4)
    browser.take()
    expect(take).toHaveBeenCalledWith([{ kind: 'data', part: 'test', index: 4 }])
  })
})
