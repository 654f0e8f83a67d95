/**
 * A TensorFlow graph under construction: nodes with typed attributes, and its form as a SavedModel,
 * which is the only form that the addon can load.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { native, type OpAttribute } from './tensorflow'

/** TensorFlow's number for bfloat16; tfjs-node does not know the type. */
export const BFLOAT16 = 14

interface Message {
  serializeBinary(): Uint8Array
}
interface AttrValue extends Message {
  setType(type: number): void
  setI(value: number): void
  setF(value: number): void
  setB(value: boolean): void
  setS(value: string): void
  setShape(value: Message): void
  setTensor(value: Message): void
  setList(value: Message): void
}
interface MessageMap {
  set(name: string, value: Message): void
}
interface NodeDef extends Message {
  setName(name: string): void
  setOp(op: string): void
  setInputList(inputs: string[]): void
  getAttrMap(): { set(name: string, value: AttrValue): void }
}
/** The protobuf classes that tfjs-node ships, as far as they are used here. */
interface Messages {
  AttrValue: {
    new (): AttrValue
    ListValue: new () => Message & { setTypeList(v: number[]): void; setIList(v: number[]): void }
  }
  TensorShape: {
    new (): Message & { addDim(dim: Message): void }
    Dim: new () => Message & { setSize(size: number): void }
  }
  Tensor: new () => Message & {
    setDtype(type: number): void
    setTensorShape(shape: Message): void
    setTensorContent(base64: string): void
  }
  NodeDef: new () => NodeDef
  GraphDef: new () => Message & {
    setNodeList(nodes: NodeDef[]): void
    setVersions(version: Message): void
  }
  VersionDef: new () => Message & { setProducer(version: number): void }
  MetaGraphDef: {
    new (): Message & {
      setMetaInfoDef(info: Message): void
      setGraphDef(graph: Message): void
      getSignatureDefMap(): MessageMap
    }
    MetaInfoDef: new () => Message & { setTagsList(tags: string[]): void }
  }
  SignatureDef: new () => Message & {
    getInputsMap(): MessageMap
    getOutputsMap(): MessageMap
    setMethodName(name: string): void
  }
  TensorInfo: new () => Message & {
    setName(output: string): void
    setDtype(type: number): void
    setTensorShape(shape: Message): void
  }
  SavedModel: new () => Message & {
    setSavedModelSchemaVersion(version: number): void
    addMetaGraphs(graph: Message): void
  }
}
const messages = createRequire(__filename)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as Messages

export type Attributes = Record<string, AttrValue>

function attribute(set: (value: AttrValue) => void): AttrValue {
  const value = new messages.AttrValue()
  set(value)
  return value
}
function shapeMessage(shape: readonly number[]): Message {
  const message = new messages.TensorShape()
  for (const size of shape) {
    const dim = new messages.TensorShape.Dim()
    dim.setSize(size)
    message.addDim(dim)
  }
  return message
}

/** Attribute values by kind. */
export const attr = {
  type: (type: number) => attribute((v) => v.setType(type)),
  integer: (value: number) => attribute((v) => v.setI(value)),
  bool: (value: boolean) => attribute((v) => v.setB(value)),
  text: (value: string) => attribute((v) => v.setS(Buffer.from(value).toString('base64'))),
  shape: (shape: readonly number[]) => attribute((v) => v.setShape(shapeMessage(shape))),
  constant: (shape: readonly number[], type: number, bytes: Buffer) =>
    attribute((v) => {
      const tensor = new messages.Tensor()
      tensor.setDtype(type)
      tensor.setTensorShape(shapeMessage(shape))
      tensor.setTensorContent(bytes.toString('base64'))
      v.setTensor(tensor)
    }),
}

