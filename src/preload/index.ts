/** The transport, and nothing else: it knows no request by name but the one that turns a `File` into a handle. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Reply } from '../shared/contract'
import { channels, type Transport, type WindowEventMessage } from '../shared/transport'

const error = {
  code: 'request-refused',
  message: 'A page may not name a path',
  params: {},
} as const
const ask = <Result>(name: string, args: unknown) =>
  ipcRenderer.invoke(channels.request, name, args) as Promise<Reply<Result>>

/** Electron 22 has no `webUtils`; there a `File` carries its path. */
const pathOf = (file: File & { path?: string }) =>
  (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ?? file.path ?? ''

const transport: Transport = {
  invoke: async (name, args) =>
    name === 'files.adopt' ? { ok: false, error } : await ask<unknown>(name, args),
  adopt: (file) => ask('files.adopt', { path: pathOf(file) }),
  on: (listener) => {
    const forward = (_event: unknown, message: WindowEventMessage) => listener(message)
    ipcRenderer.on(channels.event, forward)
    return () => void ipcRenderer.off(channels.event, forward) // it returns ipcRenderer itself
  },
}
contextBridge.exposeInMainWorld('darkroom', transport)
