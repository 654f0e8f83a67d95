/**
 * Electron's security checklist, all twenty points in its order, on the running program. Each is shown by what
 * happens when it is tried, beside the setting; or skipped, with the reason why it does not apply.
 * https://www.electronjs.org/docs/latest/tutorial/security
 */
import { readFileSync } from 'node:fs'
import type { ElectronApplication, Page } from '@playwright/test'
import { answerOpen } from '../dialogs'
import type { DataSource } from '../../src/shared/training'
import { expect, test } from '../fixtures'
import { processes, root } from '../program'
import { smallRun } from '../trainingData'

/** Evaluates an expression in the page, where nothing of the DOM is typed for the tests. */
const inPage = (page: Page, expression: string) => page.evaluate<unknown>(expression)

/** The preferences that the window really runs with. */
async function preferences(app: ElectronApplication): Promise<Record<string, unknown>> {
  await app.firstWindow()
  const found = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    type Known = { getLastWebPreferences?: () => Record<string, unknown> | null }
    return (contents as Known | undefined)?.getLastWebPreferences?.() ?? null
  })
  if (!found) throw new Error('the window does not tell its preferences')
  return found
}

/** Loads an address in a window of its own that has the program's session; returns the error it ended with. */
const loadIn = (app: ElectronApplication, address: string) =>
  app.evaluate(async ({ BrowserWindow }, url) => {
    const other = new BrowserWindow({ show: false })
    const outcome = await other.loadURL(url).then(
      () => 'loaded',
      (error: { code?: string }) => error.code ?? 'failed',
    )
    other.destroy()
    return outcome
  }, address)

test.describe('1 only secure content is loaded', () => {
  test.use({ provoked: ['https://example.org', 'http://example.org', 'ftp://', 'file:///'] })

  test('the page comes from app: in a secure context, and nothing else can be loaded', async ({
    app,
    window,
  }) => {
    expect(window.page.url()).toBe('app://darkroom/index.html')
    expect(await inPage(window.page, 'isSecureContext')).toBe(true)
    for (const url of ['https://example.org/', 'http://example.org/', 'file:///etc/hostname']) {
      expect(await loadIn(app, url)).toBe('ERR_BLOCKED_BY_CLIENT')
    }
    const fetched = await inPage(
      window.page,
      "fetch('https://example.org/').then(() => 'fetched', () => 'refused')",
    )
    expect(fetched).toBe('refused')
  })
})

test('2 no Node.js in the page', async ({ app, window }) => {
  const found = await inPage(
    window.page,
    `['require', 'process', 'module', 'global', 'Buffer', '__dirname', 'setImmediate']
       .filter((name) => name in globalThis)`,
  )
  expect(found).toEqual([])
  expect(await preferences(app)).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
  })
})

test('3 the page is isolated from the preload', async ({ app, window }) => {
  expect(await preferences(app)).toMatchObject({ contextIsolation: true })
  const changed = await inPage(
    window.page,
    `(() => { try { darkroom.invoke = () => 'stolen' } catch {} return String(darkroom.invoke).includes('stolen') })()`,
  )
  expect(changed).toBe(false)
})

test('4 the page is sandboxed', async ({ app }) => {
  expect(await preferences(app)).toMatchObject({ sandbox: true })
  // What the system itself says of it is in `sandbox.spec.ts`, as an ordinary user.
})

test.describe('5 permissions', () => {
  test.use({ provoked: ['refused permission'] })

  test('are all denied', async ({ window }) => {
    const outcome = await inPage(
      window.page,
      `(async () => {
         const denied = (promise) => promise.then(() => 'granted', () => 'denied')
         const state = async (name) => (await navigator.permissions.query({ name })).state
         return {
           camera: await denied(navigator.mediaDevices.getUserMedia({ video: true })),
           microphone: await denied(navigator.mediaDevices.getUserMedia({ audio: true })),
           screen: await denied(navigator.mediaDevices.getDisplayMedia({ video: true })),
           place: await denied(new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
           clipboard: await denied(navigator.clipboard.readText()),
           midi: await denied(navigator.requestMIDIAccess({ sysex: true })),
           notifications: Notification.permission,
           states: [...new Set(await Promise.all(
             ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'].map(state)))],
         }
       })()`,
    )
    expect(outcome).toEqual({
      camera: 'denied',
      microphone: 'denied',
      screen: 'denied',
      place: 'denied',
      clipboard: 'denied',
      midi: 'denied',
      notifications: 'denied',
      states: ['denied'],
    })
  })
})

