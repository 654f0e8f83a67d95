import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const entry = (path: string) => resolve(import.meta.dirname, path)

/** The one native dependency; everything else is bundled, so the built engine requires nothing from `node_modules` but this. */
const external = ['electron', '@tensorflow/tfjs-node', /^@tensorflow\/tfjs-node\//]

/** The fonts that the Guide's formulas are set in. */
const formulaFonts = [
  ...['Main-Regular', 'Main-Bold', 'Math-Italic', 'Math-BoldItalic', 'Caligraphic-Regular'],
  ...['AMS-Regular', 'Size1-Regular', 'Size2-Regular', 'Size3-Regular', 'Size4-Regular'],
]

/** KaTeX's style sheet names twenty fonts in three formats each: the build takes what the formulas need, as woff2. */
const katexFonts: Plugin = {
  name: 'katex-fonts',
  enforce: 'pre',
  transform(css, id) {
    if (!id.endsWith('/katex.min.css')) return null
    return css.replace(/@font-face\{[^}]*\}/g, (face) => {
      const font = /url\(fonts\/KaTeX_([\w-]+)\.woff2\)/.exec(face)?.[1] ?? ''
      return formulaFonts.includes(font) ? face.replace(/,url\([^)]*\) format\("\w+"\)/g, '') : ''
    })
  },
}

export default defineConfig({
  main: {
    build: {
      target: 'node16.17',
      externalizeDeps: false,
      rollupOptions: {
        external,
        input: {
          index: entry('src/main/index.ts'),
          engine: entry('src/main/engine/entry.ts'),
          codecWorker: entry('src/main/engine/codec/worker.ts'),
          cli: entry('src/cli/index.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node16.17',
      externalizeDeps: false,
      rollupOptions: {
        external: ['electron'],
        input: { index: entry('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      target: 'chrome108',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        checks: { pluginTimings: false }, // how long a plugin took says nothing about the program
        input: { index: entry('src/renderer/index.html') },
      },
    },
    plugins: [svelte(), katexFonts],
  },
})
