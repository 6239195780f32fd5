import {
  type Invitation,
  type IpWhitelist,
  type MfaMethod,
  type OnboardingContext,
  onboardingMachine,
  type Session,
  type StepName,
  type Workspace,
} from 'postlogin'
import { fakeInvitation, fakeMfaMethod, fakeSession, fakeWorkspace } from 'postlogin/testing'
import type { AnyMachineSnapshot } from 'xstate'
import { isAllRead, isNeeded, readValue } from '../../../src/domain/onboarding.ts'
import { defaultOrder } from '../../../src/domain/policy.ts'
import { byItself, done, type EventCase, failed, type MachineCases, restored, said } from '../event-case.ts'
import { detectRestoreEnds, type Reading, readEnds } from '../outcomes.ts'

const { invitationBizId, workspaceBizId, workspaceName, inviterName } = fakeInvitation()
const invitation: Invitation = {
  invitationBizId,
  workspaceBizId,
  workspaceName,
  inviterName,
  status: 'PENDING',
  expiresAt: null,
  canAccept: true,
}
const methods = (isEnabled: boolean): MfaMethod[] => [{ method: 'OTP', isEnabled, isPrimary: false }]
const whitelist = (enabled: boolean): IpWhitelist => ({ enabled, entries: [] })
const current: Session = { sessionId: 'SESS...C_001', clientIp: '203.0.113.10', isCurrent: true }
const other: Session = { sessionId: 'SESS...R_001', clientIp: '198.51.100.24', isCurrent: false }
const workspace = (id: string, isDefault: boolean): Workspace => ({
  workspaceBizId: id,
  workspaceName: id,
  isDefault,
  enterable: true,
  defaultEligible: true,
})

type Part = 'Invitations' | 'Methods' | 'Whitelist' | 'Sessions' | 'Workspaces'

/** What the reads can perform: there is something to do in that step, or nothing. */
const readings: Readonly<Record<Part, Readonly<Record<'to do' | 'nothing to do', Reading>>>> = {
  Invitations: {
    'to do': {
      output: [invitation],
      account: (draft) => {
        draft.invitations = [fakeInvitation({ inviteeEmail: draft.email })]
      },
    },
    'nothing to do': {
      output: [],
      account: (draft) => {
        draft.invitations = []
      },
    },
  },
  Methods: {
    'to do': {
      output: methods(false),
      account: (draft) => {
        draft.mfaMethods = [fakeMfaMethod({ method: 'EMAIL' }), fakeMfaMethod()]
      },
    },
    'nothing to do': {
      output: methods(true),
      account: (draft) => {
        draft.mfaMethods = [fakeMfaMethod({ method: 'EMAIL' }), fakeMfaMethod({ isEnabled: true })]
      },
    },
  },
  Whitelist: {
    'to do': {
      output: whitelist(false),
      account: (draft) => {
        draft.ipWhitelist = { enabled: false, entries: [] }
      },
    },
    'nothing to do': {
      output: whitelist(true),
      account: (draft) => {
        draft.ipWhitelist = { enabled: true, entries: [] }
      },
    },
  },
  Sessions: {
    'to do': {
      output: [current, other],
      account: (draft) => {
        draft.sessions = [
          ...draft.sessions.filter(({ isCurrent }) => isCurrent),
          fakeSession({ sessionId: 'SESSION_REMOTE_R_001' }),
        ]
      },
    },
    'nothing to do': {
      output: [current],
      account: (draft) => {
        draft.sessions = draft.sessions.filter(({ isCurrent }) => isCurrent)
      },
    },
  },
  Workspaces: {
    'to do': {
      output: [workspace('WS_A', false), workspace('WS_B', false)],
      account: (draft) => {
        draft.workspaces = ['WS_A', 'WS_B'].map((id) => fakeWorkspace({ workspaceBizId: id }))
      },
    },
    'nothing to do': {
      output: [workspace('WS_A', true)],
      account: (draft) => {
        draft.workspaces = [fakeWorkspace({ workspaceBizId: 'WS_A', isDefault: true })]
      },
    },
  },
}

/** Which part a step needs, and the read with which its machine begins anew. */
const steps: Readonly<Record<StepName, { readonly read: string; readonly output: object }>> = {
  invitations: { read: 'invitations.read', output: { acceptedInvitations: [] } },
  mfa: { read: 'mfa.read', output: { otpEnabled: false } },
  ipWhitelist: { read: 'ipWhitelist.read', output: { ipWhitelistEnabled: false, unconfirmedChange: null } },
  sessions: { read: 'sessions.read', output: { sessionsTerminated: 0 } },
  workspace: { read: 'workspace.read', output: { route: { to: 'unresolved' } } },
}

/** OTP was turned on meanwhile, which `mfa` has read before it is left; or nobody could read whether it is on. */
const mfaEnds: readonly EventCase[] = [
  done(
    'mfa',
    'left with OTP on',
    { outcome: 'done', failure: null, aimHolds: true, otpEnabled: true },
    async (scene) => {
      scene.child('mfa').send({ type: 'retry' })
      await scene.answer('mfa.read', () => scene.portal.update(readings.Methods['nothing to do'].account))
      scene.child('mfa').send({ type: 'step.finish' })
    },
  ),
  done(
    'mfa',
    'left unread',
    { outcome: 'done', failure: null, aimHolds: false, otpEnabled: null },
    (scene) => scene.child('mfa').send({ type: 'step.finish' }),
    (snapshot) => !areMethodsRead(snapshot),
  ),
]

const areMethodsRead = (snapshot: AnyMachineSnapshot) => readValue(contextOf(snapshot).reads, 'methods') !== undefined

