/** One instance a user: a second start hands its files to the first, and so does the system's 'open with'. */
import { app } from 'electron'
import { z } from 'zod'
import { filesIn } from './arguments'

const handedOver = z.object({ files: z.array(z.string()) })

/**
 * Becomes the one instance. Returns false in a second one, whose files the first has then got.
 * `open` is called with absolute paths, now for this start's own and later for others'; `focus` when somebody
 * started the program again.
 */
export function becomeOnlyInstance(open: (paths: string[]) => void, focus: () => void): boolean {
  const files = filesIn(process.argv, process.cwd(), app.isPackaged ? null : app.getAppPath())
  if (!app.requestSingleInstanceLock({ files })) return false
  app.on('second-instance', (_event, _argv, _workingDirectory, data) => {
    focus()
    const parsed = handedOver.safeParse(data)
    if (parsed.success) open(parsed.data.files)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open([path])
  })
  open(files)
  return true
}
