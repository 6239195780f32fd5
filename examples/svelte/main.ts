import { mount } from 'svelte'
import { openHost } from '../shared/host.ts'
import PortalPage from './PortalPage.svelte'

mount(PortalPage, { target: document.querySelector('#app') ?? document.body, props: { host: await openHost() } })
