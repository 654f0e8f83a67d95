/** What a report of a problem needs, as text that names no person: the home folder is written `~`. */

export interface Facts {
  /** Titled groups of `name: value`. */
  groups: Record<string, Record<string, string | number | boolean | null>>
  log: readonly string[]
  home: string
}

/** The text behind 'copy diagnostics'. English, because it is for whoever mends the program. */
export function diagnosticsText({ groups, log, home }: Facts): string {
  const parts = Object.entries(groups).map(([title, values]) => {
    const lines = Object.entries(values).map(([name, value]) => `${name}: ${String(value)}`)
    return [`# ${title}`, ...lines].join('\n')
  })
  const text = [...parts, ['# Log', ...log].join('\n')].join('\n\n')
  return home.length > 1 ? text.split(home).join('~') : text
}