test('6 web security is on', async ({ app }) => {
  expect(await preferences(app)).toMatchObject({ webSecurity: true })
})

test.describe('7 the content policy', () => {
  test.use({ provoked: ['Content Security Policy', 'example.org'] })

  const decided =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
    "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; object-src 'none'"

  test('is exactly the decided one', async ({ window }) => {
    const response = await window.page.reload()
    expect(response?.headers()['content-security-policy']).toBe(decided)
  })

  test('stops eval, inline scripts, inline style sheets, frames and foreign pictures', async ({
    window,
  }) => {
    const outcome = await inPage(
      window.page,
      `(async () => {
         const attempt = (run) => { try { run(); return 'ran' } catch { return 'refused' } }
         const refused = []
         document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective))
         const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values))
         await new Promise((resolve) => setTimeout(resolve)) // what a test evaluates directly may eval
         const evaluated = [attempt(() => (0, eval)('1')), attempt(() => new Function('1'))]
         add('script', { textContent: 'globalThis.inlineRan = true' })
         add('script', { src: 'https://example.org/a.js' })
         add('style', { textContent: 'body { color: red }' })
         add('iframe', { src: 'https://example.org/' })
         add('img', { src: 'https://example.org/a.png' })
         await fetch('https://example.org/').catch(() => undefined)
         await new Promise((resolve) => setTimeout(resolve, 500))
         return { evaluated, inlineRan: 'inlineRan' in globalThis, refused: [...new Set(refused)].sort() }
       })()`,
    )
    expect(outcome).toMatchObject({ evaluated: ['refused', 'refused'], inlineRan: false })
    expect((outcome as { refused: string[] }).refused).toEqual(
      expect.arrayContaining([
        'connect-src',
        'frame-src',
        'img-src',
        'script-src-elem',
        'style-src-elem',
      ]),
    )
  })
})

test('8 no insecure content may run', async ({ app }) => {
  expect((await preferences(app))['allowRunningInsecureContent'] ?? false).toBe(false)
})

test('9 no experimental features', async ({ app }) => {
  expect((await preferences(app))['experimentalFeatures'] ?? false).toBe(false)
})

test('10 no Blink features are switched on', async ({ app }) => {
  expect((await preferences(app))['enableBlinkFeatures'] ?? '').toBe('')
  const given = await app.evaluate(({ app: electronApp }) =>
    ['enable-blink-features', 'enable-features', 'disable-web-security'].map((name) =>
      electronApp.commandLine.getSwitchValue(name),
    ),
  )
  expect(given.join('')).not.toMatch(/Experimental|WebSecurity/)
})

test('11, 12 no webview: the tag is inert, and attaching one would be refused', async ({
  app,
  window,
}) => {
  expect(await preferences(app)).toMatchObject({ webviewTag: false })
  const before = (await processes(app)).filter(({ name }) => name === 'Tab').length
  const made = await inPage(
    window.page,
    `(() => {
       const view = document.createElement('webview')
       view.setAttribute('src', 'app://darkroom/index.html')
       view.setAttribute('allowpopups', '')
       document.body.append(view)
       return { knows: typeof view.loadURL, kind: view.constructor.name }
     })()`,
  )
  expect(made).toEqual({ knows: 'undefined', kind: 'HTMLElement' })
  expect((await processes(app)).filter(({ name }) => name === 'Tab')).toHaveLength(before)
  const refused = await app.evaluate(({ BrowserWindow }) => {
    const event = { prevented: false, preventDefault: () => (event.prevented = true) }
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    ;(contents as NodeJS.EventEmitter | undefined)?.emit('will-attach-webview', event, {}, {})
    return event.prevented
  })
  expect(refused).toBe(true)
})

