import js from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/**
 * The arrows of the house: which room may import from which. A room not listed here may import what it likes
 * within its own process; `except` names what is allowed from an otherwise closed folder.
 */
const engine = './src/main/engine'
const only = (room, allowed) => ({
  target: `${engine}/${room}`,
  from: engine,
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `engine/${room} may import only ${allowed.length ? allowed.join(', ') : 'itself'}`,
})
const zones = [
  { target: './src/shared', from: './src', except: ['./shared'], message: 'shared imports nothing outside itself' },
  { target: './src/preload', from: './src', except: ['./preload', './shared'] },
  { target: './src/renderer', from: './src', except: ['./renderer', './shared'] },
  { target: './src/main/app', from: './src', except: ['./main/app', './shared'] },
  { target: './src/main/ipc', from: './src', except: ['./main/ipc', './main/app', './main/engineHost', './shared'] },
  { target: './src/main/engineHost', from: './src', except: ['./main/engineHost', './shared'] },
  { target: './src/main/engine', from: './src', except: ['./main/engine', './shared'] },
  { target: './src/cli', from: './src', except: ['./cli', './shared', './main/engine'] },
  { target: './e2e', from: './src', except: ['./shared'] },
  { target: './src/renderer/src/ui', from: './src/renderer/src', except: ['./ui'] },
  { target: './src/renderer/src/charts', from: './src/renderer/src', except: ['./charts', './ui'] },
  { target: './src/renderer/src/viewer', from: './src/renderer/src', except: ['./viewer', './ui'] },
  { target: './src/renderer/src/state', from: './src/renderer/src', except: ['./state', './bridge.ts'] },
  only('runtime', []),
  only('store', []),
  only('codec', []),
  only('networks', ['runtime']),
  only('models', ['networks', 'runtime']),
  only('noise', ['runtime', 'codec']),
  only('data', ['noise', 'codec', 'runtime']),
  only('imaging', ['runtime', 'codec', 'networks']),
  only('training', ['models', 'networks', 'data', 'store', 'runtime', 'noise']),
]

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'src/shared/messages/compiled/**', 'test-results/**', 'coverage/**'] },
  js.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.web.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: ['./tsconfig.node.json', './tsconfig.web.json'] })] },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    files: ['**/*.svelte'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  { files: ['src/renderer/**'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.mjs', '**/*.cjs', 'scripts/**'], languageOptions: { globals: globals.node } },
)
