/** The composition root: makes the parts, wires them, shows the window. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, dialog, Menu, shell, type BrowserWindow } from 'electron'
import { libraryFolder } from '../shared/libraryFolder'
import { m } from '../shared/messages/compiled/messages'
import { diagnosticsText, type Facts } from './app/diagnostics'
import {
  chooseExport,
  chooseFile,
  chooseFolder,
  chooseImages,
  chooseModelExport,
  chooseNamedTarget,
} from './app/dialogs'
import { applicationInfo, machineFacts } from './app/facts'
import { FileHandles } from './app/files'
import { languageOf } from './app/language'
import { openLog, recentLog } from './app/log'
import { menuTemplate } from './app/menu'
import { becomeOnlyInstance } from './app/opening'
import { declareScheme, serveApplication } from './app/protocol'
import { lockDown } from './app/security'
import { SettingsStore } from './app/settings'
import { Training } from './app/training'
import { discard } from './app/trash'
import { applyTheme, openWindow } from './app/window'
import { electronFork } from './engineHost/electronFork'
import { EngineHost } from './engineHost/engineHost'
import { forWindow } from './ipc/dataSources'
import { makeDoor } from './ipc/door'
import { register, send } from './ipc/register'
import { OpenPhotos, windowHandlers } from './ipc/windowHandlers'

declareScheme()
// Root, as in a container, can only start Chromium without its sandbox, and says so on the command line.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()

let window: BrowserWindow | null = null
let listening = false // the page has asked for the engine's state, which it does once it hears events
let waitingFiles: string[] = [] // given before that

const data = app.getPath('userData')
const log = openLog(join(data, 'logs'))
const resources = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources')
const library = libraryFolder({
  environment: process.env,
  platform: process.platform,
  home: homedir(),
})
const files = new FileHandles()
const photos = new OpenPhotos()
const settings = new SettingsStore({
  path: join(data, 'settings.json'),
  log: (text) => log('warn', text),
  changed: (next) => {
    applyTheme(next.theme, window)
    window?.setTitle(title())
    showMenu()
    training.settingsChanged()
    send(window, 'settings.changed', next)
  },
})
const engine = new EngineHost({
  fork: electronFork(join(__dirname, 'engine.js'), engineEnvironment),
  onState: (state) => {
    if (state.state !== 'ready') photos.forget()
    training.engineChanged(state)
    send(window, 'engine.state', state)
  },
  onEvent: (message) => {
    training.heard(message)
    send(window, message.name, forWindow(message.payload, files))
  },
  log,
})
const training = new Training({
  request: (name, args) => engine.request(name, args),
  settings: () => settings.read(),
  language: () => language(),
  window: () => window,
  show: focusWindow,
  log: (text) => log('warn', text),
})

const language = () => languageOf(settings.read().language, app.getPreferredSystemLanguages())

const title = () => m.app_name({}, { locale: language() })

function engineEnvironment(): Record<string, string> {
  const { threads } = settings.read()
  return {
    DARKROOM_RESOURCES: resources,
    DARKROOM_LIBRARY: library,
    DARKROOM_BATCH: join(data, 'batch.json'),
    ...(threads === null ? {} : { DARKROOM_THREADS: String(threads) }),
  }
}

function showMenu(): void {
  const template = menuTemplate({
    language: language(),
    mac: process.platform === 'darwin',
    developer: !app.isPackaged,
    command: (command) => send(window, 'command', { command }),
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function openFiles(paths: string[]): void {
  waitingFiles.push(...paths)
  if (!listening || waitingFiles.length === 0) return
  const handles = waitingFiles.map((path) => files.issue(path, 'open'))
  waitingFiles = []
  send(window, 'files.opened', handles)
}

function focusWindow(): void {
  training.leaving.shown()
  if (window?.isMinimized()) window.restore()
  window?.show()
  window?.focus()
}

async function diagnostics(): Promise<string> {
  const { state, error } = engine.state
  const info =
    state === 'ready'
      ? await engine.request('engine.info', {}).catch((cause: Error) => ({ info: cause.message }))
      : {}
  const groups: Facts['groups'] = {
    Program: applicationInfo(language()),
    Machine: machineFacts(),
    Engine: { state, error: error?.message ?? null, ...info },
    Settings: { json: JSON.stringify(settings.read()) },
  }
  return diagnosticsText({ groups, log: recentLog(), home: homedir() })
}

function answerRequests(): void {
  const handlers = windowHandlers({
    engine,
    files,
    photos,
    settings,
    samplePath: join(resources, 'sample', 'astronaut.png'),
    listening: () => {
      listening = true
      openFiles([])
    },
    info: () => applicationInfo(language()),
    diagnostics,
    chooseImages: () => chooseImages(window, language()),
    chooseExport: (name, format) => chooseExport(window, language(), name, format),
    chooseFolder: (use) => chooseFolder(window, language(), use),
    chooseFile: (kind) => chooseFile(window, language(), kind),
    chooseModelExport: (name, as) => chooseModelExport(window, language(), name, as),
    chooseTarget: (name, kind) => chooseNamedTarget(window, language(), name, kind),
    discard: (discarded) =>
      discard(discarded, {
        folder: library,
        moveToTrash: (path) => shell.trashItem(path),
        log: (text) => log('warn', text),
      }),
    reveal: (path) => shell.showItemInFolder(path),
  })
  const report = (name: string, text: string) => log('warn', `${name}: ${text}`)
  register(makeDoor(handlers, report), () => window)
}

function showWindow(): void {
  window = openWindow({
    preload: join(__dirname, '../preload/index.js'),
    placeFile: join(data, 'window.json'),
    title: title(),
    developerTools: !app.isPackaged,
    log: (text) => log('warn', text),
  })
  window.webContents.on('did-navigate', () => {
    listening = false
    photos.close(engine)
  })
  window.on('close', (event) => training.leaving.asked(event))
  window.on('session-end', () => void training.leaving.atOnce())
  window.on('closed', () => (window = null))
}

function start(): void {
  lockDown((text) => log('warn', text))
  serveApplication(join(__dirname, '../renderer'))
  applyTheme(settings.read().theme, window)
  showMenu()
  answerRequests()
  training.start()
  engine.start()
  showWindow()
}

/** Without a window there is no better place to say so. */
function giveUp(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  log('error', `cannot start: ${text}`)
  dialog.showErrorBox(m.start_failed({}, { locale: language() }), text)
  app.exit(1)
}

let finished = false
function finish(event: { preventDefault(): void }): void {
  if (finished) return
  event.preventDefault()
  void Promise.all([engine.stop(), settings.flush()]).finally(() => {
    finished = true
    setImmediate(() => app.quit()) // within this very event it would be overheard
  })
}

if (becomeOnlyInstance(openFiles, focusWindow)) {
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => training.leaving.asked(event))
  app.on('will-quit', finish)
  app.on('activate', focusWindow)
  app.on('child-process-gone', (_event, { type, reason, name }) => {
    log('warn', `${name ?? type} ended: ${reason}`)
  })
  process.on('unhandledRejection', (reason) => log('error', `unhandled: ${String(reason)}`))
  app.whenReady().then(start).catch(giveUp)
} else app.quit()