test.describe('13 navigation', () => {
  test.use({ provoked: ['refused navigation', 'Content Security Policy', 'Not allowed to'] })

  for (const target of [
    'https://example.org/',
    'file:///etc/hostname',
    'data:text/html,<p>x</p>',
    'app://darkroom.example.org/index.html',
    'app://darkroom/other.html',
    'javascript:document.title="ran"',
  ]) {
    test(`to ${target} is refused`, async ({ window }) => {
      await inPage(window.page, `void (location.href = ${JSON.stringify(target)})`)
      await inPage(
        window.page,
        `(() => { const link = document.createElement('a'); link.href = ${JSON.stringify(target)}
           document.body.append(link); link.click() })()`,
      )
      await window.page.waitForTimeout(500)
      expect(window.page.url()).toBe('app://darkroom/index.html')
      expect(await inPage(window.page, 'document.title')).not.toBe('ran')
      expect(await window.engineState()).toMatch(/starting|ready/)
    })
  }
})

test.describe('14 new windows', () => {
  test.use({ provoked: ['refused window'] })

  test('are refused, however they are asked for', async ({ app, window }) => {
    const opened = await inPage(
      window.page,
      `[open('app://darkroom/index.html'), open('about:blank'), open('https://example.org/', 'x', 'noopener')]
         .map((made) => made === null)`,
    )
    expect(opened).toEqual([true, true, true])
    await inPage(
      window.page,
      `(() => { const link = document.createElement('a'); link.href = 'https://example.org/'; link.target = '_blank'
         document.body.append(link); link.click() })()`,
    )
    await window.page.waitForTimeout(300)
    const count = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    expect(count).toBe(1)
  })
})

test('15 nothing is ever opened outside the program', () => {
  // There is no fixed table to check, because there is no call.
  const built = readFileSync(`${root}/out/main/index.js`, 'utf8')
  expect(built).toContain('showItemInFolder')
  expect(built).not.toContain('openExternal')
  expect(built).not.toContain('openPath')
})

test('16 the version of Electron is a current one', async ({ window }) => {
  const { electron, electronSupported } = await window.ask('app.info', {})
  test.skip(
    !electronSupported,
    `not applicable: Electron ${electron} is the redistributed one, for machines that can reach no newer; ` +
      'About says so and packaging refuses it',
  )
  expect(electronSupported).toBe(true)
})

