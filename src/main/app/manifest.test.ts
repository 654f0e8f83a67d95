import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { home, manifestOf, serveFile } from './manifest'

let folder: string
let manifest: ReadonlyMap<string, string>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-page-'))
  const page = join(folder, 'page')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<p>page</p>')
  writeFileSync(join(page, 'assets', 'main.js'), 'run()')
  writeFileSync(join(page, 'assets', 'notes.map'), 'source map')
  writeFileSync(join(folder, 'secret.html'), 'secret')
  symlinkSync(join(folder, 'secret.html'), join(page, 'link.html'))
  manifest = manifestOf(page)
  writeFileSync(join(page, 'late.html'), 'not there at start')
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = (url: string, method = 'GET') => serveFile(manifest, method, url)

describe('the scheme app:', () => {
  it('serves the files of the build with their types', async () => {
    const page = await get(home)
    expect(page.status).toBe(200)
    expect(page.data.toString()).toBe('<p>page</p>')
    expect(page.headers['Content-Type']).toBe('text/html; charset=utf-8')
    const script = await get('app://darkroom/assets/main.js?v=1#x')
    expect(script.data.toString()).toBe('run()')
    expect(script.headers['Content-Type']).toBe('text/javascript; charset=utf-8')
  })

  it('sends exactly the decided policy with every file', async () => {
    const { headers } = await get('app://darkroom/assets/main.js')
    expect(headers['Content-Security-Policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
        "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    )
    expect(headers['X-Content-Type-Options']).toBe('nosniff')
  })

  it.each([
    'app://darkroom/',
    'app://darkroom/../secret.html',
    'app://darkroom/%2e%2e/secret.html',
    'app://darkroom/..%2fsecret.html',
    'app://darkroom/assets/..%5c..%5csecret.html',
    'app://darkroom//index.html',
    'app://darkroom/INDEX.HTML',
    'app://darkroom/index.html%00',
    'app://darkroom/assets/notes.map',
    'app://darkroom/link.html',
    'app://darkroom/late.html',
    'app://darkroom/__proto__',
    'app://elsewhere/index.html',
  ])('does not serve %s', async (url) => {
    expect(await get(url)).toEqual({ status: 404, headers: {}, data: Buffer.alloc(0) })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('does not answer %s', async (method) => {
    expect((await get(home, method)).status).toBe(405)
  })
})
