import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensurePackages } from './packages.mjs'
import { testFolder } from './testFolder.mjs'

/** @type {string[]} */
const lines = []
const report = {
  line: (/** @type {string} */ _, /** @type {string} */ text) => void lines.push(text),
  start: () => () => undefined,
}

describe('ensurePackages', () => {
  it('leaves packages alone that are as the lock file says', async () => {
    const root = testFolder()
    const lock = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } })
    fs.mkdirSync(path.join(root, 'node_modules'))
    fs.writeFileSync(path.join(root, 'package-lock.json'), lock)
    fs.writeFileSync(path.join(root, 'node_modules/.package-lock.json'), lock)
    await ensurePackages(root, report)
    expect(lines).toEqual(['as in the lock file'])
  })

  it('says what helps when there is no lock file', async () => {
    await expect(ensurePackages(testFolder(), report)).rejects.toThrow(
      'git checkout package-lock.json',
    )
  })
})
