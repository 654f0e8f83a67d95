/** MODEL with `--data`: a latent space with the images that the command line names. */
import type { Engine } from '../main/engine/handlers'
import type { Space } from '../main/engine/spaces/spaces'
import { m } from '../shared/messages/compiled/messages'
import { required } from './arguments'
import type { Context } from './context'
import { dataSourceOf, namingData, shapeOf } from './dataSources'
import { openSpace } from './libraryModels'

/**
 * Opens a model's space on the data that `--data` names, or on its own; a folder's images are brought to its size.
 * @param data what `--data` says, undefined where it is missing
 * @throws DarkroomError as `openSpace` and `onData`; `usage` where the model's own data is not known here
 */
export async function openSpaceOn(
  engine: Engine,
  wanted: string,
  data: string | undefined,
  { terminal, signal }: Context,
): Promise<Space> {
  const space = await openSpace(engine, wanted)
  const own = space.run.data
  if (data === undefined) {
    if ('path' in own && own.path === '') required('--data', data)
    return space
  }
  const { width, height, channels } = space.shape
  const sides = { width, height, channels: channels === 3 ? 3 : 1 } as const
  const source = await dataSourceOf(data, { ...sides, fit: shapeOf(own).fit })
  const { onData } = await import('../main/engine/spaces/otherData')
  return namingData(source, () =>
    onData(space, source, {
      ...{ cache: engine.library.folders.cache, signal },
      onProgress: (share) =>
        terminal.progress(m.cli_reading_data({ percent: Math.floor(100 * share) })),
    }),
  )
}
