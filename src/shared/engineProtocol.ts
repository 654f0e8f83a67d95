/** The messages between main and the engine. The requests and events inside them are the contract's. */
import type { EngineEvents, Reply } from './contract'

/** Raised with every change of these messages; both sides must speak the same. */
export const engineProtocol = 1

export type ToEngine =
  | { type: 'hello'; protocol: number }
  | { type: 'request'; id: number; name: string; args: unknown }
  | { type: 'ping' }
  | { type: 'stop' }

export type EngineEventMessage = {
  [Name in keyof EngineEvents]: { type: 'event'; name: Name; payload: EngineEvents[Name] }
}[keyof EngineEvents]

export type FromEngine =
  | { type: 'ready'; protocol: number }
  | { type: 'reply'; id: number; reply: Reply<unknown> }
  | EngineEventMessage
  | { type: 'pong' }
  /** A long native call begins (a library, a graph): silence is no sign of death until as many ends were told. */
  | { type: 'blocking'; blocking: boolean }
  /** The last message of an engine that was asked to stop. An exit without it is a crash, whatever its code. */
  | { type: 'stopped' }