function stepEnds(step: StepName): EventCase[] {
  const { read, output } = steps[step]
  const end = { failure: null, aimHolds: false, ...output }
  const isKnown: EventCase['isPossible'] = (snapshot) => step !== 'mfa' || areMethodsRead(snapshot)
  const unauthorized = { kind: 'unauthorized', code: '4010' }
  return [
    {
      name: `snapshot ${step}`,
      event: {
        type: `xstate.snapshot.${step}`,
        snapshot: { context: { acceptedInvitations: [], unconfirmedChange: null } },
      } as never,
      isPossible: () => true,
      provoke: (scene) => scene.child(step).send({ type: 'nothing that it knows' }),
    },
    done(
      step,
      'left',
      { ...end, outcome: 'done' },
      (scene) => scene.child(step).send({ type: 'step.finish' }),
      isKnown,
    ),
    done(
      step,
      'skipped',
      { ...end, outcome: 'skipped' },
      (scene) => scene.child(step).send({ type: 'step.skip' }),
      isKnown,
    ),
    done(step, 'signed out', { ...end, outcome: 'signedOut', failure: unauthorized }, (scene) => {
      scene.child(step).send({ type: 'retry' })
      return scene.answer(read, (operation) => scene.portal.fault(operation, { status: 401 }))
    }),
    failed(step, 'breaks down', new Error('broken'), 'no machine breaks down: a host has to put in one that does'),
  ]
}

const parts: readonly Part[] = ['Invitations', 'Methods', 'Whitelist', 'Sessions', 'Workspaces']
const contextOf = ({ context }: AnyMachineSnapshot) => context as OnboardingContext
const nameOf = (part: Part) => part.toLowerCase() as keyof OnboardingContext['reads']
/** A step is left, and the flow stored, when all is read: half-way there is only more of the same. */
const hasReadAll = (snapshot: AnyMachineSnapshot) => isAllRead(contextOf(snapshot))
const isWanted = (snapshot: AnyMachineSnapshot, part: Part) => isNeeded(nameOf(part), contextOf(snapshot))

const idOf = (part: Part) => `onboarding.read${part}`

/** The parts come in their order, since nothing depends on it. */
function partReads() {
  const isTurnOf =
    (part: Part): EventCase['isPossible'] =>
    (snapshot) =>
      parts.slice(0, parts.indexOf(part)).every((before) => snapshot.children[idOf(before)] === undefined)
  return Object.fromEntries(
    parts.map((part) => [
      idOf(part),
      unlessLoading(
        readEnds(idOf(part), readings[part])
          .filter(isTelling)
          .map((end): EventCase => ({ ...end, isPossible: isTurnOf(part) })),
      ),
    ]),
  )
}

const AHEAD = 'onboarding.loadAhead'
const NEXT = 'onboarding.loadNext'

/** The machines of steps come, or do not. */
const loadEnds = (id: string, isPossible: EventCase['isPossible']) => [
  done(id, 'come', defaultOrder, byItself, isPossible),
  failed(id, 'do not come', { kind: 'network', code: 'client.loadFailed' }, 'no machine is late here', isPossible),
]

/** Machines are there at once, those ahead first: nothing else comes in between. */
const isLoading = ({ children }: AnyMachineSnapshot, ids = [AHEAD, NEXT]) =>
  ids.some((id) => children[id] !== undefined)
const unlessLoading = (cases: readonly EventCase[]): EventCase[] =>
  cases.map((one) => ({ ...one, isPossible: (snapshot) => !isLoading(snapshot) && one.isPossible(snapshot) }))

/** A failure is kept for the step, whatever its kind: one of them stands for all. */
const isTelling = ({ name }: EventCase) => !name.startsWith('error') || name.endsWith('forbidden')

const orders: readonly (readonly StepName[])[] = [
  ['invitations'],
  ['mfa'],
  ['mfa', 'sessions'],
  ['ipWhitelist'],
  ['sessions', 'workspace'],
  ['workspace'],
  [],
]

export const onboardingCases: MachineCases = {
  name: 'onboarding',
  machine: onboardingMachine,
  inputs: [
    ...orders.map((order) => ({ order })),
    { order: ['mfa'], policy: { mfa: 'require' } },
    { order: ['sessions'], policy: { sessions: 'skip' } },
  ],
  events: unlessLoading([
    said({ type: 'onboarding.cancel' }),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    {
      ...restored,
      isPossible: (snapshot) => hasReadAll(snapshot) || Object.keys(contextOf(snapshot).reads).length === 0,
    },
  ]),
  ends: {
    'onboarding.detectRestore': detectRestoreEnds('onboarding.detectRestore'),
    ...partReads(),
    [AHEAD]: loadEnds(AHEAD, () => true),
    [NEXT]: loadEnds(NEXT, (snapshot) => !isLoading(snapshot, [AHEAD])),
    ...Object.fromEntries(
      (Object.keys(steps) as StepName[]).map((step) => [
        step,
        unlessLoading(
          [...stepEnds(step), ...(step === 'mfa' ? mfaEnds : [])].map(
            (end): EventCase => ({
              ...end,
              isPossible: (snapshot) => hasReadAll(snapshot) && end.isPossible(snapshot),
            }),
          ),
        ),
      ]),
    ),
  },
  project: (snapshot) => {
    const { policy, order, reads, areSessionsStale, areWorkspacesStale, results, loadedSteps } = contextOf(snapshot)
    const told = parts.map((part) => {
      const read = reads[nameOf(part)]
      return isWanted(snapshot, part) && read !== undefined && 'value' in read
        ? JSON.stringify(read.value)
        : read !== undefined
    })
    return [policy, order, told, areSessionsStale, areWorkspacesStale, results, loadedSteps.length > 0]
  },
  unreachable: {},
}
