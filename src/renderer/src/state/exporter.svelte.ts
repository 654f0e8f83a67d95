import type { ExportFormat, Layer } from '../../../shared/types'
import type { Ask } from '../bridge'
import type { Photo } from './photo.svelte'
import { lookOf } from './photoSettings'
import type { SettingsState } from './settings.svelte'

export interface Exported {
  file: string
  name: string
  bytes: number
}

/** Writes a photo's layer to a file that a person chooses. */
export class Exporter {
  /** The name of the file being written. */
  writing = $state<string | null>(null)
  readonly #ask: Ask
  readonly #settings: SettingsState

  constructor(ask: Ask, settings: SettingsState) {
    this.#ask = ask
    this.#settings = settings
  }

  /** The depth of the file to be written: PNG can keep 16 bits, the other formats hold 8. */
  bits(photo: Photo): 8 | 16 {
    return this.#settings.current.exportFormat === 'png' ? (photo.exportBits ?? photo.info.bits) : 8
  }

  /** Asks for a place and writes; null when no place was chosen. */
  async run(photo: Photo, layer: Layer): Promise<Exported | null> {
    const { exportFormat: format, exportQuality, keepMetadata } = this.#settings.current
    const suggestedName = exportName(photo.info.name, layer, format)
    const target = await this.#ask('files.chooseExport', { suggestedName, format })
    if (!target) return null
    this.writing = target.name
    try {
      const written = await this.#ask('photo.export', {
        photo: photo.info.photo,
        layer,
        look: lookOf(photo.settings),
        format,
        bits: this.bits(photo),
        quality: exportQuality,
        keepMetadata,
        file: target.file,
      })
      return { ...written, file: target.file }
    } finally {
      this.writing = null
    }
  }
}

/** `holiday.jpg` denoised as PNG is `holiday-denoised.png`: never the source's own name. */
export function exportName(source: string, layer: Layer, format: ExportFormat): string {
  const base = source.replace(/\.[^.]+$/, '') || source
  return `${base}-${layer}.${format === 'jpeg' ? 'jpg' : format}`
}
