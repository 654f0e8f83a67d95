import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { discard } from './trash'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-trash-'))
  mkdirSync(join(folder, 'library', 'trash'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function fileAt(...parts: string[]): string {
  const path = join(folder, ...parts)
  writeFileSync(path, 'model')
  return path
}

const options = (moveToTrash: (path: string) => Promise<void>) => ({
  folder: join(folder, 'library'),
  moveToTrash,
  log: vi.fn(),
})

describe('emptying the trash', () => {
  it('moves every file to the system’s', async () => {
    const files = [fileAt('library', 'trash', 'a.ldm'), fileAt('library', 'trash', 'b.ldm')]
    const moveToTrash = vi.fn(() => Promise.resolve())
    await discard(files, options(moveToTrash))
    expect(moveToTrash.mock.calls).toEqual(files.map((file) => [file]))
  })

  it('deletes where the system has no trash', async () => {
    const file = fileAt('library', 'trash', 'a.ldm')
    await discard(
      [file],
      options(() => Promise.reject(new Error('no trash here'))),
    )
    expect(existsSync(file)).toBe(false)
  })

  it('touches nothing outside the library, nor the library itself', async () => {
    const outside = fileAt('photo.png')
    const moveToTrash = vi.fn(() => Promise.resolve())
    const given = options(moveToTrash)
    const sideways = join(folder, 'library', '..', 'photo.png')
    await discard([outside, sideways, join(folder, 'library'), 'photo.png'], given)
    expect(moveToTrash).not.toHaveBeenCalled()
    expect(given.log).toHaveBeenCalledTimes(4)
    expect(existsSync(outside)).toBe(true)
  })

  it('does not mind a file that has gone', async () => {
    const gone = join(folder, 'library', 'trash', 'gone.ldm')
    await discard(
      [gone],
      options(() => Promise.reject(new Error('no such file'))),
    )
    expect(existsSync(gone)).toBe(false)
  })
})
