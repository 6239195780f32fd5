import { openHost } from '../shared/host.ts'
import { mount } from './portal.ts'

mount(document.querySelector('#app') ?? document.body, await openHost())
