import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { download, proxyFor, whyUnreachable } from './network.mjs'
import { testFolder } from './testFolder.mjs'

/**
 * @param {http.RequestListener} listener
 * @returns {Promise<string>} its address, ending with a slash
 */
async function serve(listener) {
  const server = http.createServer(listener)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`
}

describe('whyUnreachable', () => {
  it('is null for a file that is there, also behind a redirect to another host', async () => {
    const other = await serve((_, response) => response.end('content'))
    const address = await serve((_, response) =>
      response.writeHead(302, { Location: `${other}file` }).end(),
    )
    expect(await whyUnreachable(`${address}file`)).toBeNull()
  })

  it('tells the status of one that is not', async () => {
    const address = await serve((_, response) => response.writeHead(404).end())
    const { host } = new URL(address)
    expect(await whyUnreachable(`${address}file`)).toBe(`${host} answered with status 404`)
    expect(await whyUnreachable(`${address}file`, { anyStatus: true })).toBeNull()
  })

  it('tells a refused connection and an unknown name', async () => {
    expect(await whyUnreachable('http://127.0.0.1:9/')).toBe('127.0.0.1:9 refused the connection')
    expect(await whyUnreachable('http://nowhere.invalid/')).toBe(
      'the name nowhere.invalid could not be resolved',
    )
  })

  it('gives up on redirects in a circle', async () => {
    const address = await serve((_, response) =>
      response.writeHead(302, { Location: '/again' }).end(),
    )
    expect(await whyUnreachable(address)).toBe('too many redirects')
  })
})

describe('download', () => {
  it('writes the file', async () => {
    const address = await serve((_, response) => response.end('content'))
    const file = path.join(testFolder(), 'file')
    await download(address, file)
    expect(fs.readFileSync(file, 'utf8')).toBe('content')
  })

  it('fails for an error page and for a connection that breaks', async () => {
    const file = path.join(testFolder(), 'file')
    const gone = await serve((_, response) => response.writeHead(500).end('oops'))
    await expect(download(gone, file)).rejects.toThrow(
      `${gone} could not be fetched: it answered with status 500`,
    )
    const broken = await serve((request, response) => {
      response.writeHead(200, { 'Content-Length': '100' })
      response.write('some')
      setImmediate(() => request.socket.destroy())
    })
    await expect(download(broken, file)).rejects.toThrow('could not be fetched')
  })
})

describe('proxyFor', () => {
  const url = new URL('https://files.example.org/a')

  it('follows the usual variables', () => {
    expect(proxyFor(url, {})).toBeNull()
    expect(proxyFor(url, { https_proxy: 'http://proxy:3128' })?.host).toBe('proxy:3128')
    expect(proxyFor(url, { HTTPS_PROXY: 'proxy:3128' })?.port).toBe('3128')
    expect(proxyFor(new URL('http://a.example/'), { HTTPS_PROXY: 'proxy:3128' })).toBeNull()
  })

  it('makes the exceptions that NO_PROXY names', () => {
    const env = { HTTPS_PROXY: 'http://proxy:3128' }
    expect(proxyFor(url, { ...env, NO_PROXY: 'localhost, .example.org' })).toBeNull()
    expect(proxyFor(url, { ...env, NO_PROXY: 'files.example.org:443' })).toBeNull()
    expect(proxyFor(url, { ...env, no_proxy: '*' })).toBeNull()
    expect(proxyFor(url, { ...env, NO_PROXY: 'ample.org' })?.host).toBe('proxy:3128')
  })
})
