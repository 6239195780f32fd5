import { activeStep, type onboardingMachine, type Screen, screenOf } from 'postlogin'
import type { FakePortal, PortalOperation } from 'postlogin/testing'
import type { ActorRefFrom } from 'xstate'
import type { Stage } from './driver.ts'

type Flow = ActorRefFrom<typeof onboardingMachine>
type Step = NonNullable<ReturnType<typeof activeStep>>

const HERE = '203.0.113.10'
const ACCEPTED = 'WS_ACME_001'
const INVITED = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'

/** Nobody tries more often than this; a flow that needs more does not come to an end. */
const PATIENCE = 60

/** How often an invitation is answered as it is wanted, before the user gives in. */
const TRIES_ONE_WAY = 4

/**
 * A patient user who wants: Acme's invitation accepted, the other declined, OTP on, the whitelist on with the current address, no
 * other session. Looks at the screen, does the next thing that is still to do, and tries again what failed. Does nothing more once
 * `goAway` is aborted.
 */
export async function carryThrough(stage: Omit<Stage, 'machines'>, actor: Flow, goAway?: AbortSignal) {
  const { rest, clock } = stage
  const seen: string[] = []
  const tries = new Map<string, number>()
  let enablings = 0
  for (let turns = 0; turns < PATIENCE; turns++) {
    await rest(actor)
    if (goAway?.aborted) return { actor, seen, enablings }
    const snapshot = actor.getSnapshot()
    if (snapshot.status !== 'active') return { actor, seen, enablings }
    const step = activeStep(snapshot)
    if (step === null) throw new Error(`The root rests by itself in ${JSON.stringify(snapshot.value)}`)
    const screen = step.actor.getSnapshot()
    seen.push(`${step.name}.${JSON.stringify(screen.value)} ${screen.context.failure?.code ?? ''}`)
    if (screen.hasTag('failed')) step.actor.send({ type: 'retry' })
    else if (screen.hasTag('coolingDown')) await clock.advance(waitFor(screen.context.failure?.retryAt, clock.now()))
    else await actOn(step, stage.portal, tries, screenOf(snapshot))
    if (step.name === 'ipWhitelist' && activeStep(actor.getSnapshot())?.name === 'whitelistChange') enablings++
  }
  throw new Error(`The flow came to no end:\n${seen.join('\n')}`)
}

const waitFor = (retryAt: number | null | undefined, now: number) => Math.max(1, (retryAt ?? now) - now)

async function actOn(step: Step, portal: FakePortal, tries: Map<string, number>, shown: Screen): Promise<void> {
  switch (step.name) {
    case 'invitations': {
      const { invitations } = step.actor.getSnapshot().context
      const open = invitations.find(({ status }) => status === 'PENDING')
      if (open === undefined) return step.actor.send({ type: 'step.finish' })
      const { invitationBizId } = open
      const tried = (tries.get(invitationBizId) ?? 0) + 1
      tries.set(invitationBizId, tried)
      // Rather the other way than to be held here.
      const isWanted = (invitationBizId === INVITED) === tried <= TRIES_ONE_WAY
      return step.actor.send({ type: isWanted ? 'invitation.accept' : 'invitation.decline', invitationBizId })
    }
    case 'mfa': {
      const { methods } = step.actor.getSnapshot().context
      const isOn = methods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled)
      return step.actor.send({ type: isOn ? 'step.finish' : 'otp.enrol' })
    }
    case 'otpEnrollment':
      return step.actor.send({ type: 'code.submit', code: await portal.authenticator.code() })
    case 'ipWhitelist': {
      const { context } = step.actor.getSnapshot()
      if (context.whitelist.enabled) return step.actor.send({ type: 'step.finish' })
      if (!context.draft.some(({ normalized }) => normalized === HERE)) {
        return step.actor.send({ type: 'entries.replace', values: [HERE] })
      }
      return step.actor.send({ type: 'whitelist.enable' })
    }
    case 'whitelistChange': {
      const isAsking = step.actor.getSnapshot().matches({ confirming: { deciding: 'awaiting' } })
      return step.actor.send({ type: isAsking ? 'change.keep' : 'risk.accept' })
    }
    case 'sessions': {
      if (step.actor.getSnapshot().matches({ atRest: 'confirming' }))
        return step.actor.send({ type: 'termination.confirm' })
      const isAlone = 'aimHolds' in shown && shown.aimHolds
      return step.actor.send({ type: isAlone ? 'step.finish' : 'sessions.terminateOthers' })
    }
    case 'workspace': {
      const { route } = step.actor.getSnapshot().context
      if (route !== null) return step.actor.send({ type: 'step.finish' })
      return step.actor.send({ type: 'workspace.choose', workspaceBizId: ACCEPTED })
    }
  }
}

/** Nothing is left out before it is done. */
export const eagerPolicy = {
  mfa: 'require',
  ipWhitelist: 'require',
  sessions: 'require',
  invitations: 'require',
} as const

/** Setup cannot be read back, so a lost one is made anew; and the channel is no change of the account. */
const mayRepeat: readonly (PortalOperation | null)[] = ['setupOtp', 'getChannelKey', 'openChannel', 'closeChannel']

/**
 * The writes that were carried out more than once, with how often. A whitelist change whose read-back was refused is undone, and made
 * again by the user: `enablings` says how often he asked for it.
 */
export function doubledWrites({ requests }: FakePortal, enablings = 1) {
  const often: Partial<Record<PortalOperation, number>> = {
    enableIpWhitelist: enablings,
    disableIpWhitelist: enablings,
    replaceIpWhitelist: 2 * enablings - 1,
  }
  const times = new Map<PortalOperation | null, number>()
  for (const { operation, method, processed } of requests) {
    if (processed && method === 'POST') times.set(operation, (times.get(operation) ?? 0) + 1)
  }
  return [...times].filter(
    ([operation, count]) => count > ((operation && often[operation]) ?? 1) && !mayRepeat.includes(operation),
  )
}

/** What the portal holds, apart from times, secrets and ids that differ from run to run. */
export function accountOf({ account }: FakePortal) {
  return {
    invitations: account.invitations.map(({ workspaceBizId, status }) => ({ workspaceBizId, status })),
    isOtpOn: account.mfaMethods.some(({ method, isEnabled }) => method === 'OTP' && isEnabled),
    ipWhitelist: account.ipWhitelist,
    sessions: account.sessions.map(({ sessionId }) => sessionId),
    workspaces: account.workspaces.map(({ workspaceBizId, isDefault }) => ({ workspaceBizId, isDefault })),
  }
}
