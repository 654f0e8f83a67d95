/** For tests only: whether this process may mount a file system. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function canMount(): boolean {
  if (process.platform !== 'linux') return false
  const place = mkdtempSync(join(tmpdir(), 'tmpfs-'))
  const command = `mount -t tmpfs -o size=1m tmpfs '${place}' 2>/dev/null && echo yes || true`
  const works = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim() === 'yes'
  if (works) execFileSync('umount', [place])
  rmSync(place, { recursive: true })
  return works
}
