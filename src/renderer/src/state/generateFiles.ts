import type { FileHandle } from '../../../shared/contract'
import type { Anchor, GalleryExport } from '../../../shared/latent'
import { m } from '../../../shared/messages/compiled/messages'
import { exportTo } from './exporting'
import { choicesOf } from './generateChoices'
import type { GenerateState } from './generate.svelte'

/** What Generate reads from files and writes to them. */
export class GenerateFiles {
  readonly #generate: GenerateState

  constructor(generate: GenerateState) {
    this.#generate = generate
  }

  /** Pictures of the user's own, as points. None where none was chosen. */
  async choose(): Promise<Anchor[]> {
    const { ask, notices } = this.#generate.around
    try {
      return (await ask('files.chooseImages', {})).map(fileAnchor)
    } catch (error) {
      notices.failAsked(error)
      return []
    }
  }

  /** Writes what is shown to files. */
  async export(as: GalleryExport): Promise<void> {
    const { around, item, gallery, model } = this.#generate
    if (!item || !gallery || !model) return
    const [kind, ending] = as === 'frames' ? (['frames', ''] as const) : (['png', '.png'] as const)
    const suggestedName = `${model.name}-${gallery.kind}${ending}`
    await exportTo(around, { suggestedName, kind }, ({ file }) =>
      around.ask('latent.export', { item, gallery, as, file }),
    )
  }

  /** Writes the selected picture to a file. */
  async exportSelected(): Promise<void> {
    const { around, item, made, model, selected } = this.#generate
    if (!item || !made || !model || selected === null) return
    const { gallery } = made
    const suggestedName = `${model.name}-${gallery.kind}-${selected + 1}.png`
    await exportTo(around, { suggestedName, kind: 'png' }, ({ file }) =>
      around.ask('latent.exportPicture', { item, gallery, place: selected, file }),
    )
  }

  /** Shows again what an exported picture says of itself. */
  async open(): Promise<void> {
    const { ask, notices } = this.#generate.around
    try {
      const [file] = await ask('files.chooseImages', {})
      if (!file) return
      const { provenance, item } = await ask('latent.provenance', { file: file.file })
      if (!item) {
        const { model } = provenance
        notices.add({ kind: 'information', text: () => m.generate_sheet_unknown({ model }) })
        return
      }
      this.#generate.choose(item)
      this.#generate.change(choicesOf(provenance.gallery), 'opened')
    } catch (error) {
      notices.failAsked(error)
    }
  }
}

/** A file of the user's as a point. */
export const fileAnchor = ({ file, name }: FileHandle): Anchor => ({
  kind: 'file',
  path: file,
  name,
})
