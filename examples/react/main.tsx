import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openHost } from '../shared/host.ts'
import { Portal } from './page.tsx'

const host = await openHost()

createRoot(document.querySelector('#app') ?? document.body).render(
  <StrictMode>
    <Portal {...host} />
  </StrictMode>,
)
