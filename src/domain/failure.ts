/**
 * What went wrong, for a program and for a person. It is plain JSON without any secret, so it is safe to store and to
 * inspect.
 */
export interface Failure {
  /** The category of the failure, whatever its code. */
  readonly kind: FailureKind
  /**
   * The portal's code (`AUTH.MFA_CODE_INVALID`, `4010`), or ours as `client.*`. A code of the portal's that starts with
   * `client.` becomes `portal.client.*`. Branch on `kind` or `reason` where they say enough, and never on a text.
   */
  readonly code: string
  /** What the refusal says in words that every portal shares; null where none of them fits. The machines branch on it, never on a portal's code. */
  readonly reason: FailureReason | null
  /** The HTTP status of the reply; null if there was no reply or no request. */
  readonly status: number | null
  /** May the same request, unchanged, succeed later? */
  readonly retryable: boolean
  /** Do not try again before this time (epoch ms, the host's clock); null if there is nothing to wait for. */
  readonly retryAt: number | null
  /**
   * Did the write take effect? Always `none` for a read. `unknown` where no reply came, and for a refusal that a
   * repeated write would get as well.
   */
  readonly effect: Effect
  /** The option, input or reply field at fault, as a path (`entries`, `data[0].sessionId`); null if there is none. */
  readonly field: string | null
  /** The `X-Request-Id` sent, to quote to the portal's support; null if nothing was sent. */
  readonly requestId: string | null
}

/**
 * What sort of failure it is: the first thing to branch on. `network` and `timeout`: no whole reply came.
 * `unauthorized` to `server`: the portal refused. `protocol`: the reply cannot be understood. `secureChannel`: the
 * encrypted channel could not be used. `config`: the host made a mistake.
 */
export type FailureKind =
  | 'network'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'rateLimited'
  | 'invalid'
  | 'server'
  | 'protocol'
  | 'secureChannel'
  | 'config'

/**
 * What a refusal says, whichever portal it is from. `wrongCode`: the code is wrong, the setup still waits for another one.
 * `setupGone`: the setup has expired or was used, so it takes a new one. `invitationExpired`: the invitation is too old.
 * `invitationClosed`: it was accepted, declined, or withdrawn already. `proofMissing`: more proof of who the user is, such
 * as a password, was not given or not accepted, so nothing was done.
 */
export type FailureReason = 'wrongCode' | 'setupGone' | 'invitationExpired' | 'invitationClosed' | 'proofMissing'

/** What a failure is made of: its kind and code, and what else there is to say. */
export type FailureParts = Pick<Failure, 'kind' | 'code'> & Partial<Failure>

/**
 * Whether a write took effect: `none`, it did not; `done`, it did; `unknown`, read the state back before you decide.
 */
export type Effect = 'none' | 'done' | 'unknown'

/** The codes that this package gives itself. Every other `Failure.code` comes from the portal. */
export type ClientCode = `client.${ClientKey}`

/** A `ClientCode` without its `client.`: the key of its text. */
export type ClientKey = keyof typeof clientCodes

/**
 * An English text for each code of ours, under its key without `client.`: what happened, and what to do next. Whether a
 * change took effect is in `Failure.effect`; `createMessages` puts the two together.
 *
 * @example
 * ```ts
 * const isOurs = (code: string) => code.startsWith('client.') && code.slice('client.'.length) in clientCodes
 * isOurs('client.timeout') // => true
 * isOurs('AUTH.MFA_CODE_INVALID') // => false
 * ```
 */
