/** The machine's power: awake while something is trained, and whether it comes from the battery. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { powerMonitor, powerSaveBlocker } from 'electron'

/** Keeps the machine, not its screen, from falling asleep for as long as it is told to. */
export class Awake {
  #blocker: number | null = null

  set(needed: boolean): void {
    if (needed && this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension')
    } else if (!needed && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker)
      this.#blocker = null
    }
  }
}

/** Milliseconds between two looks, on Linux, where Electron tells nothing of it. */
const interval = 10_000

/** Calls `changed` when the machine's power changes, and at once when that is its battery. */
export function watchPower(changed: (onBattery: boolean) => void): void {
  powerMonitor.on('on-battery', () => changed(true))
  powerMonitor.on('on-ac', () => changed(false))
  const look = process.platform === 'linux' ? onBattery : () => powerMonitor.isOnBatteryPower()
  let last = look()
  if (last) changed(true)
  if (process.platform !== 'linux') return
  setInterval(() => {
    const now = look()
    if (now !== last) changed(now)
    last = now
  }, interval).unref()
}

/**
 * Whether a Linux machine runs on its battery: one discharges and nothing charges. The battery of a mouse (its scope
 * is the device) does not count. False where nothing is known.
 */
export function onBattery(folder = '/sys/class/power_supply'): boolean {
  const read = (supply: string, file: string) => {
    try {
      return readFileSync(join(folder, supply, file), 'utf8').trim()
    } catch {
      return ''
    }
  }
  let supplies: string[]
  try {
    supplies = readdirSync(folder)
  } catch {
    return false
  }
  const charging = supplies.some((name) => read(name, 'online') === '1')
  const discharging = supplies.some(
    (name) => read(name, 'status') === 'Discharging' && read(name, 'scope') !== 'Device',
  )
  return discharging && !charging
}
