import { type CardName, type SecurityCenterContext, securityCenterMachine } from 'postlogin'
import { failure } from '../../../src/domain/failure.ts'
import { byItself, done, type EventCase, failed, type MachineCases, restored, said } from '../event-case.ts'
import { detectRestoreEnds } from '../outcomes.ts'

/** The reads with which the machine of a card begins, and how it ends. */
const cards: Readonly<Record<CardName, { readonly reads: readonly [string, ...string[]]; readonly output: object }>> = {
  mfa: { reads: ['mfa.read'], output: { otpEnabled: false } },
  ipWhitelist: {
    reads: ['ipWhitelist.read', 'ipWhitelist.readAddress'],
    output: { ipWhitelistEnabled: false, unconfirmedChange: null },
  },
  sessions: { reads: ['sessions.read'], output: { sessionsTerminated: 0 } },
  invitations: { reads: ['invitations.read'], output: { acceptedInvitations: [] } },
}
const names = Object.keys(cards) as CardName[]

const unauthorized = failure({ kind: 'unauthorized', code: '4010' })

function cardEnds(card: CardName): EventCase[] {
  const id = `securityCenter.${card}`
  const { reads, output } = cards[card]
  const end = { failure: null, aimHolds: false, ...output }
  return [
    {
      name: `snapshot ${card}`,
      event: { type: `xstate.snapshot.${id}`, snapshot: {} } as never,
      isPossible: () => true,
      provoke: (scene) => scene.child(id).send({ type: 'nothing that it knows' }),
    },
    done(id, 'left', { ...end, outcome: 'done' }, async (scene) => {
      for (const read of reads) await scene.answer(read)
      scene.child(id).send({ type: 'step.finish' })
    }),
    done(id, 'signed out', { ...end, outcome: 'signedOut', failure: unauthorized }, (scene) =>
      scene.answer(reads[0], (operation) => scene.portal.fault(operation, { status: 401 })),
    ),
    failed(id, 'breaks down', new Error('broken'), 'no machine breaks down: a host has to put in one that does'),
  ]
}

const loadEnds = (card: CardName) => {
  const id = `securityCenter.${card}.load`
  return [
    done(id, 'comes', [card], byItself),
    failed(id, 'does not come', { kind: 'network', code: 'client.loadFailed' }, 'no machine is late here'),
  ]
}

/** The cards are independent of one another, so that one at a time goes over all edges. */
const isAlone =
  (card: CardName): EventCase['isPossible'] =>
  ({ value }) =>
    names.every((other) => other === card || (value as { cards?: Record<string, string> }).cards?.[other] === 'closed')

export const securityCenterCases: MachineCases = {
  name: 'securityCenter',
  machine: securityCenterMachine,
  inputs: [undefined],
  events: [
    ...names.flatMap((card) =>
      ['card.open', 'card.close'].map(
        (type): EventCase => ({ ...said({ type, card } as never, card), isPossible: isAlone(card) }),
      ),
    ),
    restored,
  ],
  ends: {
    'securityCenter.detectRestore': detectRestoreEnds('securityCenter.detectRestore'),
    ...Object.fromEntries(names.map((card) => [`securityCenter.${card}`, cardEnds(card)])),
    ...Object.fromEntries(names.map((card) => [`securityCenter.${card}.load`, loadEnds(card)])),
  },
  project: ({ context }) => {
    const { failures } = context as SecurityCenterContext
    return Object.keys(failures)
  },
  unreachable: {},
}
