/**
 * Puts text on the clipboard, from within a click or key press. By the `copy` event, because every
 * permission is denied here, the one that `navigator.clipboard` asks for among them.
 */
export function copyText(text: string): void {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  document.addEventListener('copy', fill, { capture: true, once: true })
  document.execCommand('copy')
  document.removeEventListener('copy', fill, { capture: true })
}
