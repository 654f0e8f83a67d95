/**
 * The few names of WebAssembly's JavaScript interface that are used here. Every runtime of ours has them,
 * but TypeScript declares them only together with the browser's DOM, which this side of the program lacks.
 */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>
  type Exports = Record<string, unknown>
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: Exports
  }
}
