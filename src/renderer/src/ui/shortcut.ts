/** A shortcut as this system writes it: `Ctrl+Shift+Z`, or `⇧⌘Z` on a Mac. */
export function shortcut(keys: string, system: string = navigator.userAgent): string {
  if (!system.includes('Mac')) return keys
  const command = keys.includes('Ctrl+') ? '⌘' : ''
  const shift = keys.includes('Shift+') ? '⇧' : ''
  return shift + command + keys.replace('Ctrl+', '').replace('Shift+', '')
}
