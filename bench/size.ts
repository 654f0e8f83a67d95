/**
 * How time and memory grow with a photo: made photos of 1 to 100 megapixels (PNG, 8 bits, colour) denoised by the
 * command line to PNG. Seconds of the whole command, and the most memory that it had resident beyond what the same
 * command had for a photo of 0.1 megapixels: what the program itself takes. Needs the program built.
 * Usage: npm run bench:size -- [megapixels,megapixels]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { drawPanels } from './drawing'

/** Slopes and edges with noise of σ 10 (a sum of four bytes), from a generator of 32 bits. */
function picture(megapixels: number): Uint8Array {
  const width = Math.round(Math.sqrt(megapixels * 1e6 * 1.5))
  const height = Math.round((megapixels * 1e6) / width)
  const data = new Uint8Array(width * height * 3)
  let state = 1
  const byte = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    const noise = ((byte() + byte() + byte() + byte() - 510) / 147.8) * 10
    data[i] = 60 + ((x >> 4) % 64) + ((y >> 6) % 2) * 60 + noise
  }
  return encode({ width, height, channels: 3, depth: 8, data })
}

/** Runs the command; seconds, and the most MiB that its process had resident. */
async function denoise(input: string, output: string): Promise<{ seconds: number; mib: number }> {
  const begun = performance.now()
  const command = ['out/main/cli.js', 'denoise', input, '--out', output]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] })
  let most = 0
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // it has just ended
    }
  }, 20)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(look)
  if (code !== 0) throw new Error(`The command ended with ${code}.`)
  return { seconds: (performance.now() - begun) / 1000, mib: most }
}

async function main(): Promise<void> {
  const sizes = (process.argv[2] ?? '1,4,12,25,50,100').split(',').map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'size-'))
  const [input, output] = [join(folder, 'noisy.png'), join(folder, 'denoised.png')]
  const measure = async (megapixels: number) => {
    writeFileSync(input, picture(megapixels))
    return denoise(input, output)
  }
  const own = await measure(0.1)
  console.log(`the program itself: ${own.seconds.toFixed(2)} s, ${own.mib.toFixed(0)} MiB`)
  const seconds: [number, number][] = []
  const memory: [number, number][] = []
  for (const size of sizes) {
    const result = await measure(size)
    const beyond = result.mib - own.mib
    seconds.push([size, result.seconds])
    memory.push([size, beyond])
    console.log(
      `${size} megapixels: ${result.seconds.toFixed(2)} s, ${((result.seconds - own.seconds) / size).toFixed(3)} s a megapixel beyond the start, ` +
        `${beyond.toFixed(0)} MiB beyond the program, ${(beyond / size).toFixed(1)} a megapixel`,
    )
  }
  rmSync(folder, { recursive: true })
  const panels = [
    { label: 'megapixels; seconds', lines: [{ label: 'ours', points: seconds }] },
    { label: 'megapixels; MiB beyond the program', lines: [{ label: 'ours', points: memory }] },
  ]
  writeFileSync('bench/size.svg', drawPanels('denoise, file to file', panels))
}

void main()
