import { activeStep, type onboardingMachine } from 'postlogin'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { failureText, stepTitles } from '../wording.ts'
import { invitationsScreen } from './invitations.ts'
import { ipWhitelistScreen } from './ip-whitelist.ts'
import { mfaScreen } from './mfa.ts'
import { otpEnrolmentScreen } from './otp-enrolment.ts'
import type { Look, Screen, Way } from './screen.ts'
import { sessionsScreen } from './sessions.ts'
import { workspaceScreen } from './workspace.ts'

export type Root = ActorRefFrom<typeof onboardingMachine>
type RootSnapshot = SnapshotFrom<typeof onboardingMachine>

/** The snapshot of the machine that the user deals with now: a new one means that something has changed on screen. */
export const innermost = (snapshot: RootSnapshot) => activeStep(snapshot)?.actor.getSnapshot() ?? snapshot

/** What the flow shows now; null while it is at work, or over. */
export function screenOf(root: Root, look: Look): Screen | null {
  const snapshot = root.getSnapshot()
  const waits = innermost(snapshot)
  if (!waits.hasTag('resting') && !waits.hasTag('failed') && !waits.hasTag('coolingDown')) return null
  const screen = stepScreen(root, look)
  return { ...screen, ways: [...screen.ways, cancelWay(root)] }
}

function stepScreen(root: Root, look: Look): Screen {
  const step = activeStep(root.getSnapshot())
  switch (step?.name) {
    case undefined:
      return brokenScreen(root)
    case 'invitations':
      return invitationsScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
    case 'mfa':
      return mfaScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
    case 'otpEnrolment':
      return otpEnrolmentScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
    case 'ipWhitelist':
      return ipWhitelistScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
    case 'sessions':
      return sessionsScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
    case 'workspace':
      return workspaceScreen(step.actor.getSnapshot(), (event) => step.actor.send(event), look)
  }
}

/** The root's own: the machine of a step broke down. */
function brokenScreen(root: Root): Screen {
  const snapshot = root.getSnapshot()
  const { failure, order, results } = snapshot.context
  const step = order.find((name) => results[name] === undefined)
  const ways: Way[] = [{ key: 'retry', label: 'Try this step again', take: () => root.send({ type: 'retry' }) }]
  if (snapshot.can({ type: 'step.skip' })) {
    ways.push({ key: 'skip', label: 'Go on without it', take: () => root.send({ type: 'step.skip' }) })
  }
  return {
    name: 'onboarding.failed',
    lines: [
      `The step ${step === undefined ? '' : `“${stepTitles[step]}” `}broke down.`,
      ...(failure === null ? [] : [failureText(failure)]),
    ],
    ways,
  }
}

const cancelWay = (root: Root): Way => ({
  key: 'cancelOnboarding',
  label: 'Cancel the onboarding',
  async take(ask) {
    const { unconfirmedChange } = root.getSnapshot().context
    const warning = unconfirmedChange === null ? '' : ' The whitelist change stays in force.'
    const answer = await ask.choose({
      name: 'onboarding.cancel',
      message: `Cancel, and go on to the portal later?${warning}`,
      choices: [
        { key: 'no', label: 'No, back' },
        { key: 'yes', label: 'Yes, cancel' },
      ],
    })
    if (answer === 'yes') root.send({ type: 'onboarding.cancel' })
  },
})
