import type { Adopt } from '../bridge'
import { anyFolder } from './configEdits'
import type { Workspace } from './workspace.svelte'

/** Takes dropped files where the screen that is shown can use them. */
export async function dropped(
  workspace: Workspace,
  adopt: Adopt,
  files: readonly File[],
  folders: ReadonlySet<File>,
): Promise<void> {
  const [first] = files
  if (!first) return
  const models = files.filter(({ name }) => name.toLowerCase().endsWith('.ldm'))
  if (models.length > 0) {
    workspace.screen = 'library'
    await workspace.library.import(await Promise.all(models.map(adopt)))
  } else if (workspace.screen === 'train')
    trainOn(workspace, await adopt(first), folders.has(first))
  else if (workspace.screen === 'measure' && folders.has(first)) {
    const { file, name } = await adopt(first)
    workspace.measure.takeFolder(file, name)
  } else if (workspace.screen === 'generate' && workspace.generate.canTakeFiles)
    workspace.generate.takeFiles(await Promise.all(files.map(adopt)))
  else if (files.length > 1 || folders.has(first))
    await workspace.batch.add(await Promise.all(files.map(adopt)))
  else await workspace.openFiles([...files])
}

/** A folder or an idx file becomes the data of the run that is set up; without one, of a recipe for folders. */
function trainOn(
  { train }: Workspace,
  { file, name }: { file: string; name: string },
  isFolder: boolean,
): void {
  if (!train.setup) {
    const recipe = train.recipe(isFolder ? 'folder-autoencoder' : 'mnist-autoencoder')
    if (!recipe) return
    train.setUp(recipe)
  }
  const { setup } = train
  if (!setup) return
  const { data } = setup.config
  if (!isFolder) setup.setData({ kind: 'idx', path: file, name, labels: null })
  else if (data.kind === 'folder') setup.setData({ ...data, path: file, name })
  else setup.setData({ ...anyFolder, path: file, name })
}
