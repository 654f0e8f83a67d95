import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from './testFolder.mjs'
import { makeZip } from './testZip.mjs'
import { extractZip, listZip } from './zip.mjs'

/**
 * @param {Parameters<typeof makeZip>[0]} entries
 * @returns {{ file: string, target: string }}
 */
function given(entries) {
  const folder = testFolder()
  const file = path.join(folder, 'a.zip')
  fs.writeFileSync(file, makeZip(entries))
  return { file, target: path.join(folder, 'target') }
}

describe('extractZip', () => {
  it('unpacks stored, deflated and empty files with their modes, folders and links', async () => {
    const { file, target } = given([
      { name: 'bin/', content: '', mode: 0o40755, stored: true },
      { name: 'bin/run', content: '#!/bin/sh\n', mode: 0o100755 },
      { name: 'data/long.txt', content: 'ab'.repeat(100_000) },
      { name: 'data/empty', content: '', stored: true },
      { name: 'link', content: 'bin/run', mode: 0o120777, stored: true },
    ])
    await extractZip(file, target)
    expect(fs.statSync(path.join(target, 'bin/run')).mode & 0o777).toBe(0o755)
    expect(fs.readFileSync(path.join(target, 'data/long.txt'), 'utf8')).toBe('ab'.repeat(100_000))
    expect(fs.readFileSync(path.join(target, 'data/empty'), 'utf8')).toBe('')
    expect(fs.readlinkSync(path.join(target, 'link'))).toBe('bin/run')
  })

  it('takes and places only what is asked for', async () => {
    const { file, target } = given([
      { name: 'a/one', content: '1' },
      { name: 'b/two', content: '2' },
    ])
    await extractZip(file, target, (name) => (name === 'b/two' ? 'lib/2' : null))
    expect(fs.readdirSync(target, { recursive: true }).sort()).toEqual(['lib', 'lib/2'])
  })

  it('refuses an entry or a link that leads out of its folder', async () => {
    const outside = given([{ name: '../escaped', content: 'x' }])
    await expect(extractZip(outside.file, outside.target)).rejects.toThrow(
      'outside its folder: ../escaped',
    )
    expect(fs.existsSync(path.join(outside.target, '../escaped'))).toBe(false)
    const link = given([{ name: 'link', content: '../../etc', mode: 0o120777, stored: true }])
    await expect(extractZip(link.file, link.target)).rejects.toThrow('link out of its folder')
  })

  it('refuses a content of another length than announced', async () => {
    const { file, target } = given([{ name: 'a', content: 'four', size: 5 }])
    await expect(extractZip(file, target)).rejects.toThrow('a has 4 bytes instead of 5')
  })
})

describe('listZip', () => {
  it('refuses a file cut short and one that is something else', () => {
    const { file } = given([{ name: 'a', content: 'content' }])
    expect(listZip(file).map(({ name, size }) => [name, size])).toEqual([['a', 7]])
    fs.truncateSync(file, fs.statSync(file).size - 10)
    expect(() => listZip(file)).toThrow('a.zip is not a complete zip file')
    fs.writeFileSync(file, '<html>not here</html>')
    expect(() => listZip(file)).toThrow('a.zip is not a complete zip file')
  })
})
