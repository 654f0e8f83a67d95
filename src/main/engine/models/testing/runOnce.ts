/**
 * Runs a small denoiser in a process of its own, whose stderr a test reads: with free sizes as the program does,
 * with fixed ones (the optimiser tries more when it knows all shapes), and one training step.
 */
import {
  initialParameters,
  photoDenoiser,
  type PhotoDenoiserConfig,
  photoDenoiserParameters,
} from '../../networks/photoDenoiser'
import { ProgramBuilder } from '../../runtime/program'
import { tf, type Tensor } from '../../runtime/tensorflow'
import { buildDenoiserTraining, openDenoiser } from '../photoDenoiser'
import { zeroMoments } from '../training'

const config: PhotoDenoiserConfig = {
  network: 'photo-denoiser',
  channels: 1,
  widths: [16, 16, 16],
  blocks: 2,
}
const weights = initialParameters(config, 1)
const grey = (): Float32Array => new Float32Array(4096).fill(0.5)

const runner = openDenoiser({ config, weights })
runner.run(grey(), 64, 64, 25)
console.log(`denoised ${runner.run(grey(), 64, 64, 25).length} values`)
runner.close()

const builder = new ProgramBuilder()
for (const [name, value] of weights) builder.variable(name, value.shape)
const fixed = builder.define(
  { noisy: { shape: [1, 64, 64, 1] }, level: { shape: [1, 32, 32, 1] } },
  [...weights.keys()],
  ({ noisy, level }, parameters) => [photoDenoiser(config, parameters, noisy, level)],
)
const program = builder.finish()
program.assign(weights)
const feeds = new Map([
  [fixed.placeholders.get('noisy') as string, tf.tensor(grey(), [1, 64, 64, 1])],
  [fixed.placeholders.get('level') as string, tf.fill([1, 32, 32, 1], 0.1)],
])
console.log(`fixed sizes gave ${(program.run(feeds, fixed.outputs)[0] as Tensor).size} values`)
program.close()

const training = buildDenoiserTraining(config, 2, 32, 'float32', {})
training.program.assign(weights)
training.program.assign(zeroMoments(photoDenoiserParameters(config)))
const sigmas = Float32Array.of(25, 25)
const report = training.step(
  { clean: new Float32Array(2048).fill(0.5), sigmas, assumed: sigmas, noiseSeed: [1, 1] },
  1,
  1e-3,
)
console.log(`trained: ${report.updated}`)
training.close()
