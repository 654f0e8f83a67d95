import { damaged } from './refusals'

/** What an Emscripten factory of `@jsquash` takes: our own instance, and where its messages go. */
interface Overrides {
  noInitialRun: true
  print: (line: string) => void
  printErr: (line: string) => void
  instantiateWasm: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports
}
type Factory<Exports> = (overrides: Overrides) => Promise<Exports>

/** One codec of `@jsquash`: its glue and its module, inlined in this bundle as a data URL. */
interface WasmCodec<Exports> {
  factory: Factory<Exports>
  dataUrl: string
}

/** The packages declare their factories in terms of a namespace that they do not ship, so `Exports` is ours to say. */
export const wasmCodec = <Exports>(factory: unknown, dataUrl: string): WasmCodec<Exports> => ({
  factory: factory as Factory<Exports>,
  dataUrl,
})

const compiled = new Map<string, WebAssembly.Module>()

function moduleOf(dataUrl: string): WebAssembly.Module {
  let module = compiled.get(dataUrl)
  if (!module) {
    module = new WebAssembly.Module(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'))
    compiled.set(dataUrl, module)
  }
  return module
}

/**
 * A fresh instance of a codec for one image: it shares nothing with the one before, whatever that image
 * did to its memory, and its memory, which never shrinks, goes with it. The module is compiled once.
 * @param messages receives what the codec prints, its warnings
 */
export function instantiate<Exports>(
  codec: WasmCodec<Exports>,
  messages: string[] = [],
): Promise<Exports> {
  const note = (line: string): void => {
    if (messages.length < 20) messages.push(line)
  }
  return codec.factory({
    noInitialRun: true,
    print: note,
    printErr: note,
    instantiateWasm: (imports, receive) => {
      const instance = new WebAssembly.Instance(moduleOf(codec.dataUrl), imports)
      receive(instance)
      return instance.exports
    },
  })
}

/**
 * Runs a codec over hostile bytes: whatever it throws or aborts with means that the image is damaged, with
 * what it printed as the reason.
 */
export function guarded<Result>(messages: string[], run: () => Result | null): Result {
  let result: Result | null
  try {
    result = run()
  } catch (error) {
    if (error instanceof RangeError) throw error // memory for the result: `naming` tells this apart
    throw damaged(messages[0] ?? (error instanceof Error ? error.message : String(error)), error)
  }
  if (!result) throw damaged(messages[0] ?? 'the decoder found no picture in it')
  return result
}
