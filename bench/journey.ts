/**
 * The same journey twice: an invitation accepted, OTP set up, the whitelist enabled, the other sessions ended. Once through the
 * machines, by what is on screen; once by hand (`by-hand.ts`). Both make the same requests of the same fake portal, whose work is in
 * the figures of either.
 */
import {
  type Action,
  act,
  createMachines,
  createPortalApi,
  type onboardingMachine,
  type PortalApi,
  type Screen,
  screenOf,
} from 'postlogin'
import { createFakePortal, type FakePortal } from 'postlogin/testing'
import { type Actor, createActor, waitFor } from 'xstate'
import { onboardByHand } from './by-hand.ts'

export type Channel = 'off' | 'binary'
type Flow = Actor<typeof onboardingMachine>

/** A portal in memory and what either needs to know of it. A reply takes so many ms. */
export type Opened = ReturnType<typeof openPortal>

export function openPortal(channel: Channel, latencyMs = 0) {
  const portal = createFakePortal({ secureChannel: channel })
  if (latencyMs > 0) portal.fault(() => true, { delayMs: latencyMs }, { times: Number.POSITIVE_INFINITY })
  const { portalAccessCode, clientHash, accessToken } = portal.account
  if (clientHash === null || accessToken === null) throw new Error('Nobody is signed in')
  return {
    portal,
    accessToken,
    connection: {
      baseUrl: 'https://portal.example/prometheus',
      portalAccessCode,
      clientHash,
      secureChannel: channel,
      fetch: portal.fetch,
    },
  }
}

export const connect = ({ connection, accessToken }: Opened) =>
  createPortalApi({ ...connection, accessToken: () => accessToken })

const startPage = ({ connection, accessToken }: Opened) =>
  onboardByHand({ ...connection, accessToken, render: () => {} })

const startFlow = (api: PortalApi): Flow => createActor(createMachines(api).onboarding).start()

/** Until the first screen can be drawn; returns what ends the flow. */
export async function firstScreen(opened: Opened) {
  const api = connect(opened)
  const flow = startFlow(api)
  await nextScreen(flow)
  return async () => {
    flow.stop()
    await api.close()
  }
}

export async function firstScreenByHand(opened: Opened) {
  const page = startPage(opened)
  await page.start()
  return page.close
}

/** The whole journey. `watch` sees the flow at each of its screens. */
export async function throughMachines(opened: Opened, watch = (_: Flow) => {}) {
  const api = connect(opened)
  const flow = startFlow(api)
  while (flow.getSnapshot().status === 'active') {
    const screen = await nextScreen(flow)
    watch(flow)
    await takeNextStep(flow, screen, opened.portal)
  }
  await api.close()
  assertArrived(opened.portal)
}

/** The next screen that waits for the user; `settled` would wait a turn of the event loop longer, which is not what is measured. */
export async function nextScreen(flow: Flow) {
  const isWaiting = (screen: Screen) => ('status' in screen ? screen.status === 'resting' : screen.name !== 'loading')
  return screenOf(await waitFor(flow, (snapshot) => isWaiting(screenOf(snapshot))))
}

async function takeNextStep(flow: Flow, screen: Screen, portal: FakePortal) {
  /** The first of these that can be done now. */
  const actFirst = (...actions: readonly (Action | undefined)[]) =>
    actions.some((action) => action !== undefined && act(flow, action))
  switch (screen.name) {
    case 'invitations':
      return actFirst(screen.rows[0]?.accept, screen.finish)
    case 'mfa':
      return actFirst(screen.enroll, screen.finish)
    case 'otpEnrollment':
      return act(flow, screen.submit, { code: await portal.authenticator.code() })
    case 'ipWhitelist':
      return actFirst(screen.question?.confirm, screen.addCurrentAddress, screen.enable, screen.finish)
    case 'sessions':
      return actFirst(screen.question?.confirm, screen.terminateOthers, screen.finish)
    case 'workspace':
      return actFirst(screen.finish)
    case 'completed':
      return
    default:
      throw new Error(`The journey ended on ${screen.name}`)
  }
}

export async function byHand(opened: Opened) {
  const { portal } = opened
  const page = startPage(opened)
  const { rows } = await page.start()
  await page.accept(rows.find(({ canAccept }) => canAccept)?.bizId ?? '')
  await page.finishInvitations()
  await page.enroll()
  await page.submit(await portal.authenticator.code())
  await page.finishMfa()
  await page.enableForOwnAddress()
  await page.finishWhitelist()
  await page.terminateOthers()
  await page.finishSessions()
  await page.close()
  assertArrived(portal)
}

/** A figure for a journey that did not arrive would mean nothing. */
function assertArrived({ account }: FakePortal) {
  const { invitations, ipWhitelist, mfaMethods, sessions } = account
  const hasArrived =
    invitations.some(({ status }) => status === 'ACCEPTED') &&
    mfaMethods.every(({ isEnabled }) => isEnabled) &&
    ipWhitelist.enabled &&
    sessions.length === 1
  if (!hasArrived) throw new Error('The journey did not arrive')
}
