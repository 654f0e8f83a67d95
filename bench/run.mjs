/** Builds one measurement from TypeScript and runs it: `node bench/run.mjs NAME [arguments]`. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'

const [name, ...rest] = process.argv.slice(2)
const root = join(import.meta.dirname, '..')
const outDir = join(root, 'out', 'bench')
await build({
  configFile: false,
  logLevel: 'error',
  root,
  define: { CODEC_WORKER: JSON.stringify(join(root, 'out', 'main', 'codecWorker.js')) },
  build: {
    ssr: join(import.meta.dirname, `${name}.ts`),
    outDir,
    emptyOutDir: false,
    rollupOptions: {
      external: [/^@tensorflow\//],
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
  ssr: { noExternal: [/^(?!@tensorflow)/] },
})
process.exit(
  spawnSync(process.execPath, [join(outDir, `${name}.cjs`), ...rest], { stdio: 'inherit' })
    .status ?? 1,
)
