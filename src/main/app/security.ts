/** Everything the web side is not allowed, in one place. The scheme's content policy is in `protocol.ts`. */
import { app, session, type Session, type WebContents } from 'electron'
import { home } from './manifest'

/** The only addresses that may be loaded: our own scheme, pictures made in the page, and developer tools unpackaged. */
function isAllowed(url: string): boolean {
  const scheme = url.slice(0, url.indexOf(':'))
  if (scheme === 'app' || scheme === 'blob' || scheme === 'data') return true
  return scheme === 'devtools' && !app.isPackaged
}

function lockSession(target: Session, log: (text: string) => void): void {
  target.setPermissionRequestHandler((_contents, permission, decide) => {
    log(`refused permission ${permission}`)
    decide(false)
  })
  target.setPermissionCheckHandler(() => false)
  target.setDevicePermissionHandler(() => false)
  target.setCertificateVerifyProc((_request, decide) => decide(-2)) // no connection is made, so none is trusted
  target.webRequest.onBeforeRequest(({ url }, decide) => {
    const cancel = !isAllowed(url)
    if (cancel) log(`refused request ${url}`)
    decide({ cancel })
  })
  target.on('will-download', (event) => event.preventDefault())
  target.setSpellCheckerEnabled(false) // it would fetch dictionaries
}

function lockContents(contents: WebContents, log: (text: string) => void): void {
  const refuse = (event: { preventDefault(): void }, url: string) => {
    if (url === home) return // a reload
    log(`refused navigation to ${url}`)
    event.preventDefault()
  }
  contents.on('will-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    log(`refused window ${url}`)
    return { action: 'deny' }
  })
}

/** Locks every session and every web contents there is or will be. Called once, when Electron is ready. */
export function lockDown(log: (text: string) => void): void {
  lockSession(session.defaultSession, log)
  app.on('session-created', (created) => lockSession(created, log))
  app.on('web-contents-created', (_event, contents) => lockContents(contents, log))
  app.on('select-client-certificate', (event) => event.preventDefault())
}
