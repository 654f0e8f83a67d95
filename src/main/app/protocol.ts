/** The scheme `app:`, under which the window lives, on Electron 22 and on the current one. */
import { protocol, type Protocol } from 'electron'
import { manifestOf, serveFile } from './manifest'

/** Must be called before Electron is ready: the scheme has origins, relative addresses, modules. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built page in `folder` from now on. */
export function serveApplication(folder: string): void {
  const manifest = manifestOf(folder)
  const current = protocol as Protocol & { handle?: Protocol['handle'] }
  if (typeof current.handle === 'function') {
    current.handle('app', async ({ method, url }) => {
      const { status, headers, data } = await serveFile(manifest, method, url)
      return new Response(new Uint8Array(data), { status, headers })
    })
    return
  }
  // Electron 22. `mimeType` must be given beside the header, without its parameters.
  current.registerBufferProtocol('app', ({ method, url }, callback) => {
    void serveFile(manifest, method, url).then(
      ({ status, headers, data }) => {
        const [mimeType = ''] = (headers['Content-Type'] ?? '').split(';')
        callback({ statusCode: status, headers, mimeType, data })
      },
      () => callback({ error: -2 }),
    )
  })
}
