/** What this program and this machine are, for About and for reports. */
import { arch, cpus, release, totalmem, type } from 'node:os'
import { app } from 'electron'
import type { ResultOf, WindowRequests } from '../../shared/contract'
import type { Language } from './language'

/** The oldest major version that still got security fixes when this was written. */
const oldestSupportedElectron = 43

type Info = ResultOf<WindowRequests, 'app.info'>

export function applicationInfo(language: Language): Info {
  const { electron, chrome } = process.versions
  return {
    version: app.getVersion(),
    electron,
    electronSupported: Number.parseInt(electron, 10) >= oldestSupportedElectron,
    chromium: chrome,
    platform: `${process.platform} ${arch()}`,
    language,
  }
}

export function machineFacts(): Record<string, string | number> {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    'memory (GiB)': Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  }
}
