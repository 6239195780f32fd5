/**
 * The same journey twice: an invitation accepted, OTP set up, the whitelist enabled, the other sessions ended. Once through the
 * machines, by what is on screen; once as somebody would write it who trusts the network, the clock and the user.
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
import { createFakePortal, type FakePortal, type FakePortalOptions } from 'postlogin/testing'
import { type Actor, createActor, waitFor } from 'xstate'
import { onboardByHand, type Screen as ScreenByHand } from './by-hand.ts'

export type Channel = NonNullable<FakePortalOptions['secureChannel']>
export type Flow = Actor<typeof onboardingMachine>

/** A portal in memory, and the adapter to it. */
export function connect(channel: Channel) {
  const portal = createFakePortal({ secureChannel: channel })
  const { portalAccessCode, clientHash } = portal.account
  const api = createPortalApi({
    baseUrl: 'https://portal.example/prometheus',
    portalAccessCode,
    clientHash,
    accessToken: () => portal.account.accessToken,
    secureChannel: channel,
    fetch: portal.fetch,
  })
  return { portal, api }
}

export const startFlow = (api: PortalApi): Flow => createActor(createMachines(api).onboarding).start()

export async function throughMachines(channel: Channel, watch?: (flow: Flow) => { stop(): void }) {
  const { portal, api } = connect(channel)
  const flow = startFlow(api)
  const watching = watch?.(flow)
  while (flow.getSnapshot().status === 'active') await takeNextStep(flow, await nextScreen(flow), portal)
  watching?.stop()
  await api.close()
  assertArrived(portal)
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

/** The same requests in the same order, without a question asked. */
export async function byAdapterAlone(channel: Channel) {
  const { portal, api } = connect(channel)
  const [[invitation]] = await Promise.all([
    api.listInvitations(),
    api.listMfaMethods(),
    api.getIpWhitelist(),
    api.listSessions(),
    api.listWorkspaces(),
  ])
  await api.acceptInvitation({ invitationBizId: invitation?.invitationBizId ?? '' })
  await api.listInvitations()
  await api.setupOtp()
  await api.verifyOtp({ code: await portal.authenticator.code() })
  await api.listMfaMethods()
  const [, sessions] = await Promise.all([api.getIpWhitelist(), api.listSessions()])
  await api.replaceIpWhitelist({
    entries: sessions.flatMap(({ isCurrent, clientIp }) => (isCurrent ? [clientIp ?? ''] : [])),
  })
  await api.getIpWhitelist()
  await api.enableIpWhitelist()
  await api.getIpWhitelist()
  await Promise.all([api.getIpWhitelist(), api.listSessions()])
  await api.terminateOtherSessions()
  await api.listSessions()
  await api.listWorkspaces()
  await api.close()
  assertArrived(portal)
}

/** The same on the floor. */
export async function byHand(channel: 'off' | 'binary') {
  const portal = createFakePortal({ secureChannel: channel })
  const { portalAccessCode, clientHash } = portal.account
  let screen: ScreenByHand | null = null
  const flow = onboardByHand({
    baseUrl: 'https://portal.example/prometheus',
    portalAccessCode,
    clientHash: clientHash ?? '',
    accessToken: () => portal.account.accessToken ?? '',
    secureChannel: channel,
    fetch: portal.fetch,
    render: (next) => {
      screen = next
    },
  })
  const now = (): ScreenByHand => {
    if (screen === null) throw new Error('Nothing was drawn')
    return screen
  }
  await flow.start()
  while (now().step !== 'done') await takeNextStepByHand(flow, now(), portal)
  await flow.close()
  assertArrived(portal)
}

async function takeNextStepByHand(
  flow: ReturnType<typeof onboardByHand>,
  screen: ScreenByHand,
  { authenticator }: FakePortal,
) {
  switch (screen.step) {
    case 'invitations': {
      const open = screen.rows.find(({ canAccept }) => canAccept)
      return open === undefined ? flow.finishInvitations() : flow.accept(open.bizId)
    }
    case 'mfa':
      return screen.methods.every(({ isEnabled }) => isEnabled) ? flow.finishMfa() : flow.enroll()
    case 'otp':
      return flow.verify(await authenticator.code())
    case 'ipWhitelist':
      return screen.list.enabled
        ? flow.finishWhitelist()
        : flow.enableWhitelist([...screen.list.entries, screen.ownAddress], screen.ownAddress)
    case 'sessions':
      return screen.rows.some(({ isCurrent }) => !isCurrent) ? flow.terminateOthers() : flow.finishSessions()
  }
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
