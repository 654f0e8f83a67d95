import fs from 'node:fs'
import path from 'node:path'

/** The folder of the checkout. */
export const root = path.resolve(import.meta.dirname, '../..')

/** Where set-up and build remember what they did; it goes away with `node_modules`, as it should. */
export const memory = path.join(root, 'node_modules', '.latent-darkroom')

/**
 * The JavaScript file behind a package's command, so that it can be run with our own Node on every system.
 * @param {string} packageName
 * @param {string} [command] as in the package's `bin`; its name without scope when left out
 * @returns {string}
 */
export function toolPath(packageName, command = packageName.replace(/^@[^/]+\//, '')) {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const file = typeof bin === 'string' ? bin : bin?.[command]
  if (typeof file !== 'string')
    throw new Error(`the package ${packageName} has no command ${command}`)
  return path.join(folder, file)
}

/**
 * What a step remembered, or null where it has not run yet (or the note is damaged).
 * @param {string} name
 * @returns {Record<string, unknown> | null}
 */
export function recall(name) {
  try {
    return JSON.parse(fs.readFileSync(path.join(memory, `${name}.json`), 'utf8'))
  } catch {
    return null
  }
}

/**
 * Remembers a step's result for the next run.
 * @param {string} name
 * @param {Record<string, unknown>} note
 */
export function remember(name, note) {
  fs.mkdirSync(memory, { recursive: true })
  const temporary = path.join(memory, `${name}.json.${process.pid}`)
  fs.writeFileSync(temporary, `${JSON.stringify(note, null, 2)}\n`)
  fs.renameSync(temporary, path.join(memory, `${name}.json`))
}
