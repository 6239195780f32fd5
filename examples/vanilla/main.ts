import { isSecurityPage, openHost, openOnboarding } from '../shared/host.ts'
import { mount } from './portal.ts'
import { mountSecurity } from './security.ts'

const app = document.querySelector('#app') ?? document.body
if (isSecurityPage) mountSecurity(app, await openHost('securityCenter'))
else mount(app, await openOnboarding())
