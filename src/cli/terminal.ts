/** Standard output and error of this process. */
import type { Terminal } from './context'

const clearLine = '\r\x1b[2K'

export function terminalOf(program: NodeJS.Process): Terminal {
  const { stdout, stderr } = program
  // `cli … | head` closes the pipe: nobody listens any more, which is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => program.exit(error.code === 'EPIPE' ? 0 : 1))
  // `scripts/cli.mjs` gives us a pipe and tells how wide the terminal behind it is
  const columns = stderr.isTTY
    ? stderr.columns || 80
    : Number(program.env['DARKROOM_TERMINAL_COLUMNS'] ?? 0)
  let showing = false
  const progress = (line: string | null): void => {
    if (columns === 0 || (line === null && !showing)) return
    showing = line !== null
    stderr.write(clearLine + (line ?? '').slice(0, Math.max(20, columns - 1)))
  }
  const write = (stream: NodeJS.WriteStream, line: string): void => {
    progress(null)
    stream.write(`${line}\n`)
  }
  return { out: (line) => write(stdout, line), error: (line) => write(stderr, line), progress }
}
