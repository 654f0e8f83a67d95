import { describe, expect, it } from 'vitest'
import {
  cacheFolder,
  compareVersions,
  electronRoutes,
  electronSwitches,
  electronZip,
  hasDisplay,
  npmCommand,
  packagesAreCurrent,
  sandboxHelp,
  stampIsCurrent,
  tensorflowRoutes,
} from './decide.mjs'

/** @type {import('./decide.mjs').Machine} */
const linux = { platform: 'linux', arch: 'x64', node: '20.20.2', glibc: '2.36' }

describe('compareVersions', () => {
  it('compares by number, part by part', () => {
    expect(compareVersions('v20.20.0', '20.9.1')).toBeGreaterThan(0)
    expect(compareVersions('22.12.0', '22.12')).toBe(0)
    expect(compareVersions('19.9.9', '20.0.0')).toBeLessThan(0)
    expect(compareVersions('24.0.0-nightly.3', '24.0.0')).toBe(0)
  })
})

describe('electronRoutes', () => {
  it('fetches the zip itself where Node is too old for the installer', () => {
    expect(electronRoutes(linux)).toEqual(['zip', 'redistributed'])
    expect(electronRoutes({ ...linux, node: '22.12.0' })).toEqual(['installer', 'redistributed'])
    expect(electronRoutes({ ...linux, node: '22.11.9' })).toEqual(['zip', 'redistributed'])
  })

  it('offers the redistributed Electron on Linux with glibc on x64 only', () => {
    expect(electronRoutes({ ...linux, platform: 'darwin', glibc: null })).toEqual(['zip'])
    expect(electronRoutes({ ...linux, platform: 'win32', glibc: null, node: '24.1.0' })).toEqual([
      'installer',
    ])
    expect(electronRoutes({ ...linux, arch: 'arm64' })).toEqual(['zip'])
    expect(electronRoutes({ ...linux, glibc: null })).toEqual(['zip'])
  })
})

describe('tensorflowRoutes', () => {
  it('builds on the Python package only where its library can run', () => {
    expect(tensorflowRoutes(linux)).toEqual(['official', 'wheel'])
    expect(tensorflowRoutes({ ...linux, glibc: '2.26' })).toEqual(['official'])
    expect(tensorflowRoutes({ ...linux, platform: 'darwin', glibc: null })).toEqual(['official'])
  })
})

describe('cacheFolder', () => {
  it('follows each system', () => {
    expect(cacheFolder('linux', {}, '/home/a')).toBe('/home/a/.cache/latent-darkroom')
    expect(cacheFolder('linux', { XDG_CACHE_HOME: '/fast' }, '/home/a')).toBe(
      '/fast/latent-darkroom',
    )
    expect(cacheFolder('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Caches/latent-darkroom')
    expect(
      cacheFolder('win32', { LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'C:\\Users\\a'),
    ).toBe('C:\\Users\\a\\AppData\\Local\\latent-darkroom\\Cache')
  })

  it('ignores a relative XDG_CACHE_HOME, which depends on where one stands', () => {
    expect(cacheFolder('linux', { XDG_CACHE_HOME: 'cache' }, '/home/a')).toBe(
      '/home/a/.cache/latent-darkroom',
    )
  })
})

describe('packagesAreCurrent', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b-darwin': { version: '2.0.0', integrity: 'sha512-b', optional: true },
    },
  }
  const a = { version: '1.0.0', integrity: 'sha512-a' }

  it('accepts what is installed as locked, without the packages for other systems', () => {
    expect(packagesAreCurrent(lock, { packages: { 'node_modules/a': a } })).toBe(true)
  })

  it('refuses no, missing, older and different packages', () => {
    expect(packagesAreCurrent(lock, null)).toBe(false)
    expect(packagesAreCurrent(lock, { packages: {} })).toBe(false)
    expect(
      packagesAreCurrent(lock, { packages: { 'node_modules/a': { ...a, version: '0.9.0' } } }),
    ).toBe(false)
    expect(
      packagesAreCurrent(lock, { packages: { 'node_modules/a': { ...a, integrity: 'x' } } }),
    ).toBe(false)
  })

  it('refuses an optional package of another version', () => {
    const packages = {
      'node_modules/a': a,
      'node_modules/b-darwin': { version: '1.9.0', integrity: 'sha512-b' },
    }
    expect(packagesAreCurrent(lock, { packages })).toBe(false)
  })
})

