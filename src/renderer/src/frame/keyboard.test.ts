import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Workspace } from '../state/workspace.svelte'
import type { View } from '../viewer/view.svelte'
import { commandOf, followWriting, handleKey } from './keyboard'

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

describe('undo while a field is written in', () => {
  /** Stands for a control of the page; `matches` knows what letters are written in. */
  class Element {
    readonly #type: string
    constructor(type: string) {
      this.#type = type
    }
    matches(selector: string) {
      return selector.startsWith('input') && !selector.includes(`"${this.#type}"`)
    }
  }
  const command = vi.fn()
  const tell = (type: string, target: Element) =>
    followWriting({ type, target } as unknown as Event)
  /** Whether Ctrl+Z there is a command of the program, which leaves the field nothing. */
  const undoes = (target: Element, more: object = {}) => {
    command.mockClear()
    const preventDefault = vi.fn()
    const event = { ...key('z'), target, preventDefault, ...more }
    handleKey(event as unknown as KeyboardEvent, { command } as unknown as Workspace, {} as View)
    expect(preventDefault).toHaveBeenCalledTimes(command.mock.calls.length)
    return command.mock.calls.length > 0
  }
  beforeEach(() => vi.stubGlobal('Element', Element))

  test.each(['text', 'number', 'search'])('a field of %s takes back its own letters', (type) => {
    const field = new Element(type)
    expect(undoes(field)).toBe(true)
    tell('input', field)
    expect(undoes(field)).toBe(false)
    expect(undoes(field, { shiftKey: true })).toBe(false)
    expect(undoes(field, { key: 'o' })).toBe(true)
    expect(undoes(new Element(type))).toBe(true)
    tell('change', field) // its text is a setting now
    expect(undoes(field)).toBe(true)
  })

  test('a field that was left is as if nothing had been written', () => {
    const field = new Element('text')
    tell('input', field)
    tell('focusout', field)
    expect(undoes(field)).toBe(true)
  })

  test.each(['range', 'checkbox', 'radio'])('of %s the setting is undone', (type) => {
    const control = new Element(type)
    tell('input', control)
    expect(undoes(control)).toBe(true)
  })
})
