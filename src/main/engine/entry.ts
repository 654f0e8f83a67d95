/** The engine process: see `src/main/engineHost/README.md`. */
import { createHandlers } from './handlers'
import { runEngine } from './serve'

runEngine(createHandlers)
