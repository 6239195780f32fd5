import { isSecurityPage, openHost, openOnboarding, startOf } from '../shared/host.ts'
import { mount } from './portal.ts'
import { mountSecurity } from './security.ts'

const app = document.querySelector('#app') ?? document.body
if (isSecurityPage) mountSecurity(app, await openHost('securityCenter'))
else {
  const host = await openOnboarding()
  mount(app, { ...startOf(host), keep: host.keep })
}
