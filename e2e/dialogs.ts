/** What the system's dialogs answer, which no test can click. */
import type { ElectronApplication } from '@playwright/test'

/** Every dialog that opens files or folders answers with these from now on. */
export const answerOpen = (app: ElectronApplication, ...paths: string[]): Promise<void> =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
  }, paths)

/** Every dialog that saves a file answers with this place from now on. */
export const answerSave = (app: ElectronApplication, path: string): Promise<void> =>
  app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
