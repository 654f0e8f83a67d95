import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from 'vite'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('5,000 steps keep no tensors, and at most 4 MiB of memory per 1,000 after step 500', async () => {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(__dirname, 'testing/longTrainingChild.ts'),
      outDir: folder,
      rollupOptions: {
        external: [/^@tensorflow\//],
        output: { format: 'cjs', entryFileNames: 'run.cjs' },
      },
    },
    ssr: { noExternal: [/^(?!@tensorflow)/] },
  })
  const env = { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') }
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'run.cjs')], {
    encoding: 'utf8',
    env,
  })
  expect(status).toBe(0)
  const kept = JSON.parse(stdout) as { tensors: number; memory: number }
  expect(kept.tensors).toBe(0)
  expect(kept.memory).toBeLessThan(4)
})
