import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ensureElectron } from './electron.mjs'
import { testFolder } from './testFolder.mjs'
import { makeZip } from './testZip.mjs'

const version = '45.0.0'
const program = { name: 'electron', content: `#!/bin/sh\necho ${version}\n`, mode: 0o100755 }
const release = makeZip([program, { name: 'version', content: version }])
const zipName = `electron-v${version}-linux-x64.zip`

/**
 * A checkout with the package `electron` but not its program, and a mirror that has (or lacks) the release.
 * @param {{ mirror?: Buffer | null, glibc?: string | null }} [situation] without glibc there is no other way to get Electron
 */
async function given({ mirror = release, glibc = null } = {}) {
  const folder = testFolder()
  const home = path.join(folder, 'checkout/node_modules/electron')
  fs.mkdirSync(home, { recursive: true })
  fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ version }))
  const sha256 = crypto.createHash('sha256').update(release).digest('hex')
  fs.writeFileSync(path.join(home, 'checksums.json'), JSON.stringify({ [zipName]: sha256 }))
  /** @type {string[]} */
  const asked = []
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '')
    if (mirror === null) response.writeHead(404).end()
    else response.end(mirror)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  onTestFinished(() => {
    server.close()
    vi.unstubAllEnvs()
  })
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  vi.stubEnv('ELECTRON_MIRROR', `http://127.0.0.1:${port}/`)
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
  /** @type {string[]} */
  const lines = []
  const line = (/** @type {string} */ _, /** @type {string} */ text) => void lines.push(text)
  /** @type {import('./electron.mjs').Context} */
  const context = {
    root: path.join(folder, 'checkout'),
    cache: path.join(folder, 'cache'),
    machine: { platform: 'linux', arch: 'x64', node: '20.20.0', glibc },
    report: { line, start: () => (text) => void lines.push(text) },
  }
  fs.mkdirSync(context.cache)
  return { context, asked, lines, home }
}

/** @param {string} cache */
function placeRedistributedIn(cache) {
  const folder = path.join(cache, 'electron-22.3.25')
  fs.mkdirSync(path.join(folder, 'resources/app'), { recursive: true })
  for (const name of ['icudtl.dat', 'resources.pak', 'resources/app/main.js'])
    fs.writeFileSync(path.join(folder, name), '')
  fs.writeFileSync(path.join(folder, 'version'), '22.3.25')
  fs.writeFileSync(path.join(folder, 'electron'), '#!/bin/sh\necho 22.3.25\n', { mode: 0o755 })
}

describe.skipIf(process.platform !== 'linux')('ensureElectron', () => {
  it('fetches the official release, checks it and keeps it outside node_modules', async () => {
    const { context, asked, home } = await given()
    const { version: got, files } = await ensureElectron(context)
    expect(got).toBe(version)
    expect(asked).toContain(`/v${version}/${zipName}`)
    expect(fs.readlinkSync(path.join(home, 'dist'))).toBe(
      path.join(context.cache, `electron-${version}-linux-x64`),
    )
    expect(fs.readFileSync(path.join(home, 'path.txt'), 'utf8')).toBe('electron')
    expect(files.every((file) => fs.existsSync(file))).toBe(true)
  })

  it('takes it from there when node_modules was made anew', async () => {
    const { context, asked, home } = await given()
    await ensureElectron(context)
    fs.unlinkSync(path.join(home, 'dist'))
    const before = asked.length
    expect((await ensureElectron(context)).version).toBe(version)
    expect(asked.length).toBe(before)
  })

  it('refuses a release with another hash and keeps nothing of it', async () => {
    const { context } = await given({ mirror: makeZip([{ ...program, content: 'echo evil' }]) })
    await expect(ensureElectron(context)).rejects.toThrow(/has the SHA-256 \w+ instead of \w+/)
    expect(fs.readdirSync(context.cache)).toEqual([])
  })

  it('says why and what helps when there is no way', async () => {
    const { context } = await given({ mirror: null })
    await expect(ensureElectron(context)).rejects.toThrow(
      /answered with status 404\. Name a mirror .* ELECTRON_MIRROR=/,
    )
  })

  it('takes the redistributed one where the release cannot be reached, and says that it is old', async () => {
    const { context, lines, home } = await given({ mirror: null, glibc: '2.36' })
    placeRedistributedIn(context.cache)
    expect((await ensureElectron(context)).version).toBe('22.3.25')
    expect(fs.realpathSync(path.join(home, 'dist'))).toBe(
      fs.realpathSync(path.join(context.cache, 'electron-22.3.25')),
    )
    expect(lines.join('\n')).toContain('out of support')
    // Its default app is ours, also in a cache that an older set-up made.
    expect(fs.readFileSync(path.join(home, 'dist/resources/app/main.js'), 'utf8')).toContain(
      'default app',
    )
  })

  it('takes the official one as soon as it can be reached, and leaves the other alone', async () => {
    const { context, home } = await given({ glibc: '2.36' })
    placeRedistributedIn(context.cache)
    fs.symlinkSync(path.join(context.cache, 'electron-22.3.25'), path.join(home, 'dist'))
    expect((await ensureElectron(context)).version).toBe(version)
    expect(fs.readFileSync(path.join(context.cache, 'electron-22.3.25/version'), 'utf8')).toBe(
      '22.3.25',
    )
  })

  it('uses the folder that the user names, or says what is wrong with it', async () => {
    const { context } = await given()
    placeRedistributedIn(context.cache)
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', path.join(context.cache, 'electron-22.3.25'))
    expect((await ensureElectron(context)).version).toBe('22.3.25')
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', context.cache)
    await expect(ensureElectron(context)).rejects.toThrow('which has no electron')
  })
})
