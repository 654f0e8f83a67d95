import { resolve } from 'node:path'
import { build } from 'vite'

/** Where the tests find the worker: `vitest.config.ts` gives it to the code under test. */
export const testWorker = resolve(import.meta.dirname, '../../../../../out/test/codecWorker.js')

/** Vitest's global setup: the real worker, bundled as the program's build does it, so that tests run that. */
export default async function buildWorker(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: resolve(import.meta.dirname, '../worker.ts'),
      outDir: resolve(testWorker, '..'),
      emptyOutDir: false,
      target: 'node16.17',
      minify: false,
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'codecWorker.js' } },
    },
  })
}