test.describe('17 the sender of every message is checked', () => {
  test.use({ provoked: ['request-refused'] })

  test('another window of the program is refused, and so is an unknown name or argument', async ({
    app,
    window,
  }) => {
    // A window with the same preload and page, but not the one that main opened.
    const reply = await app.evaluate(async ({ BrowserWindow }, preload) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await other.loadURL('app://darkroom/index.html')
      const answer: unknown = await other.webContents.executeJavaScript(
        "darkroom.invoke('settings.read', {})",
      )
      other.destroy()
      return answer
    }, `${root}/out/preload/index.js`)
    expect(reply).toMatchObject({ ok: false, error: { code: 'request-refused' } })

    const code = async (name: unknown, args: unknown) => {
      const answer = await window.askAnything(name, args)
      return answer.ok ? 'ok' : answer.error.code
    }
    expect(await code('settings.read', {})).toBe('ok')
    expect(await code('settings.erase', {})).toBe('request-unknown')
    expect(await code('__proto__', {})).toBe('request-unknown')
    expect(await code('settings.read', { more: 1 })).toBe('arguments-invalid')
    expect(await code('photo.open', { source: { path: '/etc/passwd' } })).toBe('arguments-invalid')
    expect(await code('photo.open', { source: { file: '/etc/passwd' } })).toBe('request-refused')
    expect(await code('files.reveal', { file: '/etc/passwd' })).toBe('request-refused')
    expect(await code('files.adopt', { path: '/etc/passwd' })).toBe('request-refused')
  })

  test('no request of training or the library takes a path, or anything else it should not', async ({
    app,
    window,
    folder,
  }) => {
    const code = async (name: string, args: unknown) => {
      const answer = await window.askAnything(name, args)
      return answer.ok ? 'ok' : answer.error.code
    }
    const sources = (path: string) => [
      { kind: 'idx', path, name: 'x', labels: null },
      { kind: 'folder', path, name: 'x', width: 28, height: 28, channels: 1, fit: 'crop' },
    ]
    for (const path of ['/etc', '/etc/passwd', '', '../..', '__proto__']) {
      for (const data of sources(path) as DataSource[]) {
        const config = smallRun(data, 1)
        expect(await code('data.describe', { source: data })).toBe('request-refused')
        expect(await code('data.principalError', { config, sizes: [2] })).toBe('request-refused')
        expect(await code('train.forecast', { config })).toBe('request-refused')
        expect(await code('train.start', { config, name: 'x', group: null })).toBe(
          'request-refused',
        )
        expect(await code('train.view', { of: { config } })).toBe('request-refused')
      }
      expect(await code('library.import', { file: path })).toBe('request-refused')
      const target = { item: 'x', as: 'run', file: path }
      expect(await code('library.export', target)).toBe('request-refused')
    }

    // What was chosen to train on opens nothing else, and is nothing to write to.
    await answerOpen(app, folder)
    const chosen = (await window.ask('files.chooseFolder', { use: 'data' }))?.file ?? ''
    expect(await code('photo.open', { source: { file: chosen } })).toBe('request-refused')
    expect(await code('library.import', { file: chosen })).toBe('request-refused')
    const onto = { item: 'x', as: 'run', file: chosen }
    expect(await code('library.export', onto)).toBe('request-refused')

    const mnist = smallRun({ kind: 'mnist' }, 1)
    const wrong: [string, unknown][] = [
      ['data.describe', { source: { kind: 'url', url: 'https://example.org/' } }],
      ['data.describe', { source: { kind: 'mnist', path: '/etc' } }],
      ['data.principalError', { config: mnist, sizes: [0] }],
      ['train.start', { config: mnist, name: ' ', group: null }],
      ['train.start', { config: { ...mnist, more: 1 }, name: 'x', group: null }],
      ['train.forecast', { config: { ...mnist, validation: 1 } }],
      ['train.pause', { item: 7 }],
      ['library.rename', { item: 'x', name: 'x'.repeat(81) }],
      ['library.import', { path: '/etc/passwd' }],
      ['library.export', { item: 'x', as: 'run', path: '/etc/passwd' }],
      ['library.emptyTrash', { files: ['/etc/passwd'] }],
      ['files.chooseFolder', { path: '/etc' }],
      ['files.chooseFile', { kind: 'any' }],
      ['files.chooseModelExport', { suggestedName: 'x', as: 'zip' }],
    ]
    for (const [name, args] of wrong) expect(await code(name, args), name).toBe('arguments-invalid')
    expect(await code('train.suspend', { as: 'paused' })).toBe('request-unknown')
  })

  test('main listens on one channel', async ({ app }) => {
    const channels = await app.evaluate(({ ipcMain }) => ({
      listened: ipcMain.eventNames().filter((name) => name !== 'error'), // Electron's own
      handled: [
        ...((ipcMain as { _invokeHandlers?: Map<string, unknown> })._invokeHandlers ?? []),
      ].map(([name]) => name),
    }))
    expect(channels).toEqual({ listened: [], handled: ['request'] })
  })
})

test.describe('18 a scheme of our own instead of file:', () => {
  test.use({ provoked: ['404', "connect to 'file:///etc/hostname'"] })

  test('serves the built files and nothing else', async ({ window }) => {
    const status = (address: string) =>
      inPage(
        window.page,
        `fetch(${JSON.stringify(address)}).then((answer) => answer.status, () => 'refused')`,
      )
    expect(await status('app://darkroom/index.html')).toBe(200)
    for (const address of [
      'app://darkroom/',
      'app://darkroom/../main/index.js',
      'app://darkroom/%2e%2e/main/index.js',
      'app://darkroom/..%2f..%2fpackage.json',
      'app://darkroom/../../../../../../etc/hostname',
      'app://darkroom/C:/Windows/win.ini',
    ]) {
      expect(await status(address), address).toBe(404)
    }
    expect(await status('file:///etc/hostname')).toBe('refused')
  })
})

test('19 fuses', async ({ app }) => {
  const isPackaged = await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)
  test.skip(!isPackaged, 'not applicable: fuses are set when the program is packaged')
  expect(isPackaged).toBe(true)
})

test('20 the page gets a transport, and no part of Electron', async ({ window }) => {
  const exposed = await inPage(
    window.page,
    `(() => {
       const stop = darkroom.on(() => undefined)
       return {
         names: Object.keys(darkroom).sort(),
         types: Object.values(darkroom).map((value) => typeof value),
         stopped: typeof stop(),
         electron: typeof globalThis.electron + typeof globalThis.ipcRenderer,
       }
     })()`,
  )
  expect(exposed).toEqual({
    names: ['adopt', 'invoke', 'on'],
    types: ['function', 'function', 'function'],
    stopped: 'undefined',
    electron: 'undefinedundefined',
  })
})
