import {
  invitationsMachine,
  ipWhitelistMachine,
  mfaMachine,
  onboardingMachine,
  otpEnrolmentMachine,
  seal,
  sessionsMachine,
  workspaceMachine,
} from 'postlogin'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { screenOf } from '../../examples/terminal/screens/index.ts'
import { invitationsScreen } from '../../examples/terminal/screens/invitations.ts'
import { ipWhitelistScreen } from '../../examples/terminal/screens/ip-whitelist.ts'
import { mfaScreen } from '../../examples/terminal/screens/mfa.ts'
import { otpEnrolmentScreen } from '../../examples/terminal/screens/otp-enrolment.ts'
import type { Ask, Look, Screen } from '../../examples/terminal/screens/screen.ts'
import { sessionsScreen } from '../../examples/terminal/screens/sessions.ts'
import { workspaceScreen } from '../../examples/terminal/screens/workspace.ts'

const look: Look = { now: () => 0, qrCode: () => [] }

/** What a state takes, read out of the machine; `resumed` comes from the library itself. */
function waitingStates(machine: { readonly root: StateNode }): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const visit = (node: StateNode) => {
    if (node.tags.some((tag) => ['resting', 'failed', 'coolingDown'].includes(tag))) {
      const wishes = Object.keys(node.on).filter((type) => type !== 'resumed' && !type.startsWith('xstate.'))
      found.set(node.path.join('.'), new Set(wishes))
    }
    for (const child of Object.values(node.states)) visit(child)
  }
  visit(machine.root)
  return found
}

interface StateNode {
  readonly path: readonly string[]
  readonly tags: readonly string[]
  readonly on: object
  readonly states: Readonly<Record<string, StateNode>>
}

/** Takes every way of the screens, with every answer that their questions allow, and gathers the events that are sent. */
async function eventsSent(sent: { type: string }[], screens: readonly Screen[]): Promise<ReadonlySet<string>> {
  for (const { ways } of screens) {
    expect(new Set(ways.map(({ key }) => key)).size).toBe(ways.length)
    for (const way of ways) {
      await way.take(askWith(0))
      await way.take(askWith(-1))
    }
  }
  return new Set(sent.map(({ type }) => type))
}

const askWith = (index: number): Ask => ({
  choose: async ({ choices }) => choices.at(index)?.key ?? '',
  text: async () => 'text',
  tell() {},
})

const failure = {
  kind: 'rateLimited',
  code: 'AUTH.TOO_MANY_ATTEMPTS',
  status: 429,
  retryable: true,
  retryAt: 60_000,
  effect: 'none',
  field: null,
  requestId: null,
} as const

const invitation = {
  invitationBizId: 'i1',
  workspaceBizId: 'w1',
  workspaceName: 'One',
  inviterName: 'Ada',
  status: 'PENDING',
  expiresAt: null,
  canAccept: true,
} as const
const workspaces = ['w1', 'w2'].map((workspaceBizId) => ({
  workspaceBizId,
  workspaceName: workspaceBizId,
  isDefault: false,
  enterable: true,
  defaultEligible: true,
}))
const session = { sessionId: 's1', clientIp: '203.0.113.10', isCurrent: false }

/** A machine's context right after its start, with these parts put over it. */
const withParts = <Context>(actor: { getSnapshot(): { context: Context } }, parts: Partial<Context>): Context => ({
  ...actor.getSnapshot().context,
  ...parts,
})

