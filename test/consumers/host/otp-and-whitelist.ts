import { createMachines, createPortalApi, settled } from 'postlogin'
import { inspectWith, type StatelyInspectionEvent } from 'postlogin/inspect'
import { createFakePortal } from 'postlogin/testing'
import { createActor } from 'xstate'

const portal = createFakePortal()
const { portalAccessCode, clientHash, accessToken, address } = portal.account
const api = createPortalApi({
  baseUrl: 'https://api.example.com/prometheus',
  portalAccessCode,
  clientHash,
  accessToken: () => accessToken,
  fetch: portal.fetch,
})
const machines = createMachines(api)

const enrollment = createActor(machines.otpEnrollment).start()
await settled(enrollment)
enrollment.send({ type: 'code.submit', code: await portal.authenticator.code() })
await settled(enrollment)

const editor = createActor(machines.ipWhitelist).start()
const isActor = await new Promise((resolve) => {
  inspectWith(editor, ({ type }: StatelyInspectionEvent) => resolve(type === '@xstate.actor'))
})
await settled(editor)
editor.send({ type: 'entry.add', value: address })
editor.send({ type: 'whitelist.enable' })
await settled(editor)
editor.getSnapshot().children.whitelistChange?.send({ type: 'change.keep' })
await settled(editor)
editor.send({ type: 'step.finish' })
await api.close()

console.log([
  enrollment.getSnapshot().output?.otpEnabled,
  editor.getSnapshot().output,
  portal.account.ipWhitelist,
  isActor,
])
