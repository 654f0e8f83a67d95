/** Files named on the command line. */
import { resolve } from 'node:path'

/**
 * Absolute paths of the files in `argv`: what is no switch, less the executable and, when Electron was given the
 * program as a folder, that folder. After `--` everything is a file.
 * @param applicationPath the program's own folder, or null in a packaged program, which has no such argument.
 */
export function filesIn(
  argv: readonly string[],
  workingDirectory: string,
  applicationPath: string | null,
): string[] {
  const files: string[] = []
  let onlyFiles = false
  let application = applicationPath
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    if (!onlyFiles && argument === '--') onlyFiles = true
    else if (!onlyFiles && (argument === '-r' || argument === '--require')) index += 1
    else if (argument !== '' && (onlyFiles || !argument.startsWith('-'))) {
      const path = resolve(workingDirectory, argument)
      if (path === application) application = null
      else files.push(path)
    }
  }
  return files
}
