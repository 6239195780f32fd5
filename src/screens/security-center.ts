import type { SnapshotFrom } from 'xstate'
import type { SecurityCenterMachine } from '../../machines/index.ts'
import { lacks } from '../../machines/slots.ts'
import type { CardName } from '../domain/security-center.ts'
import type { UnconfirmedChange } from '../domain/whitelist-change.ts'
import { type Action, noFlow } from './action.ts'
import type { InvitationsScreen } from './invitations.ts'
import type { IpWhitelistScreen } from './ip-whitelist.ts'
import type { MfaScreen } from './mfa.ts'
import type { OtpEnrollmentScreen } from './otp-enrollment.ts'
import type { BrokenScreen, CrashedScreen, LoadingScreen } from './screen.ts'
import type { SessionsScreen } from './sessions.ts'
import type { SnapshotAlone } from './steps.ts'

/** The security page of an account: cards that are opened and closed in any order, several at once. */
export interface SecurityCenterScreen {
  readonly name: 'securityCenter'
  /** The cards in their order, by their names. */
  readonly cards: {
    readonly mfa: SecurityCard<'mfa'>
    /** Missing where the portal has no whitelist. */
    readonly ipWhitelist?: SecurityCard<'ipWhitelist'>
    readonly sessions: SecurityCard<'sessions'>
    readonly invitations: SecurityCard<'invitations'>
  }
  /** A whitelist change that may be in force though nobody confirmed it; null if there is none. */
  readonly unconfirmedChange: UnconfirmedChange | null
}

/** A card of the security center. */
export interface SecurityCard<Card extends CardName = CardName> {
  readonly name: Card
  /** What is in it; null while it is closed. A card whose machine is on its way is `loading`, one that broke down `broken`. */
  readonly screen: CardScreens[Card] | LoadingScreen | BrokenScreen | CrashedScreen | null
  /** Opens it; null while it is open. */
  readonly open: Action | null
  /**
   * Closes it, as `finish` leaves a step: a whitelist change that nobody has kept is undone first. Blocked while it is busy. Null while
   * it is closed.
   */
  readonly close: Action | null
}

interface CardScreens {
  readonly mfa: MfaScreen | OtpEnrollmentScreen
  readonly ipWhitelist: IpWhitelistScreen
  readonly sessions: SessionsScreen
  readonly invitations: InvitationsScreen
}

type Snapshot = SnapshotFrom<SecurityCenterMachine>
type CardScreen = NonNullable<SecurityCard['screen']>
/** What the machine of an open card shows. */
type Look = (card: CardName, snapshot: SnapshotAlone) => { readonly name: string }

export const securityCenterScreen = (snapshot: Snapshot, look: Look): SecurityCenterScreen => ({
  name: 'securityCenter',
  cards: {
    mfa: cardOf('mfa', snapshot, look),
    ...(lacks(snapshot.machine, 'getIpWhitelist') ? {} : { ipWhitelist: cardOf('ipWhitelist', snapshot, look) }),
    sessions: cardOf('sessions', snapshot, look),
    invitations: cardOf('invitations', snapshot, look),
  },
  unconfirmedChange: snapshot.context.unconfirmedChange,
})

function cardOf<Card extends CardName>(name: Card, snapshot: Snapshot, look: Look): SecurityCard<Card> {
  const event = (type: string): Action => ({ owner: 'securityCenter', event: { type, card: name }, blocked: null })
  const screen = screenIn(name, snapshot, look) as SecurityCard<Card>['screen']
  if (screen === null) return { name, screen, open: event('card.open'), close: null }
  const blocked = 'finish' in screen ? screen.finish.blocked : null
  return { name, screen, open: null, close: { ...event('card.close'), blocked } }
}

function screenIn(card: CardName, snapshot: Snapshot, look: Look): CardScreen | null {
  const isIn = (state: 'closed' | 'failed') => snapshot.matches({ cards: { [card]: state } } as never)
  if (isIn('closed')) return null
  if (isIn('failed')) return brokenCard(card, snapshot)
  const actor = cardIn(snapshot, card)
  return actor === undefined ? { name: 'loading', cancelFlow: noFlow } : (look(card, actor.getSnapshot()) as CardScreen)
}

const brokenCard = (card: CardName, { context }: Snapshot): BrokenScreen => ({
  name: 'broken',
  step: card,
  failure: context.failures[card] ?? null,
  retry: { owner: 'securityCenter', event: { type: 'card.open', card }, blocked: null },
  skip: { owner: 'securityCenter', event: { type: 'card.close', card }, blocked: null },
  cancelFlow: noFlow,
})

/** The actor of an open card. */
export const cardIn = ({ children }: Snapshot, card: CardName) =>
  children[`securityCenter.${card}`] as CardActor | undefined

interface CardActor {
  getSnapshot(): SnapshotAlone
  send(event: never): void
}
