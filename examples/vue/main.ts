import { createApp } from 'vue'
import { openHost } from '../shared/host.ts'
import App from './App.vue'

createApp(App, { host: await openHost() }).mount('#app')
