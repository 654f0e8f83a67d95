import { capture, findCommand } from './process.mjs'
import { SetupError } from './report.mjs'
import { provide } from './systemLibraries.mjs'

/**
 * Makes sure that windows can be tested here: Linux needs a virtual display, so that none opens on someone's desk,
 * and a font for the Chinese interface.
 * @param {import('./electron.mjs').Context} context
 * @returns {Promise<{ version: string, files: string[] }>}
 * @throws {SetupError} without a virtual display
 */
export async function ensureDisplay({ machine, report }) {
  if (machine.platform !== 'linux') return { version: 'native', files: [] }
  const missing = ['Xvfb', 'xauth'].filter((command) => findCommand(command) === null)
  await provide(missing, 'the virtual display of the tests', report)
  await provideChineseFont(report)
  const server = findCommand('Xvfb')
  if (server === null)
    throw new SetupError(
      'the virtual display',
      'there is no Xvfb on the search path',
      'Install Xvfb.',
    )
  report.line('Virtual display', server)
  return { version: 'Xvfb', files: [server] }
}

/** @param {import('./report.mjs').Report} report */
async function provideChineseFont(report) {
  if (findCommand('fc-list') === null) return
  const { ok, output } = await capture(['fc-list', ':lang=zh', 'family'], { deadline: 30_000 })
  if (!ok || output.trim() !== '') return
  try {
    await provide(['chinese-font'], 'a font for Chinese', report)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    // Pictures of the Chinese interface would show boxes; nothing else depends on it.
    report.line('Chinese font', `none here; ${error.help}`)
  }
}
