/** Where the library lies: one place for the window and the command line, which share it. */
interface Place {
  environment: Record<string, string | undefined>
  platform: string
  home: string
}

/** `DARKROOM_LIBRARY` if it is set, else the folder that the system keeps for data of programs. */
export function libraryFolder({ environment, platform, home }: Place): string {
  const given = environment['DARKROOM_LIBRARY']
  if (given) return given
  const separator = platform === 'win32' ? '\\' : '/'
  const base =
    platform === 'win32'
      ? environment['LOCALAPPDATA'] || `${home}\\AppData\\Local`
      : platform === 'darwin'
        ? `${home}/Library/Application Support`
        : environment['XDG_DATA_HOME'] || `${home}/.local/share`
  return [base, 'latent-darkroom', 'library'].join(separator)
}
