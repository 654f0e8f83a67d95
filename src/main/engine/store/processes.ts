/** Whether a process still runs, told apart from a later one with the same number. */
import { execFile } from 'node:child_process'
import { promises } from 'node:fs'
import { promisify } from 'node:util'
import { systemCode } from './fileOperations'

const run = promisify(execFile)
/** What takes the place of a start time that the system did not tell. */
const unknown = ''

let own: Promise<string> | null = null

/** When this process was started, in the system's own words. */
export function ownStart(): Promise<string> {
  return (own ??= startOf(process.pid).then((start) => start ?? unknown))
}

/** Whether the process of this number lives and is the one that was started then. */
export async function isSameProcess(pid: number, started: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const start = pid === process.pid ? await ownStart() : await startOf(pid)
  if (start === null) return false
  return start === started || start === unknown || started === unknown
}

/** Whether a process of this number lives. One that ended and was not yet collected by its parent counts here. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH' // EPERM: it lives, as another user
  }
}

/** The start time of a process; null when it has ended, {@link unknown} when the system does not tell. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return startOnLinux(pid)
  const [program, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]]
  return run(program, args, { timeout: 5000, windowsHide: true }).then(
    ({ stdout }) => stdout.trim(),
    () => unknown,
  )
}

/** Field 22 of /proc/PID/stat, in clock ticks since the machine was started, and which start of the machine that was. */
async function startOnLinux(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    promises.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null),
    promises.readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ])
  if (stat === null) return unknown
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  return `${fields[19] ?? ''} ${boot.trim()}`
}
