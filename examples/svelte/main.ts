import { mount } from 'svelte'
import { isSecurityPage, openHost, openOnboarding } from '../shared/host.ts'
import App from './App.svelte'
import SecurityPage from './SecurityPage.svelte'

const target = document.querySelector('#app') ?? document.body
if (isSecurityPage) mount(SecurityPage, { target, props: { host: await openHost('securityCenter') } })
else mount(App, { target, props: { host: await openOnboarding() } })
