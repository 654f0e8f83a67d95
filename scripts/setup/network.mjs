import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'
import tls from 'node:tls'

/** How long a host may take to give its first byte before it counts as blocked, in milliseconds. */
const CONNECT_DEADLINE = 5000

/** How long a download may stand still, in milliseconds. */
const STALL_DEADLINE = 30_000

/** @type {Map<string, string>} hosts that did not answer in this run, with the reason: asked once only */
const unreachable = new Map()

/**
 * Whether an address answers, within seconds; redirects are followed, since the file may lie on another host.
 * @param {string} url
 * @param {{ anyStatus?: boolean }} [options] whether every answer counts, not only a success
 * @returns {Promise<string | null>} null when it does, otherwise the reason
 */
export async function whyUnreachable(url, { anyStatus = false } = {}) {
  const { host } = new URL(url)
  const known = unreachable.get(host)
  if (known !== undefined) return known
  try {
    const response = await open(url, { Range: 'bytes=0-0' })
    response.destroy()
    const status = response.statusCode ?? 0
    return anyStatus || (status >= 200 && status < 300)
      ? null
      : `${host} answered with status ${status}`
  } catch (error) {
    const why = explain(error, host)
    unreachable.set(host, why)
    return why
  }
}

/**
 * Fetches a file. The caller checks its hash and gives a temporary place.
 * @param {string} url
 * @param {string} file
 * @throws {Error} with a reason for people
 */
export async function download(url, file) {
  try {
    const response = await open(url, {})
    if (response.statusCode !== 200) {
      response.destroy()
      throw new Error(`it answered with status ${response.statusCode}`)
    }
    response.setTimeout(STALL_DEADLINE, () =>
      response.destroy(new Error('the download stood still')),
    )
    await pipeline(response, fs.createWriteStream(file))
  } catch (error) {
    const why = explain(error, new URL(url).host)
    throw new Error(`${url} could not be fetched: ${why}`, { cause: error })
  }
}

/**
 * @param {unknown} error
 * @param {string} host
 */
function explain(error, host) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name ${host} could not be resolved`
  if (code === 'ECONNREFUSED') return `${host} refused the connection`
  return message
}

/**
 * @param {string} address
 * @param {http.OutgoingHttpHeaders} headers
 * @param {number} [redirects] how many more are followed
 * @returns {Promise<http.IncomingMessage>}
 */
async function open(address, headers, redirects = 5) {
  const url = new URL(address)
  const response = await request(url, headers)
  const { location } = response.headers
  if (
    location === undefined ||
    (response.statusCode ?? 0) < 300 ||
    (response.statusCode ?? 0) > 399
  ) {
    return response
  }
  response.destroy()
  if (redirects === 0) throw new Error('too many redirects')
  return open(new URL(location, url).href, headers, redirects - 1)
}

/**
 * @param {URL} url
 * @param {http.OutgoingHttpHeaders} headers
 * @returns {Promise<http.IncomingMessage>}
 */
async function request(url, headers) {
  const proxy = proxyFor(url, process.env)
  const deadline = AbortSignal.timeout(CONNECT_DEADLINE)
  const late = new Error(`no answer from ${url.host} within ${CONNECT_DEADLINE / 1000} s`)
  const socket =
    proxy && url.protocol === 'https:' ? await tunnel(proxy, url, deadline, late) : undefined
  return new Promise((resolve, reject) => {
    const give = url.protocol === 'https:' ? https : http
    /** @type {https.RequestOptions} */
    const options = { headers }
    if (socket) {
      options.createConnection = () => tls.connect({ socket, servername: url.hostname })
      options.agent = false
    }
    const target = proxy && !socket ? proxy : url
    if (proxy && !socket)
      Object.assign(options, { path: url.href, headers: { ...headers, Host: url.host } })
    const asked = give.get(target, options)
    const stop = () => asked.destroy(late)
    deadline.addEventListener('abort', stop)
    asked.once('response', (response) => {
      deadline.removeEventListener('abort', stop)
      resolve(response)
    })
    asked.once('error', reject)
  })
}

/**
 * A connection through a proxy to a host that is spoken to with TLS.
 * @param {URL} proxy
 * @param {URL} url
 * @param {AbortSignal} deadline
 * @param {Error} late
 * @returns {Promise<import('node:net').Socket>}
 */
function tunnel(proxy, url, deadline, late) {
  return new Promise((resolve, reject) => {
    /** @type {http.OutgoingHttpHeaders} */
    const headers = {}
    if (proxy.username) {
      const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
      headers['Proxy-Authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`
    }
    const asked = http.request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path: `${url.hostname}:${url.port || 443}`,
      headers,
    })
    const stop = () => asked.destroy(late)
    deadline.addEventListener('abort', stop)
    asked.once('connect', (response, socket) => {
      deadline.removeEventListener('abort', stop)
      if (response.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(new Error(`the proxy ${proxy.host} answered with status ${response.statusCode}`))
    })
    asked.once('error', reject)
    asked.end()
  })
}

/**
 * The proxy that the usual environment variables name for an address.
 * @param {URL} url
 * @param {NodeJS.ProcessEnv} env
 * @returns {URL | null}
 */
export function proxyFor(url, env) {
  const secure = url.protocol === 'https:'
  const named = secure
    ? env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy
    : env.http_proxy || env.HTTP_PROXY
  const exempt = (env.NO_PROXY || env.no_proxy || '').split(/[\s,]+/).filter(Boolean)
  const direct = exempt.some((entry) => {
    const suffix = entry.replace(/^\*?\.?/, '').replace(/:\d+$/, '')
    return entry === '*' || url.hostname === suffix || url.hostname.endsWith(`.${suffix}`)
  })
  return named && !direct ? new URL(named.includes('://') ? named : `http://${named}`) : null
}
