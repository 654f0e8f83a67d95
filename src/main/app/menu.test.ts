import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { commands } from '../../shared/contract'
import { menuTemplate } from './menu'

type Item = MenuItemConstructorOptions
const all = (items: Item[]): Item[] =>
  items.flatMap((item) => [item, ...all((item.submenu as Item[] | undefined) ?? [])])

function menu(options: Partial<Parameters<typeof menuTemplate>[0]> = {}) {
  const command = vi.fn()
  const template = menuTemplate({
    language: 'en',
    mac: false,
    developer: false,
    command,
    ...options,
  })
  return { items: all(template), template, command }
}

describe('the menu', () => {
  it.each([false, true])('offers every command there is (mac: %s)', (mac) => {
    const { items, command } = menu({ mac })
    const clickable = items.filter((item) => item.click)
    for (const item of clickable) item.click?.(null as never, undefined, null as never)
    const offered = new Set(command.mock.calls.map(([name]) => name as string))
    // pasting is the system's own: the page hears of it by its `paste` event
    expect([...offered, 'paste'].sort()).toEqual([...commands].sort())
    expect(items.some((item) => item.role === 'paste')).toBe(true)
  })

  it('gives no accelerator twice', () => {
    for (const mac of [false, true]) {
      const keys = menu({ mac, developer: true }).items.flatMap((item) => item.accelerator ?? [])
      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  it('speaks Chinese throughout', () => {
    const { items } = menu({ language: 'zh-Hans', mac: true, developer: true })
    for (const { label } of items.filter((item) => item.type !== 'separator')) {
      expect(label).toMatch(/\p{Script=Han}/u)
    }
  })

  it('has developer tools in an unpackaged program only', () => {
    const has = (developer: boolean) =>
      menu({ developer }).items.some(({ role }) => role === 'toggleDevTools' || role === 'reload')
    expect(has(true)).toBe(true)
    expect(has(false)).toBe(false)
  })
})
