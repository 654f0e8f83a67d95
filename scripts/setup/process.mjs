import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/**
 * Runs a program without a terminal and keeps what it says.
 * @param {readonly string[]} command program and parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, deadline?: number }} [options] deadline in milliseconds; at it
 *   the program is killed with all that it started
 * @returns {Promise<{ ok: boolean, status: number | null, output: string, why: string }>} `why` is empty when it succeeded, otherwise the
 *   reason with the end of its output
 */
export function capture([program = '', ...parameters], { cwd, env = process.env, deadline } = {}) {
  return new Promise((resolve) => {
    const grouped = process.platform !== 'win32'
    const child = spawn(program, parameters, {
      cwd,
      env,
      detached: grouped,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let late = false
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-200_000)
    }
    const kill = () => {
      if (child.pid === undefined) return
      try {
        if (grouped) process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }
    // A group of its own does not get the terminal's interrupt: pass it on, then obey it.
    const interrupt = () => {
      kill()
      process.exit(130)
    }
    process.once('SIGINT', interrupt)
    const timer =
      deadline === undefined ? undefined : setTimeout(() => ((late = true), kill()), deadline)
    const done = (/** @type {number | null} */ status, /** @type {string} */ why) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupt)
      resolve({ ok: why === '', status, output, why })
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (error) => done(null, `${program} could not be started: ${error.message}`))
    child.once('close', (status, signal) => {
      if (status === 0 && !late) return done(0, '')
      const how = late
        ? `did not finish within ${Math.round((deadline ?? 0) / 1000)} s`
        : `ended with ${signal ?? `status ${status}`}`
      done(
        status,
        [`${path.basename(program)} ${how}`, lastLines(output)].filter(Boolean).join(': '),
      )
    })
  })
}

/**
 * The lines of a failed program's output that most likely say why.
 * @param {string} output
 * @param {number} [count]
 */
export function lastLines(output, count = 3) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const telling = lines.filter((line) => /error|fatal|not found|cannot|denied|unable/i.test(line))
  return (telling.length > 0 ? telling : lines).slice(-count).join(' | ').slice(0, 600)
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} its full path, null where the search path has none
 */
export function findCommand(command, env = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  const named = path.isAbsolute(command)
  for (const folder of named ? ['/'] : (env.PATH ?? env.Path ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = named ? command + ending : path.join(folder, command + ending)
      try {
        fs.accessSync(file, fs.constants.X_OK)
        if (folder !== '' && fs.statSync(file).isFile()) return file
      } catch {
        // Not in this folder.
      }
    }
  }
  return null
}
