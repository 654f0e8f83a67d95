/** Training by requests, for tests that are about what happens around it and not about the Train screen. */
import { join } from 'node:path'
import { expect, type ElectronApplication } from '@playwright/test'
import { answerOpen } from './dialogs'
import type { LibraryItem, RunConfig, RunProgress } from '../src/shared/training'
import type { DarkroomWindow } from './pages/darkroomWindow'
import { smallRun, writeIdx } from './trainingData'

/** More epochs than any test waits for. */
export const endless = 5_000

/** Chooses a file in the dialog that asks for training data; returns the window's handle. */
export async function chooseIdx(
  app: ElectronApplication,
  window: DarkroomWindow,
  path: string,
): Promise<string> {
  await answerOpen(app, path)
  return (await window.ask('files.chooseFile', { kind: 'idx' }))?.file ?? ''
}

/** A configuration that trains on 600 images of its own, made in `folder`. */
export async function smallConfig(
  app: ElectronApplication,
  window: DarkroomWindow,
  folder: string,
  epochs: number,
): Promise<RunConfig> {
  const path = join(folder, 'spots.idx')
  writeIdx(path, 600)
  const handle = await chooseIdx(app, window, path)
  return smallRun({ kind: 'idx', path: handle, name: 'spots.idx', labels: null }, epochs)
}

/** Starts a run and waits until its first epoch is over. */
export async function startRun(
  window: DarkroomWindow,
  config: RunConfig,
  name = 'spots',
): Promise<LibraryItem> {
  const started = await window.ask('train.start', { config, name, group: null })
  await expect.poll(() => epochOf(window, started.item), { timeout: 60_000 }).toBeGreaterThan(0)
  return started
}

/** Where a run stands, by the library. */
export async function progressOf(window: DarkroomWindow, item: string): Promise<RunProgress> {
  const { items } = await window.ask('library.list', {})
  const progress = items.find((listed) => listed.item === item)?.progress
  if (!progress) throw new Error(`no run ${item}`)
  return progress
}

/** The last epoch that the events of this page told of; 0 before the first. */
export async function epochOf(window: DarkroomWindow, item: string): Promise<number> {
  const records = await window.heard('train.epoch')
  return records.filter((event) => event.item === item).at(-1)?.record.epoch ?? 0
}

export async function waitUntil(
  window: DarkroomWindow,
  item: string,
  state: RunProgress['state'],
): Promise<void> {
  const now = async () => (await progressOf(window, item)).state
  await expect.poll(now, { timeout: 60_000 }).toBe(state)
}
