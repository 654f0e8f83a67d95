import { spawn } from 'node:child_process'

/**
 * Runs a job with an X display of its own, that nobody sees, on a number that the server finds free itself.
 * @template T
 * @param {(display: string) => Promise<T>} job gets the display's name, such as `:1`
 * @returns {Promise<T>}
 * @throws {Error} when the server does not start
 */
export async function withVirtualDisplay(job) {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  const stop = () => server.kill()
  process.once('exit', stop)
  try {
    return await job(`:${await displayNumber(server)}`)
  } finally {
    process.off('exit', stop)
    stop()
  }
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let text = ''
    server.once('error', reject)
    server.once('exit', (status) => reject(new Error(`Xvfb ended with status ${status}`)))
    server.stdio[3]?.on('data', (chunk) => {
      text += String(chunk)
      if (text.endsWith('\n')) resolve(text.trim())
    })
  })
}
