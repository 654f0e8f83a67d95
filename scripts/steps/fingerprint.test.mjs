import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../setup/testFolder.mjs'
import { fingerprint } from './fingerprint.mjs'

/** @returns {string} */
function given() {
  const folder = testFolder()
  fs.mkdirSync(path.join(folder, 'src/deep'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'src/a.ts'), 'a')
  fs.writeFileSync(path.join(folder, 'src/deep/b.ts'), 'b')
  return folder
}

describe('fingerprint', () => {
  it('does not change with the times of files', () => {
    const folder = given()
    const before = fingerprint(folder, ['src', 'absent.json'])
    fs.utimesSync(path.join(folder, 'src/a.ts'), 0, 0)
    expect(fingerprint(folder, ['src', 'absent.json'])).toBe(before)
  })

  it('changes with a content, a name, an addition', () => {
    const folder = given()
    const seen = new Set([fingerprint(folder, ['src'])])
    fs.writeFileSync(path.join(folder, 'src/deep/b.ts'), 'c')
    seen.add(fingerprint(folder, ['src']))
    fs.renameSync(path.join(folder, 'src/a.ts'), path.join(folder, 'src/z.ts'))
    seen.add(fingerprint(folder, ['src']))
    fs.writeFileSync(path.join(folder, 'src/empty.ts'), '')
    seen.add(fingerprint(folder, ['src']))
    expect(seen.size).toBe(4)
  })

  it('leaves out what does not count', () => {
    const folder = given()
    const counts = (/** @type {string} */ file) => !file.endsWith('.test.ts')
    const before = fingerprint(folder, ['src'], counts)
    fs.writeFileSync(path.join(folder, 'src/a.test.ts'), 'test')
    expect(fingerprint(folder, ['src'], counts)).toBe(before)
  })
})
