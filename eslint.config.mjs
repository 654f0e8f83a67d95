import js from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/**
 * The arrows of the house: which room may import from which. A row opens with the room and names what it may import
 * besides itself; the rest of the folder it lies in is closed to it.
 */
const main = './src/main'
const engine = `${main}/engine`
const window = './src/renderer/src'
const zones = [
  room('./src', 'shared', []),
  room('./src', 'preload', ['shared']),
  room('./src', 'renderer', ['shared']),
  room('./src', 'cli', ['shared', 'main/engine']),
  room('./src', 'main/index.ts', ['shared', 'main/app', 'main/ipc', 'main/engineHost']),
  room('./src', 'main/app', ['shared']),
  room('./src', 'main/ipc', ['shared', 'main/app', 'main/engineHost']),
  room('./src', 'main/engineHost', ['shared']),
  room('./src', 'main/engine', ['shared']),
  room(engine, 'runtime', []),
  room(engine, 'store', []),
  room(engine, 'codec', ['runtime']), // how many threads there are
  room(engine, 'networks', ['runtime']),
  room(engine, 'models', ['networks', 'runtime', 'noise']),
  room(engine, 'noise', ['runtime', 'codec']),
  room(engine, 'data', ['noise', 'codec', 'runtime', 'store']), // store: its cache of decoded folders
  room(engine, 'imaging', ['runtime', 'codec', 'networks']),
  room(engine, 'photos', ['codec', 'imaging', 'noise', 'store', 'models']),
  room(engine, 'batch', ['codec', 'store']),
  room(engine, 'latent', ['models', 'networks', 'runtime', 'noise', 'data', 'work']),
  room(engine, 'evaluate', [
    ...['models', 'networks', 'latent', 'data', 'codec', 'imaging', 'noise', 'photos', 'runtime'],
    'work',
  ]),
  room(engine, 'training', [
    ...['models', 'networks', 'data', 'store', 'runtime', 'noise', 'imaging'],
  ]),
  room(engine, 'runs', [
    ...[
      'training',
      'models',
      'networks',
      'data',
      'store',
      'runtime',
      'noise',
      'evaluate',
      'imaging',
      'codec',
    ],
  ]),
  room(engine, 'work', []),
  room(engine, 'report', []),
  room(engine, 'classical', ['imaging', 'work']),
  room(engine, 'lab', [
    ...['classical', 'codec', 'imaging', 'photos', 'report', 'spaces', 'store', 'work'],
  ]),
  room(engine, 'spaces', [
    ...['latent', 'evaluate', 'runs', 'models', 'networks', 'data', 'noise', 'codec', 'imaging'],
    ...['store', 'runtime', 'work'],
  ]),
  room(engine, 'measures', [
    ...['spaces', 'latent', 'evaluate', 'runs', 'training', 'models', 'networks', 'data', 'noise'],
    ...['codec', 'imaging', 'report', 'store', 'runtime', 'work'],
  ]),
  room(window, 'bridge.ts', []),
  room(window, 'state', ['bridge.ts']),
  room(window, 'ui', []),
  room(window, 'charts', ['ui']),
  room(window, 'viewer', ['ui']),
  { target: './e2e', from: './src', except: ['./shared'], message: 'e2e may import only shared' },
]

/**
 * @param {string} folder that is closed
 * @param {string} name of the room in it
 * @param {string[]} allowed other rooms in it
 */
function room(folder, name, allowed) {
  return {
    target: `${folder}/${name}`,
    from: folder,
    except: [name, ...allowed].map((path) => `./${path}`),
    message: `${name} may import only ${allowed.length > 0 ? allowed.join(', ') : 'itself'}`,
  }
}

/**
 * Packages that a runtime does not have, or that have one door.
 * @param {string[]} group
 * @param {string} message
 */
const without = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group, message }] }],
})

/** A leading underscore says that a name is meant to stay unused. */
const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }

/**
 * The typed rules for the files of one TypeScript project.
 * @param {string} project
 * @param {string[]} files
 */
const typed = (project, files) => ({
  files,
  extends: [tseslint.configs.recommendedTypeChecked],
  languageOptions: {
    parserOptions: {
      project,
      tsconfigRootDir: import.meta.dirname,
      extraFileExtensions: ['.svelte'],
    },
  },
  plugins: { 'import-x': importX },
  settings: {
    'import-x/resolver-next': [createTypeScriptImportResolver({ project })],
    'import-x/ignore': ['/messages/compiled/'], // generated; for a Svelte file it would be read by Svelte's parser
  },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-unused-vars': ['error', unused],
    'import-x/no-cycle': ['error', { ignoreExternal: true }],
    'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
  },
})

const electronless = 'this also runs under plain Node'
const tensorflowDoor = 'TensorFlow is reached through engine/runtime'

export default defineConfig(
  {
    ignores: [
      ...['out/**', 'coverage/**', 'test-results/**', 'playwright-report/**', '.work/**'],
      'src/shared/messages/compiled/**',
    ],
  },
  js.configs.recommended,
  { rules: { 'no-unused-vars': ['error', unused] } },
  typed('./tsconfig.node.json', [
    ...['src/main/**/*.ts', 'src/preload/**/*.ts', 'src/cli/**/*.ts', 'src/shared/**/*.ts'],
    ...['bench/**/*.ts', 'e2e/**/*.ts', '*.config.ts'],
  ]),
  typed('./tsconfig.web.json', ['src/renderer/**/*.ts', 'src/renderer/**/*.svelte']),
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, project: './tsconfig.web.json' },
    },
  },
  {
    // The linter cannot see the types of another component's props, so that handlers given to it read as `any`;
    // `svelte-check` sees them, and checks the same.
    files: ['**/*.svelte'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((part) => [
        `@typescript-eslint/no-unsafe-${part}`,
        'off',
      ]),
    ),
  },
  { files: ['src/renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/renderer/**'],
    rules: without(
      ['electron', 'electron/*', 'node:*', '@tensorflow/*'],
      'the window has none of it',
    ),
  },
  {
    files: ['src/preload/**'],
    rules: without(['node:*', '@tensorflow/*'], 'preload is sandboxed'),
  },
  {
    files: ['src/shared/**'],
    ignores: ['**/*.test.ts'],
    rules: without(['electron', 'node:*', '@tensorflow/*'], 'shared runs everywhere'),
  },
  { files: ['src/main/**'], rules: without(['@tensorflow/*'], tensorflowDoor) },
  {
    files: ['src/main/engine/**', 'src/cli/**'],
    rules: without(
      ['electron', 'electron/*', '@tensorflow/*'],
      `${electronless}; ${tensorflowDoor}`,
    ),
  },
  {
    files: ['src/main/engine/runtime/**', 'src/main/engine/**/*.test.ts'],
    rules: without(['electron', 'electron/*'], electronless),
  },
  // What only tests use may reach across rooms: an engine as a whole, for one.
  { files: ['src/**/testing/**'], rules: { 'import-x/no-restricted-paths': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs', 'scripts/**/*.js'],
    languageOptions: { globals: globals.node },
  },
  { files: ['**/*.cjs', 'scripts/**/*.js'], languageOptions: { sourceType: 'commonjs' } },
)
