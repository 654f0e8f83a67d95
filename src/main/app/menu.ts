/** The application's menu, in either language. Its own entries are `command` events; the rest are Electron's roles. */
import type { MenuItemConstructorOptions } from 'electron'
import type { WindowEvents } from '../../shared/contract'
import { m } from '../../shared/messages/compiled/messages'
import type { Language } from './language'

type Command = WindowEvents['command']['command']
type Item = MenuItemConstructorOptions

interface MenuOptions {
  language: Language
  mac: boolean
  /** Reload and developer tools, in an unpackaged program only. */
  developer: boolean
  command: (command: Command) => void
}

/** The template for `Menu.buildFromTemplate`. */
export function menuTemplate({ language: locale, mac, developer, command }: MenuOptions): Item[] {
  const say = (words: (inputs: object, options: { locale: Language }) => string) =>
    words({}, { locale })
  const own = (name: Command, label: string, accelerator?: string): Item => ({
    id: name,
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => command(name),
  })
  const role = (name: NonNullable<Item['role']>, label: string): Item => ({ role: name, label })
  const line: Item = { type: 'separator' }

  const about = own('about', say(m.menu_about))
  const settings = own('settings', say(m.menu_settings), 'CmdOrCtrl+,')
  const quit = role('quit', say(m.menu_quit))

  const application: Item = {
    label: say(m.app_name),
    submenu: [
      about,
      line,
      settings,
      line,
      role('services', say(m.menu_services)),
      line,
      role('hide', say(m.menu_hide)),
      role('hideOthers', say(m.menu_hide_others)),
      role('unhide', say(m.menu_unhide)),
      line,
      quit,
    ],
  }
  const file: Item = {
    label: say(m.menu_file),
    submenu: [
      own('open', say(m.menu_open), 'CmdOrCtrl+O'),
      own('export', say(m.menu_export), 'CmdOrCtrl+E'),
      ...(mac ? [] : [line, settings, line, quit]),
    ],
  }
  const edit: Item = {
    label: say(m.menu_edit),
    submenu: [
      own('undo', say(m.menu_undo), 'CmdOrCtrl+Z'),
      own('redo', say(m.menu_redo), mac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
      line,
      role('cut', say(m.menu_cut)),
      role('copy', say(m.menu_copy)),
      role('paste', say(m.menu_paste)), // a real paste: the page may not read the clipboard by itself
      role('selectAll', say(m.menu_select_all)),
    ],
  }
  const view: Item = {
    label: say(m.menu_view),
    submenu: [
      role('resetZoom', say(m.menu_zoom_reset)),
      role('zoomIn', say(m.menu_zoom_in)),
      role('zoomOut', say(m.menu_zoom_out)),
      line,
      role('togglefullscreen', say(m.menu_full_screen)),
      ...(developer
        ? [line, role('reload', say(m.menu_reload)), role('toggleDevTools', say(m.menu_developer))]
        : []),
    ],
  }
  const window: Item = {
    label: say(m.menu_window),
    submenu: [role('minimize', say(m.menu_minimize)), role('close', say(m.menu_close))],
  }
  const help: Item = { role: 'help', label: say(m.menu_help), submenu: [about] }
  return [...(mac ? [application] : []), file, edit, view, window, ...(mac ? [] : [help])]
}
