import { mount } from 'svelte'
import { openHost } from '../shared/host.ts'
import App from './App.svelte'

mount(App, { target: document.querySelector('#app') ?? document.body, props: { host: await openHost() } })
