import { describe, expect, it } from 'vitest'
import { installCommand, missingLibraries, packagesFor } from './systemPackages.mjs'

describe('missingLibraries', () => {
  it('reads what ldd could not find, each once', () => {
    const output = `
	linux-vdso.so.1 (0x00007ffd)
	libgtk-3.so.0 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libnss3.so => not found
	libgtk-3.so.0 => not found`
    expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libnss3.so'])
    expect(missingLibraries('\tstatically linked')).toEqual([])
  })
})

describe('packagesFor', () => {
  const missing = [
    'libgtk-3.so.0',
    'libnss3.so',
    'libsmime3.so',
    'libasound.so.2',
    'libgbm.so.1',
    'Xvfb',
  ]

  it('names each package once', () => {
    expect(packagesFor(missing, 'apt')).toEqual({
      packages: ['libasound2', 'libgbm1', 'libgtk-3-0', 'libnss3', 'xvfb'],
      unknown: [],
    })
    expect(packagesFor(missing, 'dnf').packages).toContain('xorg-x11-server-Xvfb')
    expect(packagesFor(missing, 'pacman').packages).toContain('alsa-lib')
    expect(packagesFor(missing, 'zypper').packages).toContain('mozilla-nss')
  })

  it('takes the renamed packages of newer Debian and Ubuntu', () => {
    const known = new Set(['libasound2t64', 'libgtk-3-0t64', 'libnss3'])
    const { packages } = packagesFor(
      ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2'],
      'apt',
      (name) => known.has(name),
    )
    expect(packages).toEqual(['libasound2t64', 'libgtk-3-0t64', 'libnss3'])
  })

  it('tells what it has no package for', () => {
    expect(packagesFor(['libmystery.so.1', 'libgbm.so.1'], 'apt')).toEqual({
      packages: ['libgbm1'],
      unknown: ['libmystery.so.1'],
    })
  })

  it('does not take a library for one whose name begins its own', () => {
    expect(
      packagesFor(['libatk-bridge-2.0.so.0', 'libatk-1.0.so.0', 'libatspi.so.0'], 'apt').packages,
    ).toEqual(['libatk-bridge2.0-0', 'libatk1.0-0', 'libatspi2.0-0'])
  })
})

describe('installCommand', () => {
  it('is one command, with sudo for those who need it', () => {
    expect(installCommand('apt', ['xvfb', 'xauth'], { isRoot: true })).toBe(
      'apt-get install -y --no-install-recommends xvfb xauth',
    )
    expect(installCommand('dnf', ['gtk3'], { isRoot: false })).toBe('sudo dnf install -y gtk3')
  })
})
