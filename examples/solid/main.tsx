/** @jsxImportSource solid-js */
import { render } from 'solid-js/web'
import { isSecurityPage, openHost, openOnboarding } from '../shared/host.ts'
import { Portal } from './page.tsx'
import { SecurityPage } from './security.tsx'

const app = document.querySelector('#app') ?? document.body
if (isSecurityPage) {
  const host = await openHost('securityCenter')
  render(() => <SecurityPage {...host} />, app)
} else {
  const host = await openOnboarding()
  render(() => <Portal host={host} />, app)
}
