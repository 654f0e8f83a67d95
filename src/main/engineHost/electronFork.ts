/** The engine as a utility process of Electron: TensorFlow crashes in the main process itself (two LLVMs). */
import { utilityProcess } from 'electron'
import type { FromEngine } from '../../shared/engineProtocol'
import type { Fork } from './engineHost'

/** The name in task managers and in Electron's own reports. */
export const engineName = 'Latent Darkroom Engine'

/**
 * @param path the built engine, `engine.js`.
 * @param environment what the engine finds in its environment besides main's own; asked for at every start, so
 * that a changed setting holds from the next one on.
 */
export function electronFork(path: string, environment: () => Record<string, string>): Fork {
  return (listener) => {
    const child = utilityProcess.fork(path, [], {
      serviceName: engineName,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment() },
    })
    child.on('message', (message: FromEngine) => listener.message(message))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => listener.output(text))
    child.once('exit', (code) => listener.exit(code))
    return {
      get pid() {
        return child.pid
      },
      post: (message) => child.postMessage(message), // copied: never a transfer list, see runtimes
      kill: () => {
        if (child.pid === undefined) return
        try {
          process.kill(child.pid, 'SIGKILL') // `child.kill()` sends SIGTERM, which a native call would not let through
        } catch {
          // it has ended in this moment, and the exit event is on its way
        }
      },
    }
  }
}
