import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImageFile } from './readFile'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'codec-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = (path: string, code: string, params: object = {}) =>
  expect(readImageFile(path)).rejects.toMatchObject({ code, params })

describe('readImageFile', () => {
  it('reads all bytes', async () => {
    writeFileSync(join(folder, 'a.bin'), Buffer.from([1, 2, 3]))
    expect([...(await readImageFile(join(folder, 'a.bin')))]).toEqual([1, 2, 3])
  })

  it('names what is missing, a folder, and a pipe, which it does not wait for', async () => {
    await refusal(join(folder, 'none.png'), 'file-not-found', { file: 'none.png' })
    await refusal(folder, 'file-unreadable', { reason: 'EISDIR' })
    execFileSync('mkfifo', [join(folder, 'pipe.png')])
    await refusal(join(folder, 'pipe.png'), 'file-unreadable', {
      file: 'pipe.png',
      reason: 'not a regular file',
    })
  })

  it('refuses an empty file, and one that is too large without reading it', async () => {
    writeFileSync(join(folder, 'empty.png'), '')
    await refusal(join(folder, 'empty.png'), 'file-empty', { file: 'empty.png' })
    writeFileSync(join(folder, 'large.png'), '')
    truncateSync(join(folder, 'large.png'), 600 * 2 ** 20) // sparse: it takes no room
    await refusal(join(folder, 'large.png'), 'file-too-large', {
      file: 'large.png',
      megabytes: 600,
      limit: 512,
    })
  })
})