describe('stampIsCurrent', () => {
  const facts = { lock: '1', node: 'v20' }
  const stamp = { facts, files: ['addon', 'electron'] }

  it('holds for the same facts while its files are there', () => {
    expect(stampIsCurrent(stamp, { ...facts }, () => true)).toBe(true)
    expect(stampIsCurrent(stamp, facts, (file) => file !== 'addon')).toBe(false)
  })

  it('does not hold after any fact changed, came or went', () => {
    expect(stampIsCurrent(stamp, { ...facts, node: 'v22' }, () => true)).toBe(false)
    expect(stampIsCurrent(stamp, { ...facts, more: '' }, () => true)).toBe(false)
    expect(stampIsCurrent(stamp, { lock: '1' }, () => true)).toBe(false)
  })

  it('does not hold when there is none or it is damaged', () => {
    expect(stampIsCurrent(null, facts, () => true)).toBe(false)
    expect(stampIsCurrent({ facts }, facts, () => true)).toBe(false)
  })
})

describe('hasDisplay', () => {
  it('asks the environment on Linux only', () => {
    expect(hasDisplay('linux', {})).toBe(false)
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false)
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay('darwin', {})).toBe(true)
  })
})

describe('electronSwitches', () => {
  it('leaves the sandbox on for everyone but root on Linux', () => {
    expect(electronSwitches({ platform: 'linux', env: { DISPLAY: ':0' }, userId: 1000 })).toEqual(
      [],
    )
    expect(electronSwitches({ platform: 'linux', env: { DISPLAY: ':0' }, userId: 0 })).toEqual([
      '--no-sandbox',
    ])
    expect(electronSwitches({ platform: 'darwin', env: {}, userId: 0 })).toEqual([])
    expect(electronSwitches({ platform: 'win32', env: {}, userId: undefined })).toEqual([])
  })

  it('names Wayland where there is no X', () => {
    const env = { WAYLAND_DISPLAY: 'wayland-0' }
    expect(electronSwitches({ platform: 'linux', env, userId: 1000 })).toEqual([
      '--ozone-platform=wayland',
    ])
  })
})

describe('electronZip', () => {
  const release = { version: '45.4.1', platform: 'linux', arch: 'x64' }

  it('names the official release', () => {
    expect(electronZip({ ...release, env: {} })).toEqual({
      name: 'electron-v45.4.1-linux-x64.zip',
      url: 'https://github.com/electron/electron/releases/download/v45.4.1/electron-v45.4.1-linux-x64.zip',
    })
  })

  it('honours the variables of the official installer', () => {
    const env = {
      ELECTRON_MIRROR: 'https://mirror.example/electron/',
      ELECTRON_CUSTOM_DIR: '{{ version }}',
    }
    expect(electronZip({ ...release, env }).url).toBe(
      'https://mirror.example/electron/45.4.1/electron-v45.4.1-linux-x64.zip',
    )
  })
})

describe('npmCommand', () => {
  const execPath = '/opt/node/bin/node'

  it('takes the npm that runs us, but no other package manager', () => {
    const env = { npm_execpath: '/opt/npm/bin/npm-cli.js' }
    expect(npmCommand({ env, execPath, exists: () => true })).toEqual([
      execPath,
      '/opt/npm/bin/npm-cli.js',
    ])
    const yarn = { npm_execpath: '/opt/yarn.js' }
    expect(npmCommand({ env: yarn, execPath, exists: () => false })).toEqual(['npm'])
  })

  it('finds the one beside Node', () => {
    const exists = (/** @type {string} */ file) => file.startsWith('/opt/node/lib/')
    expect(npmCommand({ env: {}, execPath, exists })).toEqual([
      execPath,
      '/opt/node/lib/node_modules/npm/bin/npm-cli.js',
    ])
  })
})

describe('sandboxHelp', () => {
  const helper = '/e/chrome-sandbox'
  const user = {
    platform: /** @type {const} */ ('linux'),
    userId: 1000,
    helper,
    helperIsSetuid: false,
  }

  it('helps an ordinary user without user namespaces and without the helper', () => {
    expect(sandboxHelp({ ...user, userNamespaces: () => false })).toContain(
      `chmod 4755 '${helper}'`,
    )
  })

  it('is silent where one of the two is there, or neither is used', () => {
    const none = { ...user, userNamespaces: () => false }
    expect(sandboxHelp({ ...user, userNamespaces: () => true })).toBeNull()
    expect(sandboxHelp({ ...none, helperIsSetuid: true })).toBeNull()
    expect(sandboxHelp({ ...none, userId: 0 })).toBeNull()
    expect(sandboxHelp({ ...none, platform: 'darwin' })).toBeNull()
  })
})
