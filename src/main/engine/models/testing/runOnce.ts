/** Runs a small denoiser twice in a process of its own, whose stderr a test reads. */
import { initialParameters, type PhotoDenoiserConfig } from '../../networks/photoDenoiser'
import { openDenoiser } from '../photoDenoiser'

const config: PhotoDenoiserConfig = {
  network: 'photo-denoiser',
  channels: 1,
  widths: [16, 16, 16],
  blocks: 2,
}
const runner = openDenoiser({ config, weights: initialParameters(config, 1) })
runner.run(new Float32Array(4096).fill(0.5), 64, 64, 25)
console.log(`denoised ${runner.run(new Float32Array(4096).fill(0.5), 64, 64, 25).length} values`)
runner.close()
