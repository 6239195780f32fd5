import { bench, describe } from 'vitest'
import { connect, nextScreen, startFlow } from './journey.ts'

/** What a reply takes, in ms: much longer than anything that is computed meanwhile. */
const ROUND_TRIP_MS = 40

function connectFromAfar() {
  const { portal, api } = connect('off')
  portal.fault(() => true, { delayMs: ROUND_TRIP_MS }, { times: Number.POSITIVE_INFINITY })
  return api
}

describe(`how long until the first screen, where a reply takes ${ROUND_TRIP_MS} ms`, () => {
  bench('one request', async () => {
    await connectFromAfar().listInvitations()
  })

  bench('the flow, from its start', async () => {
    const flow = startFlow(connectFromAfar())
    await nextScreen(flow)
    flow.stop()
  })

  bench('its five reads, one after another', async () => {
    const api = connectFromAfar()
    await api.listInvitations()
    await api.listMfaMethods()
    await api.getIpWhitelist()
    await api.listSessions()
    await api.listWorkspaces()
  })
})
