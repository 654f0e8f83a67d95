import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { testFolder } from './testFolder.mjs'

const report = { line: () => undefined, start: () => () => undefined }

/**
 * A machine with these commands and no others, each a shell script; what they are called with is kept.
 * @param {Record<string, string>} commands
 * @param {number} userId
 */
async function given(commands, userId) {
  const folder = testFolder()
  const log = path.join(folder, 'log')
  fs.writeFileSync(log, '')
  for (const [name, body] of Object.entries(commands)) {
    const script = `#!/bin/sh\necho "${name} $*" >> '${log}'\n${body}\n`
    fs.writeFileSync(path.join(folder, name), script, { mode: 0o755 })
  }
  vi.stubEnv('PATH', folder)
  const user = vi.spyOn(process, 'getuid').mockReturnValue(userId)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    user.mockRestore()
  })
  const { provide } = await import('./systemLibraries.mjs')
  return { provide, calls: () => fs.readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) }
}

const policy = `
echo 'libgtk-3-0t64:'
echo '  Installed: (none)'
echo '  Candidate: 3.24'
echo 'libgtk-3-0:'
echo '  Installed: (none)'
echo '  Candidate: (none)'
echo 'libnss3:'
echo '  Installed: (none)'
echo '  Candidate: 3.98'`
const missing = ['libgtk-3.so.0', 'libnss3.so']

beforeEach(() => vi.resetModules()) // it remembers that the lists of packages are fresh

describe.skipIf(process.platform !== 'linux')('provide', () => {
  it('does nothing when nothing is missing', async () => {
    const { provide, calls } = await given({ 'apt-get': '' }, 0)
    await provide([], 'the window', report)
    expect(calls()).toEqual([])
  })

  it('installs as root with apt, by the names that this release has', async () => {
    const { provide, calls } = await given({ 'apt-get': '', 'apt-cache': policy }, 0)
    await provide(missing, 'the window', report)
    expect(calls().filter((call) => call.startsWith('apt-get'))).toEqual([
      'apt-get update -q',
      'apt-get install -y --no-install-recommends libgtk-3-0t64 libnss3',
    ])
  })

  it('names the one command to an ordinary user, and runs nothing', async () => {
    const { provide, calls } = await given({ 'apt-get': '', 'apt-cache': policy }, 1000)
    await expect(provide(missing, 'the window', report)).rejects.toThrow(
      'the window: this system lacks libgtk-3.so.0, libnss3.so. ' +
        'Install them: sudo apt-get install -y --no-install-recommends libgtk-3-0t64 libnss3',
    )
    expect(calls().filter((call) => call.startsWith('apt-get'))).toEqual([])
  })

  it('does not install with other package managers, but names their command', async () => {
    const { provide, calls } = await given({ dnf: '' }, 0)
    await expect(provide(missing, 'the window', report)).rejects.toThrow(
      'Install them: dnf install -y gtk3 nss',
    )
    expect(calls()).toEqual([])
  })

  it('says what the installation said when it fails', async () => {
    const apt = 'if [ "$1" = install ]; then echo "E: no space left on device"; exit 100; fi'
    const { provide } = await given({ 'apt-get': apt, 'apt-cache': policy }, 0)
    await expect(provide(missing, 'the window', report)).rejects.toThrow(
      /apt-get ended with status 100: E: no space left.* apt-get update && apt-get install/,
    )
  })

  it('names what it knows no package for, and a system without a package manager', async () => {
    const unknown = await given({ pacman: '' }, 0)
    await expect(unknown.provide(['libmystery.so.1'], 'the window', report)).rejects.toThrow(
      'No package is known here for libmystery.so.1',
    )
    const none = await given({}, 0)
    await expect(none.provide(missing, 'the window', report)).rejects.toThrow(
      "this system's package manager",
    )
  })
})
