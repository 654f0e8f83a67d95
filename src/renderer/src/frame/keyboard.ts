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
/** Those of them whose text has an undo of its own. */
const writing = 'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea'
/** Parts in which letters search and arrows move. */
const choosing = '[role="listbox"], [role="menu"], [role="dialog"]'
/** Controls whose arrows are their own. */
const moving = 'input, [role="slider"], [role="separator"], [role="combobox"], .scrolls'

/** The field that was written in and whose text nobody has taken yet. */
let written: EventTarget | null = null

/** Follows what is written: told of `input`, and of `change` and `focusout`, with which it ends. */
export function followWriting({ type, target }: Event): void {
  const writes = type === 'input' && target instanceof Element && target.matches(writing)
  written = writes ? target : null
}

export function handleKey(event: KeyboardEvent, workspace: Workspace, view: View): void {
  if (event.defaultPrevented || event.isComposing) return
  const target = event.target instanceof Element ? event.target : document.body
  const command = commandOf(event)
  const takesBack = command === 'undo' || command === 'redo'
  if (takesBack && target === written) return // the field takes back letters
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
