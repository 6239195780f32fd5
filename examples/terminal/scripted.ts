import {
  createPortalApi,
  gatedPolicy,
  type OnboardingPolicy,
  type PortalApi,
  type Route,
  type StepName,
} from 'postlogin'
import { createFakePortal, type FakePortal, fakeInvitation, type PortalRequest, servePortal } from 'postlogin/testing'
import { locale } from '../shared/words.ts'
import type { FlowName } from './arguments.ts'
import type { Host } from './drive.ts'
import type { Narrator } from './narrate.ts'
import { closeSoon, type Ending, lookAfterSecurity, onboard } from './onboard.ts'
import { type Line, scriptAnswers } from './script.ts'
import { column } from './wording.ts'
import { texts } from './words.ts'

const wanted = fakeInvitation({
  invitationBizId: 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
  workspaceBizId: 'WS_ACME_001',
  workspaceName: 'Acme Operations',
  inviterName: 'Ada Quist',
})
const unwanted = fakeInvitation({
  invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901',
  workspaceBizId: 'WS_GLOBEX_002',
  workspaceName: 'Globex Treasury',
  inviterName: 'Bo Lindqvist',
})

/** The portal of the scripted run, with something to do in every step. */
export const createScriptedPortal = () => createFakePortal({ account: { invitations: [wanted, unwanted] } })

/** The code is required, and the last step is shown although there is only one route. */
const policy: Partial<OnboardingPolicy> = { ...gatedPolicy, workspace: 'show' }

/** What is done in a step, and in its card. */
const deeds = (portal: FakePortal) =>
  ({
    invitations: [
      { at: 'invitations.inbox', choose: `accept ${wanted.invitationBizId}` },
      { at: 'invitations.inbox', choose: `decline ${unwanted.invitationBizId}` },
      { at: 'invitations.decline', choose: 'yes' },
      { at: 'invitations.reason', type: texts.scripted.reason, heard: texts.scripted.reason },
    ],
    mfa: [
      { at: 'mfa.atRest.overview', choose: 'enroll' },
      { at: 'otpEnrollment.awaitingCode', choose: 'code' },
      {
        at: 'otpEnrollment.code',
        type: () => portal.authenticator.code(),
        heard: texts.scripted.code,
      },
      { at: 'mfa.atRest.overview', choose: 'backupCodes' },
    ],
    ipWhitelist: [
      { at: 'ipWhitelist.drafting.editing', choose: 'addMine' },
      { at: 'ipWhitelist.drafting.editing', choose: 'enable' },
      { at: 'whitelistChange.confirming.deciding.awaiting', choose: 'confirm' },
    ],
    sessions: [
      { at: 'sessions.atRest.list', choose: 'others' },
      { at: 'sessions.atRest.confirming', choose: 'confirm' },
    ],
  }) satisfies { readonly [Step in StepName]?: readonly Line[] }

/** Where a step or a card is left. */
const exits = {
  invitations: 'invitations.inbox',
  mfa: 'mfa.atRest.overview',
  ipWhitelist: 'ipWhitelist.drafting.editing',
  sessions: 'sessions.atRest.list',
} as const

function onboardingScript(portal: FakePortal): readonly Line[] {
  const step = deeds(portal)
  return [
    ...step.invitations,
    { at: exits.invitations, choose: 'finish' },
    ...step.mfa,
    { at: exits.mfa, choose: 'finish' },
    ...step.ipWhitelist,
    { at: exits.ipWhitelist, choose: 'finish' },
    ...step.sessions,
    { at: exits.sessions, choose: 'finish' },
    { at: 'workspace.atRest.routed', choose: 'finish' },
  ]
}

/** Another order than that of the onboarding. */
const cardOrder = ['sessions', 'ipWhitelist', 'mfa', 'invitations'] as const

const securityScript = (portal: FakePortal): readonly Line[] => [
  ...cardOrder.flatMap((card): readonly Line[] => [
    { at: 'securityCenter.cards', choose: `open ${card}` },
    ...deeds(portal)[card],
    { at: exits[card], choose: 'close' },
  ]),
  { at: 'securityCenter.cards', choose: 'leave' },
]

interface Tour {
  /** What is told about it first. */
  readonly about: (url: string) => string
  readonly script: (portal: FakePortal) => readonly Line[]
  /** The route is null where there is none; undefined if it did not come to its end. */
  readonly run: (api: PortalApi, host: Host) => Promise<{ readonly ending: Ending; readonly route?: Route | null }>
}

