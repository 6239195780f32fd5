/** @jsxImportSource solid-js */
import { render } from 'solid-js/web'
import { openHost } from '../shared/host.ts'
import { Portal } from './page.tsx'

const host = await openHost()

render(() => <Portal host={host} />, document.querySelector('#app') ?? document.body)
