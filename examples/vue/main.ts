import { createApp } from 'vue'
import { openHost } from '../shared/host.ts'
import PortalPage from './PortalPage.vue'

createApp(PortalPage, { host: await openHost() }).mount('#app')