export const clientCodes = {
  slotEmpty:
    'This machine has no service to call. Create the machines with createMachines(api), or fill the slot with .provide().',
  methodMissing:
    'The PortalApi lacks a method that this step needs. Add the method, or leave the step out of the order.',
  option: 'An option has an invalid value. Correct it.',
  input: 'An input has an invalid value. Correct it.',
  aborted: 'The request was aborted before its reply arrived. Repeat it if you still need it.',
  network: 'The portal could not be reached. Check your connection, then try again.',
  timeout: 'The portal did not answer in time. Try again in a moment.',
  redirect:
    'The portal answered with a redirect, which was not followed. Sign in again. If this keeps happening, check the base URL.',
  insecure: 'Only https is allowed, except to this computer. Check the base URL.',
  tooLarge: 'The reply was larger than 1 MiB and was discarded. Check the base URL.',
  malformed: 'The reply was not in the documented format. Try again. If this keeps happening, check the base URL.',
  shape: 'The reply lacks a field, or a field has the wrong type. Try again. If this keeps happening, report it.',
  server: 'The portal is having problems. Try again in a moment.',
  unauthorized: 'Your session has ended. Sign in again.',
  signedOutUnsent:
    'Your session has ended. What was still waiting to be sent was not sent. Sign in again, then choose it again.',
  rateLimited: 'The portal asks you to wait before you try again.',
  refused: 'The portal refused without giving a reason. Check the current state before you try again.',
  encryptedReply: 'The reply could not be decrypted and was discarded. Try again.',
  plainReply:
    'The reply was discarded because it was not encrypted, although this portal encrypts such replies. If this keeps happening, report it to the portal operator.',
  refresh: 'Your session could not be renewed. Try again. If this keeps happening, sign in again.',
  accessToken: 'There is no access token. Sign in again.',
  stepUpDeclined:
    'The portal requires another proof of identity for this, and none was given. Try again, and give it when you are asked.',
  stepUpFailed:
    'The portal requires another proof of identity for this, and it could not be obtained. Try again. If this keeps happening, report it.',
  insecureContext:
    'Browsers encrypt only on https pages and on localhost. Serve the page over https, or turn the secure channel off.',
  secureChannel: 'The encrypted channel to the portal could not be set up. Try again.',
  channelKey:
    'The portal did not send a usable public key, so the encrypted channel could not be set up. Report it to the portal operator.',
  ticketSpent: 'This change was already started, so it is not sent again. Its outcome is being checked.',
  unexpected: 'Something unexpected went wrong here. Try again.',
  notDone: 'The change did not take effect. You can make it again.',
  loadFailed:
    'A part of this application could not be loaded. Check your connection, then try again. If this keeps happening, reload the page.',
  notLoaded:
    'The machine that this state belongs to is not loaded yet. Await loadMachines() before you restore a flow.',
  stepUnreadable: 'This step cannot be shown. Try again or skip it. If that does not help, contact support.',
  stepRequired: 'This step is required. Complete it to continue.',
  invitationUnavailable: 'This invitation can no longer be accepted or declined. Refresh the inbox.',
  invitationUnknown: 'This invitation is not in the inbox. Refresh the inbox.',
  reasonTooLong: 'The reason is longer than 500 characters. Shorten it.',
  setupLost: 'The setup was interrupted before the QR code arrived. Start it again.',
  otpSetupMismatch:
    'The key and the QR code from the portal do not match, or no app can use them. Start the setup again. If this keeps happening, report it.',
  sessionUnknown: 'This session is not in the list. Refresh the list.',
  sessionCurrent: 'This is the session you are using. To end it, sign out.',
  sessionAmbiguous: 'More than one session has this ID, so the wrong one might end. End all other sessions instead.',
  sessionNotEnded:
    'The portal said it ended this session but still lists it. Whoever uses it may still be signed in. End it again. If it stays in the list, ask an administrator.',
  sessionUnmarked:
    'The portal does not say which session is yours, so this may be the one you are using. End all other sessions instead.',
  workspaceUnknown: 'This workspace is not in the list. Refresh the list.',
  workspaceClosed: 'You cannot enter this workspace. Choose another one.',
  workspaceNotEligible: 'This workspace cannot be your default, but you can still enter it.',
  entriesInvalid:
    'The list has an entry that is neither an address nor a range. Nothing was saved. Correct or remove the entry.',
  entriesMissing: 'The whitelist needs at least one valid entry before you can turn it on.',
  savedNotEnabled: 'The list was saved, but the whitelist is still off. Try to turn it on again.',
  emptyEnforced: 'The whitelist is on, so it cannot be empty: nobody could sign in. Turn it off first.',
  lockout:
    'This list does not cover the address you are signed in from, so you would be locked out. Nothing was changed. Add your address first.',
  changedElsewhere:
    'Someone else changed the whitelist in the meantime. Nothing was overwritten. Review the list, then decide.',
  notAsAsked:
    'The whitelist is neither as it was nor as you asked: the portal stored something else, or someone else changed it. It is turned off. Review the list, then decide.',
  lockedOut:
    'The previous whitelist could not be restored: the portal refused. Ask an administrator for help before you sign out.',
  lockoutSuspected:
    'Right after the change, the portal refused every request, so the new list may have locked you out. The previous list was restored. Check your list before you change it again.',
  keepLocksOut:
    'The list in force does not cover the address you are signed in from. If you keep it, it will lock you out. Undo the change, or add your address and save again.',
  undoLocksOut:
    'The previous list may not cover the address you are signed in from, so it was not restored. Keep the change, or save another list.',
  outcomeUnknown:
    'It is not yet known whether the last change took effect: the portal may still be working on it. It will be checked again automatically.',
  unconfirmed: 'The whitelist change is not confirmed yet. Keep it or undo it first.',
  stopped: 'The flow has stopped and will not continue by itself. Restore it from storage, or start over.',
  storageText: 'The stored state could not be read. Start over.',
  storageVersion: 'The stored state was written by another version of this package. Start over.',
  storageMachine: 'The stored state belongs to another machine. Start over.',
  storageSubject: 'The stored state belongs to another account. Start over.',
} as const

