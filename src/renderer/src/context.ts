import { createContext } from 'svelte'
import type { Workspace } from './state/workspace.svelte'
import type { View } from './viewer/view.svelte'

/** What every screen and the frame share, made in `App`. */
export const [useWorkspace, provideWorkspace] = createContext<Workspace>()
export const [useView, provideView] = createContext<View>()