/** An attribute as tfjs passes it to the addon, as the graph wants it. */
export function fromOpAttribute({ name, type, value }: OpAttribute): AttrValue {
  if (Array.isArray(value)) {
    const list = new messages.AttrValue.ListValue()
    if (type === native.TF_ATTR_TYPE) list.setTypeList(value as number[])
    else list.setIList(value as number[])
    return attribute((v) => v.setList(list))
  }
  switch (type) {
    case native.TF_ATTR_TYPE:
      return attr.type(value as number)
    case native.TF_ATTR_INT:
      return attribute((v) => v.setI(value as number))
    case native.TF_ATTR_FLOAT:
      return attribute((v) => v.setF(value as number))
    case native.TF_ATTR_BOOL:
      return attr.bool(Boolean(value))
    case native.TF_ATTR_STRING:
      return attr.text(value as string)
    default:
      throw new Error(`Expected an attribute of a known type. Received ${name} of type ${type}.`)
  }
}

/** A tensor that a loaded model is fed or returns: its node's output, type and shape, −1 where any size will do. */
export interface SignatureTensor {
  node: string
  type: number
  shape: readonly number[]
}
/** What a model offers to others: inputs and outputs by the names that callers use. */
export interface Signature {
  inputs: ReadonlyMap<string, SignatureTensor>
  outputs: ReadonlyMap<string, SignatureTensor>
}

function signatureMessage({ inputs, outputs }: Signature): Message {
  const signature = new messages.SignatureDef()
  const fill = (map: MessageMap, tensors: Signature['inputs']): void => {
    for (const [name, { node, type, shape }] of tensors) {
      const info = new messages.TensorInfo()
      info.setName(node)
      info.setDtype(type)
      info.setTensorShape(shapeMessage(shape))
      map.set(name, info)
    }
  }
  fill(signature.getInputsMap(), inputs)
  fill(signature.getOutputsMap(), outputs)
  signature.setMethodName('tensorflow/serving/predict')
  return signature
}

/** Nodes in the order they were added. Names are unique; an input is `node`, `node:output` or `^node` (control). */
export class GraphDefinition {
  readonly #nodes: NodeDef[] = []
  readonly #names = new Set<string>()

  /** Adds a node and returns its name. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    name = `n${this.#nodes.length}`,
  ): string {
    if (this.#names.has(name)) throw new Error(`Expected a new node name. Received ${name} twice.`)
    const node = new messages.NodeDef()
    node.setName(name)
    node.setOp(op)
    node.setInputList([...inputs])
    for (const [key, value] of Object.entries(attributes)) node.getAttrMap().set(key, value)
    this.#nodes.push(node)
    this.#names.add(name)
    return name
  }

  /** A prefix that no node has yet, for the names of a group of nodes. */
  unique(prefix: string): string {
    return `${prefix}${this.#nodes.length}`
  }

  /** Adds a constant of the given numbers; `type` is float32 unless said otherwise. */
  constant(
    values: Float32Array | Int32Array,
    shape: readonly number[] = [],
    name?: string,
  ): string {
    const type = values instanceof Float32Array ? native.TF_FLOAT : native.TF_INT32
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    return this.add(
      'Const',
      [],
      { dtype: attr.type(type), value: attr.constant(shape, type, bytes) },
      name,
    )
  }

  /** The graph as the bytes of a `saved_model.pb` without variable files; its signature, if any, is the default one. */
  serialize(signature?: Signature): Uint8Array {
    const graph = new messages.GraphDef()
    graph.setNodeList(this.#nodes)
    const version = new messages.VersionDef()
    version.setProducer(1000)
    graph.setVersions(version)
    const info = new messages.MetaGraphDef.MetaInfoDef()
    info.setTagsList(['serve'])
    const meta = new messages.MetaGraphDef()
    meta.setMetaInfoDef(info)
    meta.setGraphDef(graph)
    if (signature) meta.getSignatureDefMap().set('serving_default', signatureMessage(signature))
    const model = new messages.SavedModel()
    model.setSavedModelSchemaVersion(1)
    model.addMetaGraphs(meta)
    return model.serializeBinary()
  }

  /** Loads the graph into a session of its own and returns the session's number. */
  load(): number {
    const folder = mkdtempSync(join(tmpdir(), 'latent-darkroom-graph-'))
    try {
      writeFileSync(join(folder, 'saved_model.pb'), this.serialize())
      return native.loadSavedModel(folder, 'serve')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
