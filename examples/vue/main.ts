import { createApp } from 'vue'
import { isSecurityPage, openHost, openOnboarding } from '../shared/host.ts'
import App from './App.vue'
import SecurityPage from './SecurityPage.vue'

const app = isSecurityPage
  ? createApp(SecurityPage, { host: await openHost('securityCenter') })
  : createApp(App, { host: await openOnboarding() })

app.mount('#app')
