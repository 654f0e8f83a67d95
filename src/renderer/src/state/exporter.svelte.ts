import { depthFor, depthIn, exportFormats } from '../../../shared/exportFormats'
import type { ExportBits, ExportFormat, Layer, PhotoInfo } from '../../../shared/types'
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

  /** The depth of the file to be written: the photo's own or the one chosen for it, as far as the format holds it. */
  bits({ info, exportBits }: Photo): ExportBits {
    const { exportFormat } = this.#settings.current
    return exportBits === null ? depthFor(exportFormat, info) : depthIn(exportFormat, exportBits)
  }

  /** Asks for a place and writes; null when no place was chosen. */
  async run(photo: Photo): Promise<Exported | null> {
    const { exportLayer: layer } = photo
    const { exportFormat: format, exportQuality, keepMetadata } = this.#settings.current
    const suggestedName = exportName(photo.info, layer, format)
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

/** `holiday.jpg` denoised as PNG is `holiday-denoised.png`, page 2 of `stack.tif` `stack-2-denoised.tif`: never the source's own name. */
export function exportName(
  { name, page, pages }: Pick<PhotoInfo, 'name' | 'page' | 'pages'>,
  layer: Layer,
  format: ExportFormat,
): string {
  const base = name.replace(/\.[^.]+$/, '') || name
  const number = pages > 1 ? `-${page}` : ''
  return `${base}${number}-${layer}.${exportFormats[format].endings[0]}`
}