/** The key of a code of ours; null for every other code. */
export function clientKey(code: string): ClientKey | null {
  const key = code.startsWith('client.') ? code.slice('client.'.length) : ''
  return Object.hasOwn(clientCodes, key) ? (key as ClientKey) : null
}

/** A failure with everything that is not said left at its plain value: no reason, no status, no wait, no effect. */
export function failure(parts: FailureParts): Failure {
  return {
    kind: parts.kind,
    code: parts.code,
    reason: parts.reason ?? null,
    status: parts.status ?? null,
    retryable: parts.retryable ?? false,
    retryAt: parts.retryAt ?? null,
    effect: parts.effect ?? 'none',
    field: parts.field ?? null,
    requestId: parts.requestId ?? null,
  }
}

/** A failure of our own making, with a code of `clientCodes`. */
export function clientFailure(code: ClientKey, kind: FailureKind, parts: Partial<Failure> = {}): Failure {
  return failure({ ...parts, kind, code: `client.${code}` })
}

/** The user did not want to give the proof that the portal demanded: so it was not repeated. */
export const stepUpDeclined: Failure = clientFailure('stepUpDeclined', 'forbidden', {
  reason: 'proofMissing',
  retryable: true,
})

/**
 * The error of this package: every method of `PortalApi` rejects with it, and an option or input that cannot be used
 * throws it. It carries its `failure` and nothing else: no request, no cause.
 *
 * A `PortalApi` of your own rejects with it, too: `new PortalError({ kind: 'invalid', code: 'INVALID_CODE', reason: 'wrongCode' })`.
 *
 * @example
 * ```ts
 * portal.fault('listSessions', { status: 403 })
 * try {
 *   await api.listSessions()
 * } catch (thrown) {
 *   if (!(thrown instanceof PortalError)) throw thrown
 *   thrown.failure.kind // => 'forbidden'
 * }
 * ```
 */
export class PortalError extends Error {
  override readonly name = 'PortalError'
  /** What went wrong, as plain data. */
  readonly failure: Failure

  /**
   * Of a failure, only kind and code have to be said: the rest is null, and no effect. `detail` replaces the message, which
   * otherwise is the English text of the failure's code.
   */
  constructor(parts: FailureParts, detail?: string) {
    const made = failure(parts)
    super(detail ?? describe(made))
    this.failure = made
  }
}

const describe = ({ code, field, status }: Failure) => {
  const key = clientKey(code)
  const text =
    key === null ? `The portal refused with ${code}${status === null ? '' : ` (HTTP ${status})`}.` : clientCodes[key]
  return field === null ? text : `${field}: ${text}`
}

