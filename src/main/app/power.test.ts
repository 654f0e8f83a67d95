import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onBattery } from './power'

vi.mock('electron', () => ({}))

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'darkroom-power-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function supply(name: string, files: Record<string, string>): void {
  mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(folder, name, file), `${text}\n`)
}

describe('a Linux machine', () => {
  it('runs on its battery when that discharges and nothing charges', () => {
    supply('AC', { type: 'Mains', online: '0' })
    supply('BAT0', { type: 'Battery', status: 'Discharging' })
    expect(onBattery(folder)).toBe(true)
  })

  it('does not while it is plugged in, however the battery does', () => {
    supply('AC', { type: 'Mains', online: '1' })
    supply('BAT0', { type: 'Battery', status: 'Discharging' })
    expect(onBattery(folder)).toBe(false)
  })

  it('does not when only its mouse does', () => {
    supply('hid-mouse', { type: 'Battery', scope: 'Device', status: 'Discharging' })
    expect(onBattery(folder)).toBe(false)
  })

  it('does not when nothing is known', () => {
    expect(onBattery(folder)).toBe(false)
    expect(onBattery(join(folder, 'none'))).toBe(false)
  })
})