// For each machine: its screens of one state, in contexts that differ in what is offered.
const machines = {
  invitations: {
    machine: invitationsMachine,
    // Both read the inbox again.
    same: { retry: 'inbox.refresh' },
    screens: (value: string, sent: { type: string }[]) =>
      [{ failure }].map((parts) => {
        const context = withParts(
          createActor(invitationsMachine, { input: { loaded: { invitations: [invitation] } } }),
          parts,
        )
        return invitationsScreen(
          invitationsMachine.resolveState({ value: value as 'inbox', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
  mfa: {
    machine: mfaMachine,
    same: {},
    screens: (value: string, sent: { type: string }[]) =>
      [true, false].map((isEnabled) => {
        const methods = [{ method: 'OTP', isEnabled, isPrimary: false }]
        const context = withParts(createActor(mfaMachine, { input: { loaded: { methods } } }), { failure })
        return mfaScreen(
          mfaMachine.resolveState({ value: value as 'overview', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
  otpEnrolment: {
    machine: otpEnrolmentMachine,
    same: {},
    screens: (value: string, sent: { type: string }[]) =>
      [{ failure }].map((parts) => {
        const otpSetup = { secret: seal('ABCDEFGH'), qrCodeUri: seal('otpauth://'), issuer: 'I', accountName: 'A' }
        const context = withParts(createActor(otpEnrolmentMachine), { ...parts, otpSetup, codeHint: { kind: 'wrong' } })
        return otpEnrolmentScreen(
          otpEnrolmentMachine.resolveState({ value: value as 'awaitingCode', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
  ipWhitelist: {
    machine: ipWhitelistMachine,
    same: {},
    screens: (value: string, sent: { type: string }[]) =>
      [true, false].map((enabled) => {
        const loaded = { whitelist: { enabled, entries: ['192.0.2.1'] }, sessions: [{ ...session, isCurrent: true }] }
        const actor = createActor(ipWhitelistMachine, { input: { loaded } }).start()
        actor.send({ type: 'entry.add', value: '192.0.2.2' })
        const context = withParts(actor, { failure })
        actor.stop()
        return ipWhitelistScreen(
          ipWhitelistMachine.resolveState({ value: value as 'editing', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
  sessions: {
    machine: sessionsMachine,
    // Both read the list again.
    same: { retry: 'sessions.refresh' },
    screens: (value: string, sent: { type: string }[]) =>
      [{ failure }].map((parts) => {
        const context = withParts(createActor(sessionsMachine, { input: { loaded: { sessions: [session] } } }), parts)
        return sessionsScreen(
          sessionsMachine.resolveState({ value: value as 'list', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
  workspace: {
    machine: workspaceMachine,
    same: {},
    screens: (value: string, sent: { type: string }[]) =>
      [{ failure }].map((parts) => {
        const context = withParts(createActor(workspaceMachine, { input: { loaded: { workspaces } } }), {
          ...parts,
          route: value === 'routed' ? { to: 'noWorkspace' } : null,
        })
        return workspaceScreen(
          workspaceMachine.resolveState({ value: value as 'routed', context }),
          (event) => sent.push(event),
          look,
        )
      }),
  },
} as const

const names = Object.keys(machines) as (keyof typeof machines)[]

describe.each(names)('the screens of %s', (name) => {
  const { machine, same, screens } = machines[name]
  const states = waitingStates(machine)

  it('exist for states that fail and wait', () => {
    expect([...states.keys()]).toEqual(expect.arrayContaining(['failed', 'coolingDown']))
  })

  it.each([...states.keys()])('offer all that %s takes, and nothing else', async (state) => {
    const sent: { type: string }[] = []
    const offered = new Set(await eventsSent(sent, screens(state, sent)))
    for (const [one, other] of Object.entries(same)) if (offered.has(other)) offered.add(one)
    expect([...offered].sort()).toEqual([...(states.get(state) ?? [])].sort())
  })

  it.each([...states.keys()])('name %s and say what went wrong there', (state) => {
    for (const screen of screens(state, [])) {
      expect(screen.name).toBe(`${name}.${state}`)
      if (!['confirmingRevoke', 'confirmingRisk', 'confirming'].includes(state)) {
        expect(screen.lines.join(' ')).toContain('The portal asks to wait before the next try.')
      }
    }
  })
})

describe('the screen of the root', () => {
  it('is there where a step broke down, with a way to leave it out unless it is required', () => {
    for (const [policy, keys] of [
      ['offer', ['retry', 'skip', 'cancelOnboarding']],
      ['require', ['retry', 'cancelOnboarding']],
    ] as const) {
      const { context } = createActor(onboardingMachine, { input: { policy: { invitations: policy } } }).getSnapshot()
      const snapshot = onboardingMachine.resolveState({ value: 'failed', context: { ...context, failure } })
      const root = createActor(onboardingMachine, { snapshot: onboardingMachine.getPersistedSnapshot(snapshot) })
      const screen = screenOf(root, look)
      expect(screen?.ways.map(({ key }) => key)).toEqual(keys)
      expect(screen?.lines.join(' ')).toContain('The step “Invitations” broke down.')
    }
  })
})
