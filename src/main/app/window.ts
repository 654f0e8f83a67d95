/** The one window. */
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { Settings } from '../../shared/types'
import { readJsonFile, writeJsonFile } from './jsonFile'
import { home } from './manifest'
import { placeOn, smallest, type Bounds } from './windowPlace'

/** The page's own background, so that nothing flashes before its first frame. */
const backgrounds = { dark: '#1b1b1c', light: '#f1f1f2' } as const

interface WindowOptions {
  preload: string
  /** Where the window's place is remembered. */
  placeFile: string
  title: string
  developerTools: boolean
  log: (text: string) => void
}

/** Makes the operating system's parts and the window's background follow the setting. */
export function applyTheme(theme: Settings['theme'], window: BrowserWindow | null): void {
  nativeTheme.themeSource = theme
  window?.setBackgroundColor(background())
}

const background = () => backgrounds[nativeTheme.shouldUseDarkColors ? 'dark' : 'light']

function workAreas(): Bounds[] {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
  return [primary, ...others].map(({ workArea }) => workArea)
}

/** Opens the window; it shows itself once its page has something to show. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { bounds, maximized } = placeOn(readJsonFile(options.placeFile, options.log), workAreas())
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: options.title,
    backgroundColor: background(),
    show: false,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.developerTools,
      safeDialogs: true,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('page-title-updated', (event) => event.preventDefault())
  rememberPlace(window, options)
  surviveCrashes(window, options.log)
  logConsole(window, options.log)
  void window.loadURL(home)
  return window
}

/** Saves the place a moment after the last move, so that a kill loses little. */
function rememberPlace(window: BrowserWindow, { placeFile, log }: WindowOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    const place = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    writeJsonFile(placeFile, place).catch((error: Error) => log(error.message)) // a wrong place harms nobody
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('close', () => {
    clearTimeout(timer)
    save()
  })
}

/** Warnings and errors of the page: a refusal by the content policy is one of them. */
function logConsole({ webContents }: BrowserWindow, log: (text: string) => void): void {
  // Electron 22 passes number and text beside the event, the current one inside it.
  type Details = { level?: unknown; message?: unknown }
  const listener = (details: Details, level: unknown, message: unknown) => {
    const grade = details.level ?? level
    const text = details.message ?? message
    if (grade === 2 || grade === 3 || grade === 'warning' || grade === 'error') {
      log(`page: ${String(text)}`)
    }
  }
  webContents.on('console-message', listener as never)
}

/** Loads the page again when its process dies, three times in ten minutes at most. */
function surviveCrashes(window: BrowserWindow, log: (text: string) => void): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`the window's process ended: ${reason}`)
    crashes = [...crashes.filter((at) => performance.now() - at < 600_000), performance.now()]
    if (reason !== 'clean-exit' && crashes.length <= 3) window.webContents.reload()
  })
}
