/** Hangs the door into Electron: one channel up, one down. */
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import type { Reply, WindowEvents } from '../../shared/contract'
import { channels } from '../../shared/transport'
import { isOurs, type Sender } from './door'

/** Who sent a message. Frames are compared by their numbers: Electron makes a new object for each message. */
function senderOf(event: IpcMainInvokeEvent, window: BrowserWindow | null): Sender | null {
  const frame = event.senderFrame
  if (!frame || !window || window.isDestroyed()) return null
  const top = window.webContents.mainFrame
  const same = frame.processId === top.processId && frame.routingId === top.routingId
  return { url: frame.url, ourTopFrame: event.sender === window.webContents && same }
}

/** Answers the window's requests by `door`. `window` gives the window there is at the moment. */
export function register(
  door: (sender: Sender | null, name: unknown, args: unknown) => Promise<Reply<unknown>>,
  window: () => BrowserWindow | null,
): void {
  ipcMain.handle(channels.request, (event, name: unknown, args: unknown) =>
    door(senderOf(event, window()), name, args),
  )
}

/** Sends an event to the window, if there is one and it shows our page. */
export function send<Name extends keyof WindowEvents>(
  window: BrowserWindow | null,
  name: Name,
  payload: WindowEvents[Name],
): void {
  if (!window || window.isDestroyed() || !isOurs(window.webContents.getURL())) return
  window.webContents.send(channels.event, { name, payload })
}
