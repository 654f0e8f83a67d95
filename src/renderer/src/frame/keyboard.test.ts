import { afterEach, expect, test, vi } from 'vitest'
import type { Workspace } from '../state/workspace.svelte'
import type { View } from '../viewer/view.svelte'
import { commandOf, handleKey } from './keyboard'

const key = (name: string, more: object = {}) => ({
  key: name,
  ctrlKey: true,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('undo and redo in the ways of every system', () => {
  expect(commandOf(key('z'))).toBe('undo')
  expect(commandOf(key('Z', { shiftKey: true }))).toBe('redo')
  expect(commandOf(key('y'))).toBe('redo')
  expect(commandOf(key('z', { ctrlKey: false, metaKey: true }))).toBe('undo')
})

test('without the modifier, or with another, a letter is no command', () => {
  expect(commandOf(key('o', { ctrlKey: false }))).toBeNull()
  expect(commandOf(key('o', { altKey: true }))).toBeNull()
  expect(commandOf(key('o', { shiftKey: true }))).toBeNull()
  expect(commandOf(key('o'))).toBe('open')
})

test('Escape cancels what runs, once dialogs, fields and the input method do not want it', () => {
  /** Stands for an element of the page that lies in a dialog, or does not. */
  class Element {
    readonly #inDialog: boolean
    constructor(inDialog: boolean) {
      this.#inDialog = inDialog
    }
    closest(selector: string) {
      return this.#inDialog && selector.includes('[role="dialog"]') ? this : null
    }
  }
  vi.stubGlobal('Element', Element)
  const cancel = vi.fn()
  const workspace = {
    screen: 'train',
    batch: { progress: null },
    exporter: { writing: null },
    lab: { work: { name: 'a', method: null }, writing: null, cancel },
    library: { working: null },
    measure: { writing: null, works: [] },
    generate: { maker: { work: null } },
    map: { works: { making: null } },
    photos: { active: null, list: [], opening: null },
  } as unknown as Workspace
  const press = (more: object, inDialog = false) => {
    const event = { ...key('Escape', { ctrlKey: false }), target: new Element(inDialog), ...more }
    handleKey(event as unknown as KeyboardEvent, workspace, {} as View)
    return cancel.mock.calls.length
  }
  expect(press({ defaultPrevented: true })).toBe(0)
  expect(press({ isComposing: true })).toBe(0)
  expect(press({}, true)).toBe(0)
  expect(press({})).toBe(1)
})
