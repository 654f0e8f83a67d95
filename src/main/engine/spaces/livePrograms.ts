/** Opened autoencoders, of which only a few keep their native program: one that is used again is opened again. */
import { modelOf } from '../models'
import {
  openAutoencoder,
  type Autoencoder,
  type TrainedAutoencoder,
} from '../models/openAutoencoder'

export class LivePrograms {
  readonly #most: number
  /** The one that was used last is the last. */
  readonly #live = new Map<TrainedAutoencoder, Autoencoder>()

  constructor(most: number) {
    this.#most = most
  }

  get count(): number {
    return this.#live.size
  }

  /**
   * A model that takes its native memory when it is used, and gives it back when others were used since: whoever
   * holds one, long work for instance, never finds it closed.
   * @throws DarkroomError `model-damaged`
   */
  open(trained: TrainedAutoencoder): Autoencoder {
    const { config, shape } = trained
    const opened = (): Autoencoder => this.#use(trained)
    opened()
    return {
      config,
      shape,
      model: modelOf(config, shape),
      encode: (images) => opened().encode(images),
      decode: (codes) => opened().decode(codes),
      reconstruct: (images) => opened().reconstruct(images),
      close: () => this.#close(trained),
    }
  }

  close(): void {
    for (const trained of [...this.#live.keys()]) this.#close(trained)
  }

  #use(trained: TrainedAutoencoder): Autoencoder {
    const program = this.#live.get(trained) ?? openAutoencoder(trained)
    this.#live.delete(trained)
    this.#live.set(trained, program)
    for (const each of [...this.#live.keys()].slice(0, -this.#most)) this.#close(each)
    return program
  }

  #close(trained: TrainedAutoencoder): void {
    this.#live.get(trained)?.close()
    this.#live.delete(trained)
  }
}