const tours: Readonly<Record<FlowName, Tour>> = {
  onboarding: {
    about: texts.scripted.onboarding,
    script: onboardingScript,
    async run(api, host) {
      const { output, ...ending } = await onboard(api, { policy }, host)
      return output?.outcome === 'completed' ? { ending, route: output.route } : { ending }
    },
  },
  security: {
    about: texts.scripted.security,
    script: securityScript,
    async run(api, host) {
      const ending = await lookAfterSecurity(api, host)
      return ending.exitCode === 0 ? { ending, route: null } : { ending }
    },
  },
}

/** A complete tour of the fake portal, over loopback HTTP. At the end the portal is asked whether all of it took. */
export async function scripted({
  flow,
  narrator,
  signal,
  portal = createScriptedPortal(),
}: {
  readonly flow: FlowName
  readonly narrator: Narrator
  readonly signal: AbortSignal
  readonly portal?: FakePortal
}): Promise<Ending> {
  const server = await servePortal({ fetch: overheard(portal, narrator) })
  const { portalAccessCode, clientHash } = portal.account
  const api = createPortalApi({
    baseUrl: server.url,
    portalAccessCode,
    clientHash,
    locale,
    accessToken: () => portal.account.accessToken,
  })
  const { about, script, run } = tours[flow]
  narrator.say(about(server.url))
  narrator.say(texts.scripted.about)
  narrator.say('')
  try {
    const answers = scriptAnswers(script(portal), (text) => narrator.note('answer', text))
    const look = {
      now: () => Date.now(),
      qrCode: () => [texts.scripted.qrCode],
    }
    const { ending, route } = await run(api, { answers, narrator, look, signal })
    if (route === undefined) return ending
    await closeSoon(api)
    const shortcomings = shortcomingsOf(portal, route)
    if (shortcomings.length > 0)
      return { exitCode: 1, problem: `The portal is not as it was meant to be: ${shortcomings.join(', ')}.` }
    narrator.note('checked', texts.scripted.checked)
    return ending
  } finally {
    await closeSoon(api)
    await server.close()
  }
}

/** The portal's fetch, with a line for each answered request. */
function overheard(portal: FakePortal, narrator: Narrator): FakePortal['fetch'] {
  const told = new Set<number>()
  return async (input, init) => {
    try {
      return await portal.fetch(input, init)
    } finally {
      portal.requests.forEach((request, index) => {
        if (request.status === null || told.has(index)) return
        told.add(index)
        narrator.note('request', requestText(request))
      })
    }
  }
}

function requestText({ method, path, status, encrypted }: PortalRequest): string {
  const short = path.replace('/web/v1', '').replace(/([0-9a-f]{8})-[0-9a-f-]{27}/g, '$1…')
  return `${method.padEnd(4)} ${column(short, 46)} ${status}${encrypted ? ` ${texts.encrypted}` : ''}`
}

/** What the portal does not show although the run was to bring it about; ends with a sign-in, which adds a session. */
export function shortcomingsOf(portal: FakePortal, route: Route | null): readonly string[] {
  const { account, requests } = portal
  const statusOf = (id: string) => account.invitations.find(({ invitationBizId }) => invitationBizId === id)?.status
  const mustBeEncrypted = requests.filter(
    ({ operation }) => operation === 'verifyOtp' || operation === 'replaceIpWhitelist',
  )
  const checks: readonly (readonly [holds: boolean, shortcoming: string])[] = [
    [statusOf(wanted.invitationBizId) === 'ACCEPTED', 'the first invitation is not accepted'],
    [statusOf(unwanted.invitationBizId) === 'DECLINED', 'the second invitation is not declined'],
    [
      account.otpSecret !== null && account.mfaMethods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled),
      'the one-time code is off',
    ],
    [account.ipWhitelist.enabled, 'the whitelist is off'],
    [account.ipWhitelist.entries.includes(account.address), 'the current address is not in the whitelist'],
    [account.sessions.length === 1 && account.sessions[0]?.isCurrent === true, 'other sessions are left'],
    [
      route === null || (route.to === 'workspace' && route.workspaceBizId === wanted.workspaceBizId),
      'the route leads elsewhere',
    ],
    [mustBeEncrypted.length > 0 && mustBeEncrypted.every(({ encrypted }) => encrypted), 'a secret went unencrypted'],
    [portal.processed('closeChannel') > 0, 'the secure channel was left open'],
    [portal.login().ok, 'the user cannot sign in again'],
  ]
  return checks.filter(([holds]) => !holds).map(([, shortcoming]) => shortcoming)
}
