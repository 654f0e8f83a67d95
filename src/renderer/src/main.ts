import { mount } from 'svelte'
import { errorText } from '../../shared/messages'
import App from './App.svelte'
import { adopt, ask, listen } from './bridge'
import { Workspace } from './state/workspace.svelte'
import './styles/tokens.css'
import './styles/base.css'
import './styles/floating.css'

const workspace = new Workspace({ adopt, ask, listen }, errorText)
const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element #app')
// Settings first, so that the first frame has its theme and language; a failure is told in the window itself.
await workspace.start().catch(workspace.notices.fail)
mount(App, { target, props: { workspace } })
