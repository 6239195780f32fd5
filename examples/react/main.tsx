import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isSecurityPage, openHost, openOnboarding } from '../shared/host.ts'
import { Portal } from './page.tsx'
import { SecurityPage } from './security.tsx'

const page = isSecurityPage ? (
  <SecurityPage {...(await openHost('securityCenter'))} />
) : (
  <Portal {...(await openOnboarding())} />
)

createRoot(document.querySelector('#app') ?? document.body).render(<StrictMode>{page}</StrictMode>)
