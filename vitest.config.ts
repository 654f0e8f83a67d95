import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { testWorker } from './src/main/engine/codec/testing/buildWorker'

export default defineConfig({
  plugins: [svelte({ configFile: false })], // compiles the runes of `*.svelte.ts`
  define: { CODEC_WORKER: JSON.stringify(testWorker) },
  test: {
    globalSetup: ['src/main/engine/codec/testing/buildWorker.ts'], // the codecs' worker thread runs a bundle
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    pool: 'forks', // the TensorFlow addon cannot be loaded in a worker thread
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
