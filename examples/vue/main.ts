import { createApp } from 'vue'
import { isSecurityPage, openHost } from '../shared/host.ts'
import App from './App.vue'
import SecurityPage from './SecurityPage.vue'

const app = isSecurityPage
  ? createApp(SecurityPage, { host: await openHost('securityCenter') })
  : createApp(App, { host: await openHost() })

app.mount('#app')
