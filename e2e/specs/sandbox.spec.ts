/**
 * What the system itself says of the running program: the renderer's system calls are filtered, and no process has a
 * connection to anywhere.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '../fixtures'
import { electronPath, processes, root, startEnvironment } from '../program'

test.skip(process.platform !== 'linux', 'reads /proc')

/** The number of the user `nobody` on Linux; someone who is not root is taken as they are. */
const ordinary = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

const mayUseNamespaces = () => spawnSync('unshare', ['--user', 'true'], ordinary).status === 0

/** The folder with other names for the same files, which an ordinary user may reach; copies on another disk. */
function mirror(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) mirror(source, target)
    else {
      try {
        linkSync(source, target)
      } catch {
        copyFileSync(source, target)
      }
    }
  }
}

/** A file's text; empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Ids of the processes whose command line names `folder` and the kind of process. */
function running(folder: string, kind: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = read(`/proc/${pid}/cmdline`)
      return command.includes(folder) && command.includes(kind)
    })
    .map(Number)
}

test('an ordinary user’s renderer runs under a system call filter', async ({ folder }) => {
  test.skip(!mayUseNamespaces(), 'this system gives ordinary users no namespaces')
  const electron = join(folder, 'electron')
  const program = join(folder, 'program')
  const data = join(folder, 'data')
  chmodSync(folder, 0o755)
  mirror(dirname(electronPath()), electron)
  for (const part of ['out', 'resources', 'package.json']) {
    cpSync(join(root, part), join(program, part), { recursive: true })
  }
  mkdirSync(data)
  const environment = { ...startEnvironment(data), HOME: data, XAUTHORITY: join(data, 'display') }
  if (process.env['XAUTHORITY']) copyFileSync(process.env['XAUTHORITY'], environment.XAUTHORITY)
  if (ordinary.uid) {
    chownSync(data, ordinary.uid, ordinary.gid)
    if (existsSync(environment.XAUTHORITY)) {
      chownSync(environment.XAUTHORITY, ordinary.uid, ordinary.gid)
    }
  }

  const child = spawn(join(electron, 'electron'), [`--user-data-dir=${data}`, program], {
    ...ordinary,
    env: environment,
    cwd: data,
    stdio: 'ignore',
  })
  const filtered = () =>
    running(electron, '--type=renderer').map(
      (pid) => /^Seccomp:\s+(\d)/m.exec(read(`/proc/${pid}/status`))?.[1],
    )
  await expect.poll(filtered).toEqual(['2'])
  child.kill('SIGKILL')
  await expect.poll(() => running(electron, '--type=')).toEqual([])
})

/** Addresses of the loopback interface in `/proc`: of IPv4, of IPv6, and of the one written as the other. */
const thisMachine = /^(0100007F|0{24}01000000|0{16}FFFF00000100007F):/

/** The sockets of a process to anything but this machine, as `/proc` lists them. */
function connections(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? []
      } catch {
        return [] // closed in this moment
      }
    }),
  )
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => own.has(columns[9] ?? ''))
      .filter(([, local = '']) => !thisMachine.test(local))
      .map(([, local, remote]) => `${table} ${local} → ${remote}`),
  )
}

test('no process of the program has a connection', async ({ app, window }) => {
  await expect.poll(() => window.engineState()).toBe('ready')
  const all = await processes(app)
  expect(all.length).toBeGreaterThan(2)
  for (const { pid, name } of all) expect(connections(pid), name).toEqual([])
})
