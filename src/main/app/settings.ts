/** What is remembered between starts. */
import { defaultSettings, settings as schema, type Settings } from '../../shared/types'
import { readJsonFile, writeJsonFile } from './jsonFile'

/** Every value that still makes sense; the default for the others. A file of another version loses nothing else. */
export function settingsFrom(value: unknown): Settings {
  const found = (value ?? {}) as Record<string, unknown>
  const names = Object.keys(schema.shape) as (keyof Settings)[]
  const entries = names.map((name) => {
    const parsed = schema.shape[name].safeParse(
      Object.hasOwn(found, name) ? found[name] : undefined,
    )
    return [name, parsed.success ? parsed.data : defaultSettings[name]]
  })
  return schema.parse(Object.fromEntries(entries))
}

interface SettingsOptions {
  path: string
  changed: (settings: Settings) => void
  log: (text: string) => void
}

export class SettingsStore {
  readonly #options: SettingsOptions
  #settings: Settings
  #writing: Promise<void> = Promise.resolve()

  constructor(options: SettingsOptions) {
    this.#options = options
    this.#settings = settingsFrom(
      readJsonFile(options.path, (path) => options.log(`settings were damaged and are in ${path}`)),
    )
  }

  read(): Settings {
    return this.#settings
  }

  /**
   * Takes the given values over at once and returns when they are on disk.
   * @throws DarkroomError `disk-full`, `target-unwritable`: the values hold, but only until the program ends.
   */
  async change(changes: {
    [Name in keyof Settings]?: Settings[Name] | undefined
  }): Promise<Settings> {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    this.#settings = schema.parse({ ...this.#settings, ...Object.fromEntries(given) })
    this.#options.changed(this.#settings)
    const next = this.#settings
    const write = this.#writing.then(() => writeJsonFile(this.#options.path, next))
    this.#writing = write.catch(() => undefined) // one failure does not keep the next change from disk
    await write
    return next
  }

  /** Returns when everything has been written. */
  async flush(): Promise<void> {
    await this.#writing
  }
}