/** Does it look like one, as far as it is branched on? */
export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  'code' in value &&
  'effect' in value &&
  'retryAt' in value

/**
 * Whatever was thrown, as a plain `Failure`: what to keep in the context of a machine of your own, or to show. A stranger's error
 * becomes `client.unexpected`, and its text is dropped.
 *
 * @example
 * ```ts
 * portal.fault('listSessions', { status: 403 })
 * const failure = await api.listSessions().catch(toFailure)
 * toFailure(new Error('Bearer abc')).code // => 'client.unexpected'
 * ```
 */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof PortalError) return thrown.failure
  if (isFailure(thrown)) return failure(thrown)
  return clientFailure('unexpected', 'protocol', { retryable: true, effect: 'unknown' })
}

/** A write that took place or may have: what came of it has to be read back. */
export const hasUnknownOutcome = (failure: Failure | null): boolean => failure !== null && failure.effect !== 'none'

const REFUSALS: readonly FailureKind[] = ['forbidden', 'notFound', 'conflict', 'invalid']

/** The portal understood the write and said no: repeating it is pointless, everything else stays usable. */
export const wasRefused = (failure: Failure | null): boolean =>
  failure !== null && failure.effect === 'none' && REFUSALS.includes(failure.kind)

/** The session has ended: nothing that is asked for now will be answered. */
export const isSignedOut = (failure: Failure | null): boolean => failure?.kind === 'unauthorized'

/** The proof that the portal demanded was not given: once it is, the same request may succeed. */
export const lacksProof = (failure: Failure | null): boolean => failure?.reason === 'proofMissing'

/** The portal asks for a pause before the next try. */
export const mustWait = (failure: Failure | null): boolean => failure?.kind === 'rateLimited'

/** How long that pause is, as the time (epoch ms) at which it ends; null where there is none. */
export const waitsUntil = (failure: Failure | null): number | null => failure?.retryAt ?? null

/** Nobody knows yet what came of a write, and it may still land: a read that shows everything as before settles nothing. */
export const isUnsettled = (failure: Failure | null): boolean =>
  failure !== null && failure.effect === 'unknown' && failure.retryAt !== null

/** Not where the portal has answered: that it did it, only unreadably, or that it did not, at least this time. */
export const mayLand = ({ effect, kind }: Failure): boolean => effect === 'unknown' && !REFUSALS.includes(kind)

/** The failure once its wait is over. */
export const withoutWait = (failure: Failure | null): Failure | null => failure && { ...failure, retryAt: null }

/** The later of two times (epoch ms), null being none. */
export const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/**
 * The failure of a write of which a read has shown that it did not take place: the same one, with the effect `none`, or
 * `client.notDone` where all that was known of it is that it had begun before a reload. Null stays null.
 *
 * @example
 * ```ts
 * portal.fault('terminateOtherSessions', 'loseRequest')
 * const lost = await api.terminateOtherSessions().then(() => null, toFailure)
 * const others = (await api.listSessions()).filter(({ isCurrent }) => !isCurrent)
 * const shown = others.length > 0 ? withoutEffect(lost) : null
 * shown?.effect // => 'none'
 * ```
 */
export const withoutEffect = (failure: Failure | null): Failure | null =>
  failure?.code === 'client.ticketSpent' ? notDone() : failure && { ...failure, effect: 'none' }

/** A write that did not take place, and no more is known of it. */
export const notDone = (): Failure => clientFailure('notDone', 'protocol', { retryable: true })

/** The failure of a read that was to tell what came of a write: the write's outcome stays as open as it was. */
export const readBackFailure = (before: Failure | null, failure: Failure): Failure =>
  before !== null && hasUnknownOutcome(before)
    ? { ...failure, effect: 'unknown', retryAt: later(before.retryAt, failure.retryAt) }
    : failure

/** The same where nothing failed before: the portal has answered that it did it, and a read was to show that. */
export const answeredReadBackFailure = (before: Failure | null, failure: Failure): Failure =>
  before === null ? { ...failure, effect: 'done' } : readBackFailure(before, failure)
