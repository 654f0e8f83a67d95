/**
 * Seconds to denoise one photo of 12 megapixels, ours (tiles with overlap and blending, as the program does it) beside
 * the same network in PyTorch: same threads, alternating runs; the figure is the median of the pairwise ratios.
 * Usage: npm run bench:denoise -- [pairs] [model]
 */
import { openDenoiser } from '../src/main/engine/models/photoDenoiser'
import { denoisePlanes } from '../src/main/engine/imaging/denoise'
import { threads } from '../src/main/engine/runtime/environment'
import { inferencePrecision } from '../src/main/engine/runtime/precision'
import { tensorflowVersion } from '../src/main/engine/runtime/tensorflow'
import { readContainer } from '../src/main/engine/store/container'
import type { Planes } from '../src/main/engine/codec/planes'
import { median, Peer } from './peer'

const WIDTH = 4000
const HEIGHT = 3000

/** A picture with edges, slopes and noise; what it shows does not change the time. */
function picture(channels: 1 | 3): Planes {
  const data = new Uint8Array(WIDTH * HEIGHT * channels)
  for (let i = 0; i < data.length; i++) data[i] = ((i * 7) % 97) + ((i >> 9) % 64)
  return { width: WIDTH, height: HEIGHT, channels, bits: 8, data, alpha: null }
}

async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? 9)
  const path = `resources/${process.argv[3] ?? 'denoise-colour'}.ldm`
  const { header, tensors } = await readContainer(path)
  const precision = inferencePrecision(tensorflowVersion)
  const runner = openDenoiser({ config: header.config, weights: tensors }, precision)
  const input = picture(runner.channels)
  const output: Planes = { ...input, data: input.data.slice() }
  const ours = async (): Promise<number> => {
    const begun = performance.now()
    await denoisePlanes(input, output, runner, 25)
    return performance.now() - begun
  }
  const peer = new Peer('PyTorch', 'denoise_pytorch.py', threads)
  peer.tell(JSON.stringify(header.config))
  const size = `${WIDTH}x${HEIGHT}`
  await peer.ask('1024x1024')
  const times: [number, number][] = []
  for (let pair = 0; pair < pairs; pair++) {
    times.push([await ours(), await peer.ask(size)])
    const [own, theirs] = times[pair] as [number, number]
    console.log(
      `${pair + 1}: ours ${(own / 1000).toFixed(2)} s, PyTorch ${(theirs / 1000).toFixed(2)} s, ratio ${(own / theirs).toFixed(3)}`,
    )
  }
  const megapixels = (WIDTH * HEIGHT) / 1e6
  const seconds = median(times.map(([own]) => own)) / 1000
  console.log(
    `${path}, ${threads} threads, ${precision}: ${seconds.toFixed(2)} s, ${(megapixels / seconds).toFixed(2)} megapixels a second`,
  )
  console.log(
    `ratio to PyTorch, median of ${pairs} pairs: ${median(times.map(([own, theirs]) => own / theirs)).toFixed(3)}`,
  )
  peer.close()
  runner.close()
}

void main()
