/** An autoencoder as a row of blocks: what goes in, what each layer makes of it, the code in the middle, and back. */
import type { AutoencoderConfig } from '../../../../shared/training'

export interface Block {
  /** How many numbers it holds. */
  size: number
  /** `28×28×1`, `400` */
  text: string
  part: 'image' | 'layer' | 'code'
}

interface Sides {
  width: number
  height: number
  channels: number
}

const cube = (width: number, height: number, channels: number): Omit<Block, 'part'> => ({
  size: width * height * channels,
  text: `${width}×${height}×${channels}`,
})

/** The encoder's blocks from the image inwards, without the image itself. */
function hidden({ family, layers, dense }: AutoencoderConfig, { width, height }: Sides): Block[] {
  if (family === 'mlp')
    return layers.map((size) => ({ size, text: String(size), part: 'layer' as const }))
  const halved = (side: number, times: number) => Math.ceil(side / 2 ** times)
  const blocks = layers.map((channels, index): Block => ({
    ...cube(halved(width, index + 1), halved(height, index + 1), channels),
    part: 'layer',
  }))
  return dense > 0 ? [...blocks, { size: dense, text: String(dense), part: 'layer' }] : blocks
}

export function sketchOf(model: AutoencoderConfig, sides: Sides): Block[] {
  const image: Block = { ...cube(sides.width, sides.height, sides.channels), part: 'image' }
  const inwards = hidden(model, sides)
  const code: Block = { size: model.latent, text: String(model.latent), part: 'code' }
  return [image, ...inwards, code, ...[...inwards].reverse(), image]
}
