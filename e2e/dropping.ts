/** Files on disk that are dragged onto the window. */
import type { Page } from '@playwright/test'

/** Runs in the page: a field for files, which knows where they are on disk. */
const fileField = `document.body.append(
  Object.assign(document.createElement('input'), { type: 'file', multiple: true, id: 'dropped' }),
)`
/** Runs in the page: what the field holds is dropped. */
const dropFiles = `(() => {
  const field = document.querySelector('#dropped')
  const dataTransfer = new DataTransfer()
  for (const file of field.files) dataTransfer.items.add(file)
  field.remove()
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }))
})()`

/** Puts files on disk onto the window, as if they were dragged there. */
export async function dropOnto(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(fileField)
  await page.locator('#dropped').setInputFiles([...paths])
  await page.evaluate(dropFiles)
}
