/** What a key does when no control wants it for itself. */
import type { WindowEvents } from '../../../shared/contract'
import type { Workspace } from '../state/workspace.svelte'
import { actOf } from '../viewer/keys'
import type { View } from '../viewer/view.svelte'
import { cancelOf } from './activity'

type Command = WindowEvents['command']['command']

/** The command of a key held together with ctrl (or ⌘), or null. */
export function commandOf(event: {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}): Command | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null
  const key = event.key.toLowerCase()
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo'
  if (event.shiftKey) return null
  const commands: Record<string, Command> = { o: 'open', e: 'export', y: 'redo', ',': 'settings' }
  return commands[key] ?? null
}

/** Fields in which keys write. */
const typing = 'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, select'
/** Parts in which letters search and arrows move. */
const choosing = '[role="listbox"], [role="menu"], [role="dialog"]'
/** Controls whose arrows are their own. */
const moving = 'input, [role="slider"], [role="separator"], [role="combobox"], .scrolls'

export function handleKey(event: KeyboardEvent, workspace: Workspace, view: View): void {
  if (event.defaultPrevented || event.isComposing) return
  const target = event.target instanceof Element ? event.target : document.body
  const command = commandOf(event)
  if (command) {
    event.preventDefault()
    workspace.command(command)
    return
  }
  if (target.closest(choosing)) return
  if (event.key === 'Escape') {
    cancelOf(workspace)?.()
    return
  }
  const { batch, lab, photos, screen } = workspace
  if (screen !== 'denoise' || batch.shown) return
  if (target.closest(typing)) return
  const arrows = !target.closest(moving)
  if (arrows && (event.key === 'PageUp' || event.key === 'PageDown')) {
    event.preventDefault()
    photos.step(event.key === 'PageDown' ? 1 : -1)
    return
  }
  if (!lab.shown) viewKey(event, workspace, view) // the Lab has a view of its own
}

/** A key that no control wants, as zoom, place and way of looking of a view. */
export function viewKey(event: KeyboardEvent, workspace: Workspace, view: View): void {
  const target = event.target instanceof Element ? event.target : document.body
  if (event.defaultPrevented || target.closest(choosing) || target.closest(typing)) return
  const arrows = !target.closest(moving)
  const act = actOf(event, { characters: workspace.settings.current.singleKeys, arrows })
  if (!act || !workspace.photos.active) return
  event.preventDefault()
  act(view, event.shiftKey)
}
