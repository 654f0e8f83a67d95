/** Starting the real program, and looking at its processes. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'

/** The project's folder, which is also the program's when it is not packaged. */
export const root = resolve(__dirname, '..')

/** The Electron that the set-up chose. */
export const electronPath = () => createRequire(join(root, 'package.json'))('electron') as string

const isRoot = process.getuid?.() === 0

/** What every start passes. Root can only start Chromium without its sandbox; the product never does that itself. */
export function startArguments(userData: string, files: readonly string[] = []): string[] {
  return [...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${userData}`, root, ...files]
}

/** The library of a start: a folder of its own. */
export const libraryOf = (userData: string) => join(userData, 'library')

/** The environment of a start: no leftovers of the tests' own, English, and its own place for everything it keeps. */
export function startEnvironment(userData: string): Record<string, string> {
  const {
    ELECTRON_RUN_AS_NODE: _runAsNode,
    NODE_OPTIONS: _options,
    DARKROOM_LIBRARY: _library,
    ...rest
  } = process.env
  const own = {
    LANG: 'en_US.UTF-8',
    LANGUAGE: 'en',
    XDG_STATE_HOME: join(userData, 'state'),
    DARKROOM_LIBRARY: libraryOf(userData),
  }
  return { ...(rest as Record<string, string>), ...own }
}

/**
 * Starts the program under Playwright. It finds Electron itself, as `electronPath` does: given a path it would not
 * hold the program back until it is connected, and about one start in ten would hang.
 */
export function launch(userData: string, files: readonly string[]): Promise<ElectronApplication> {
  return _electron.launch({
    chromiumSandbox: !isRoot,
    args: startArguments(userData, files),
    env: startEnvironment(userData),
    cwd: root,
    timeout: 60_000,
  })
}

/**
 * Opens a file that the program wrote as whoever gets it would: in a window that has nothing of the program, neither
 * its page nor its locks.
 */
export async function openAsReader(app: ElectronApplication, path: string): Promise<Page> {
  const opened = app.waitForEvent('window')
  await app.evaluate(async ({ BrowserWindow, session }, file) => {
    const own = session.fromPartition('reader')
    own.webRequest.onBeforeRequest(null)
    const reader = new BrowserWindow({ width: 1100, height: 900, webPreferences: { session: own } })
    await reader.loadFile(file)
  }, path)
  return opened
}

/** Every process of the program: `Browser`, `Tab`, `GPU`, and utilities by their names. */
export async function processes(
  app: ElectronApplication,
): Promise<{ pid: number; name: string }[]> {
  return app.evaluate(({ app: electronApp }) =>
    electronApp.getAppMetrics().map(({ pid, type, name }) => ({ pid, name: name ?? type })),
  )
}

/** The engine's process id; 0 while there is none. */
export async function enginePid(app: ElectronApplication): Promise<number> {
  const all = await processes(app)
  return all.find(({ name }) => name === 'Latent Darkroom Engine')?.pid ?? 0
}

/** False too for a process that has ended and was not yet collected by its parent. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'))
}

/** The program's log so far. */
export function logOf(userData: string): string {
  const file = join(userData, 'logs', 'main.log')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
