import type { DeadlineInput } from 'postlogin'
import type { FakeAccount, Fault } from 'postlogin/testing'
import { mayBeEcho, reasonOf } from '../../src/api/reply/reasons.ts'
import { type Failure, failure, hasUnknownOutcome, isUnsettled } from '../../src/domain/failure.ts'
import { SETTLING_MS } from '../../src/domain/settling.ts'
import { NOON } from '../support/setting.ts'
import { byItself, done, type EventCase, failed, isStoppedWrite } from './event-case.ts'

/** A way in which an operation fails: what the machine is told, and the fault that makes a portal and the adapter say so. */
interface Trouble {
  readonly name: string
  readonly failure: Failure
  readonly fault: Fault
  /** The token is refused, and the host cannot reach whoever gives a new one. */
  readonly isTokenOutOfReach?: boolean
}

const RETRY_AFTER_S = 30
/** The slots say of every write whose outcome is open until when it may still land. */
const SETTLED_AT = NOON + SETTLING_MS

const trouble = (name: string, parts: Parameters<typeof failure>[0], fault: Fault): Trouble => ({
  name,
  failure: failure(parts),
  fault,
})

const signedOut = trouble('signed out', { kind: 'unauthorized', code: '4010', status: 401 }, { status: 401 })
const rateLimited = trouble(
  'rate limited',
  { kind: 'rateLimited', code: 'AUTH.TOO_MANY_ATTEMPTS', status: 429, retryAt: NOON + RETRY_AFTER_S * 1000 },
  { retryAfter: RETRY_AFTER_S },
)
const forbidden = trouble(
  'forbidden',
  { kind: 'forbidden', code: 'ACCESS.PERMISSION_DENIED', status: 403 },
  { status: 403 },
)
const offline = (open: Partial<Failure> = {}) =>
  trouble('offline', { kind: 'network', code: 'client.network', retryable: true, ...open }, 'loseRequest')
const broken = (open: Partial<Failure> = {}) =>
  trouble('broken', { kind: 'server', code: '5000', status: 500, retryable: true, ...open }, { status: 500 })
const open = { effect: 'unknown', retryAt: SETTLED_AT } as const
const unsent: Trouble = {
  name: 'not sent',
  failure: failure({ kind: 'network', code: 'client.refresh', retryable: true }),
  fault: { status: 401 },
  isTokenOutOfReach: true,
}
const unreadable = trouble(
  'unreadable',
  { kind: 'protocol', code: 'client.shape', status: 200, effect: 'done' },
  'wrongShape',
)

/** What is kept of a write of which nobody knows whether it was carried out. */
export const openOutcome = offline(open).failure
const ticketSpent = failure({ kind: 'network', code: 'client.ticketSpent', ...open })
const settled = failure({ kind: 'server', code: '5000', effect: 'unknown' })

/** A refusal of a write with a code. */
export function refusal(kind: Failure['kind'], status: number, code: string): Trouble {
  const reason = reasonOf(code)
  const effect = mayBeEcho({ kind, code, reason }) ? 'unknown' : 'none'
  return trouble(code, { kind, code, reason, status, effect }, { status, code })
}

const readTroubles: readonly Trouble[] = [signedOut, rateLimited, forbidden, offline(), broken()]
const writeTroubles: readonly Trouble[] = [
  signedOut,
  rateLimited,
  forbidden,
  refusal('conflict', 409, '4090'),
  offline(open),
  broken(open),
  unsent,
]

const ends = (id: string, troubles: readonly Trouble[]): EventCase[] =>
  troubles.map(({ name, failure, fault, isTokenOutOfReach = false }) =>
    failed(id, name, failure, (scene) =>
      scene.answer(id, (operation) => {
        scene.tokenIsOutOfReach(isTokenOutOfReach)
        scene.portal.fault(operation, fault)
      }),
    ),
  )

/** What a read tells, and how the account has to be for the portal to tell it. */
export interface Reading {
  readonly output: unknown
  readonly account: (draft: FakeAccount) => void
}

/** All ways in which a read ends: it tells one of these, or fails. */
export const readEnds = (id: string, readings: Readonly<Record<string, Reading>>): EventCase[] => [
  ...Object.entries(readings).map(([name, { output, account }]) =>
    done(id, name, output, (scene) => scene.answer(id, () => scene.portal.update(account))),
  ),
  ...ends(id, readTroubles),
]

/** All ways in which a write ends, those with a code of its own included. One that was stored is not sent, and says so. */
export function writeEnds(
  id: string,
  {
    output = undefined,
    account = () => undefined,
    codes = [],
    isReplyRead = false,
    isPossible = () => true,
  }: Partial<Reading> & {
    readonly codes?: readonly Trouble[]
    /** Does the adapter need anything of the reply, so that it can be unreadable although the deed is done? */
    readonly isReplyRead?: boolean
    /** Can it end well? */
    readonly isPossible?: EventCase['isPossible']
  } = {},
): EventCase[] {
  const isStopped: EventCase['isPossible'] = ({ children }) => isStoppedWrite(children[id])
  const sent = [
    done(id, 'well', output, (scene) => scene.answer(id, () => scene.portal.update(account)), isPossible),
    ...ends(id, [...writeTroubles, ...(isReplyRead ? [unreadable] : []), ...codes]),
    failed(id, 'settled', settled, 'only a slot of the host leaves out until when a write may still land'),
  ].map(
    (end): EventCase => ({
      ...end,
      // While more proof is asked for, nothing is sent.
      isPossible: (snapshot) => !snapshot.hasTag('steppingUp') && !isStopped(snapshot) && end.isPossible(snapshot),
    }),
  )
  return [...sent, failed(id, 'not sent again', ticketSpent, byItself, isStopped)]
}

/** A deadline without a time is never reached, and asks no clock. */
const isSet =
  (id: string): EventCase['isPossible'] =>
  ({ children }) =>
    (children[id]?.getSnapshot() as { input?: DeadlineInput } | undefined)?.input?.at != null

/** A deadline is reached, or the clock of the host fails it. */
export const deadlineEnds = (id: string): EventCase[] => [
  done(id, 'rings', NOON, (scene) => scene.ring(id), isSet(id)),
  { ...failed(id, 'clock is broken', new Error('no clock'), byItself, isSet(id)), onBrokenClock: 'setTimeout' },
]

/** What starts a machine anew ends never, and badly only if its own code is wrong. */
export const detectRestoreEnds = (id: string): EventCase[] => [
  failed(id, 'breaks down', new Error('broken'), 'detectRestore looks at its ticket and does nothing that could fail'),
]

/** All that guards ask about a failure that is kept: is there one, is a write's outcome open, and may it still land? The rest is asked when it comes. */
export const seenOf = (failure: Failure | null) => [failure !== null, hasUnknownOutcome(failure), isUnsettled(failure)]
