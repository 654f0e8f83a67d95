/** The engine process: see `src/main/engineHost/README.md`. */
import { createEngine } from './handlers'
import { runEngine } from './serve'

runEngine(createEngine)
