import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { completeLock, missingEntries } from './lockFile.mjs'
import { root } from './project.mjs'

const tool = {
  version: '1.2.3',
  dev: true,
  optionalDependencies: { '@t/b-linux-x64-gnu': '1.2.3', '@t/b-darwin-arm64': '1.2.3' },
}
const lock = {
  packages: {
    '': {},
    'node_modules/tool': tool,
    'node_modules/@t/b-linux-x64-gnu': { version: '1.2.3' },
  },
}

describe('completeLock', () => {
  it('writes the entries that the registry could not give', () => {
    const { packages } = completeLock(lock)
    expect(packages['node_modules/@t/b-darwin-arm64']).toEqual({
      version: '1.2.3',
      cpu: ['arm64'],
      os: ['darwin'],
      dev: true,
      optional: true,
    })
    expect(Object.keys(packages)).toHaveLength(4)
  })

  it('tells the C libraries of Linux apart', () => {
    const optionalDependencies = { 'b-linux-arm-gnueabihf': '1.0.0', 'b-linux-arm64-musl': '1.0.0' }
    const { packages } = completeLock({
      packages: { 'node_modules/tool': { optionalDependencies } },
    })
    expect(packages['node_modules/b-linux-arm-gnueabihf']).toMatchObject({
      cpu: ['arm'],
      libc: ['glibc'],
      os: ['linux'],
    })
    expect(packages['node_modules/b-linux-arm64-musl']).toMatchObject({
      cpu: ['arm64'],
      libc: ['musl'],
    })
  })

  it('refuses to guess', () => {
    const of = (/** @type {Record<string, string>} */ optionalDependencies) => () =>
      completeLock({ packages: { 'node_modules/tool': { optionalDependencies } } })
    expect(of({ mystery: '1.0.0' })).toThrow('mystery does not say which system it is for')
    expect(of({ 'b-linux-x64': '^1.0.0' })).toThrow('b-linux-x64 has no exact version: ^1.0.0')
  })
})

describe('missingEntries', () => {
  it('finds a package installed below the one that asks', () => {
    const nested = {
      'node_modules/tool': tool,
      'node_modules/tool/node_modules/@t/b-darwin-arm64': {},
    }
    expect(missingEntries({ packages: { ...lock.packages, ...nested } })).toEqual([])
  })

  it('finds none in this project (after npm install, run npm run lock)', () => {
    const ours = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
    expect(missingEntries(ours).map(({ name }) => name)).toEqual([])
  })
})
