import { describe, expect, it } from 'vitest'
import { filesIn } from './arguments'

describe('files on the command line', () => {
  it('of a packaged program are everything but switches', () => {
    const argv = ['/opt/darkroom', '--no-sandbox', 'a.png', '/photos/b.jpg', '-x']
    expect(filesIn(argv, '/home/me', null)).toEqual(['/home/me/a.png', '/photos/b.jpg'])
  })

  it('leave out the program’s own folder when Electron was given it, once', () => {
    const argv = ['/electron', '--inspect=0', '-r', 'loader.js', '.', 'a.png', '.']
    expect(filesIn(argv, '/work', '/work')).toEqual(['/work/a.png', '/work'])
  })

  it('after -- may look like switches', () => {
    expect(filesIn(['/opt/darkroom', '--', '--odd.png'], '/w', null)).toEqual(['/w/--odd.png'])
  })

  it('may be none', () => {
    expect(filesIn(['/opt/darkroom'], '/w', null)).toEqual([])
    expect(filesIn([], '/w', null)).toEqual([])
  })
})
