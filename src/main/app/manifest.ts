/**
 * What the scheme `app:` serves: the built files, listed once at start, and nothing else. An address is looked up in
 * the list, and never becomes part of a path on disk.
 */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** The address of the window's page. */
export const home = 'app://darkroom/index.html'

/** What the page may do. No inline script, no eval, nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

/** Every kind of file a build may hold. Another kind is not served: it would need a thought first. */
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

interface Served {
  status: number
  headers: Record<string, string>
  data: Buffer
}

/** Address path (`/index.html`) → file on disk, for everything under `folder` that may be served. */
export function manifestOf(folder: string): ReadonlyMap<string, string> {
  const manifest = new Map<string, string>()
  const visit = (path: string, address: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const name = join(path, entry.name)
      if (entry.isDirectory()) visit(name, `${address}${entry.name}/`)
      else if (entry.isFile() && extname(entry.name) in types) {
        manifest.set(`${address}${entry.name}`, name)
      }
    }
  }
  visit(folder, '/')
  return manifest
}

/** The answer to one request: a listed file, or an empty refusal. */
export async function serveFile(
  manifest: ReadonlyMap<string, string>,
  method: string,
  url: string,
): Promise<Served> {
  const refuse = (status: number): Served => ({ status, headers: {}, data: Buffer.alloc(0) })
  if (method !== 'GET') return refuse(405)
  const { host, pathname } = new URL(url)
  const file = host === 'darkroom' ? manifest.get(pathname) : undefined
  if (file === undefined) return refuse(404)
  return {
    status: 200,
    headers: {
      'Content-Type': types[extname(file)] ?? '',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    },
    data: await readFile(file),
  }
}
