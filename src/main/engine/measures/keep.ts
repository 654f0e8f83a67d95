/**
 * Kept reports: one container a report in the library's folder `measures`, named by its id. The header's `config` is the
 * request, its `card` the report without the pixels of its pictures; tensors are those pixels (`sheets/<number>`, 0–255)
 * and whatever the measurer keeps beside: scores, weights.
 */
import { randomUUID } from 'node:crypto'
import { promises } from 'node:fs'
import { join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { measureReport, measureSummary } from '../../../shared/latent'
import type { MeasureReport, MeasureSummary } from '../../../shared/latent'
import { damaged, writeContainer, type Tensor } from '../store/container'
import { readContainerHeader, readContainerTensors } from '../store/containerParts'
import { sweepTemporaryFiles } from '../store/temporaryFiles'
import type { Measured } from './measurer'

const ending = '.ldm'
const kind = 'measurement'
/** An id is a file's name: nothing else may come from outside. */
const idPattern = /^[a-z0-9-]{1,64}$/

type Stored = Omit<MeasureReport, 'sheets'> & {
  sheets: (Omit<MeasureReport['sheets'][number], 'pictures'> & {
    pictures: Omit<MeasureReport['sheets'][number]['pictures'], 'pixels'>
  })[]
}

export class Reports {
  readonly #folder: string
  #swept: Promise<unknown> | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Writes a report, whole or not at all, and returns its id. @throws DarkroomError `disk-full`, `target-unwritable` */
  async keep({ report, tensors }: Measured, seconds: number): Promise<string> {
    const created = Date.now()
    const id = `${created.toString(36)}-${randomUUID().slice(0, 8)}`
    const all = new Map<string, Tensor>(tensors ?? [])
    const sheets = report.sheets.map(({ pictures, ...sheet }, index) => {
      const { pixels, ...sides } = pictures
      const { count, height, width, channels } = sides
      const shape = [count, height, width, channels]
      all.set(`sheets/${index}`, { shape, data: Float32Array.from(pixels) })
      return { ...sheet, pictures: sides }
    })
    const card: Stored = { ...report, sheets, id, created, seconds }
    await promises.mkdir(this.#folder, { recursive: true })
    const header = { kind, config: plain(report.request), card: plain(card) }
    await writeContainer(this.#path(id), { header, tensors: all })
    return id
  }

  /** All that can be read, the newest first; what cannot be is left where it is. */
  async list(): Promise<MeasureSummary[]> {
    await (this.#swept ??= sweepTemporaryFiles(this.#folder).catch(() => undefined))
    const names = await promises.readdir(this.#folder).catch(() => [] as string[])
    const ids = names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -4))
    const found = await Promise.all(
      ids.filter((id) => idPattern.test(id)).map((id) => this.#summary(id).catch(() => null)),
    )
    return found.filter((each) => each !== null).sort((a, b) => b.created - a.created)
  }

  /** @throws DarkroomError `report-unknown`, `model-damaged` */
  async read(id: string): Promise<MeasureReport> {
    const path = await this.#known(id)
    const { header, tensors } = await readContainerTensors(path, (name) => /^sheets\//.test(name))
    const card = header.card as unknown as Stored
    const sheets = (Array.isArray(card.sheets) ? card.sheets : []).map((sheet, index) => {
      const pixels = Uint8Array.from(tensors.get(`sheets/${index}`)?.data ?? [])
      return { ...sheet, pictures: { ...sheet.pictures, pixels } }
    })
    const parsed = measureReport.safeParse({ ...card, sheets, id })
    if (!parsed.success) throw damaged(`${id}${ending}`, 'its report cannot be read', parsed.error)
    return parsed.data
  }

  /** The tensors that are wanted, those there are. @throws DarkroomError `report-unknown`, `model-damaged` */
  async tensors(id: string, wanted: (name: string) => boolean): Promise<Map<string, Tensor>> {
    const { tensors } = await readContainerTensors(await this.#known(id), wanted)
    return tensors
  }

  /** Deleting what is gone is no error. @throws DarkroomError `target-unwritable` */
  async remove(id: string): Promise<void> {
    if (!idPattern.test(id)) return
    await promises.rm(this.#path(id), { force: true }).catch((cause: NodeJS.ErrnoException) => {
      const params = { file: `${id}${ending}`, reason: cause.code ?? '' }
      throw new DarkroomError('target-unwritable', cause.message, params, { cause })
    })
  }

  async #summary(id: string): Promise<MeasureSummary> {
    const { header } = await readContainerHeader(this.#path(id))
    const { request, model, data, created, seconds, figures } = header.card as unknown as Stored
    const figure = figures[0] ?? null
    return measureSummary.parse({ id, request, model, data, created, seconds, figure })
  }

  async #known(id: string): Promise<string> {
    const path = this.#path(id)
    const there = idPattern.test(id) && (await promises.stat(path).catch(() => null))
    if (!there) throw new DarkroomError('report-unknown', `There is no report ${id}`)
    return path
  }

  #path(id: string): string {
    return join(this.#folder, id + ending)
  }
}

/** Plain JSON of it: what a container's header may hold. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
