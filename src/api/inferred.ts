import type { InvitationStatus } from '../domain/invitations.ts'

/**
 * The table of inferred choices: what the adapter takes for granted although no text of the portal says it, each in one place.
 * Three more kinds of choices have a place of their own: paths and the use of the channel (`endpoints.ts`), the older names of
 * codes (`codes.ts`), and the inside of the channel (`secure-channel/choices.ts`).
 */

/** `[I]` The language asked for in `X-LOCALE` where the host names none: what the vendor's SDK sends (docs/contract.md#headers). */
export const DEFAULT_LOCALE = 'en'

/** `[I]` A rate limit whose window is not documented and which names no wait is waited out this long (docs/contract.md#rate-limits). */
export const RATE_WINDOW_IF_UNSTATED_MS = 60_000

/** `[I]` No wait that the portal asks for is shorter than this, `Retry-After: 0` included: the machines read again when it is over. */
export const SHORTEST_WAIT_MS = 5_000

/** `[I]` No wait that the portal asks for is shown as longer than this: nobody sits one out. */
export const LONGEST_WAIT_MS = 60 * 60_000

/** `[I]` Every code of this form is a success; listed are `2000`, `2001`, `2002` and `2040` (docs/contract.md#replies). */
export const isSuccessCode = (code: string) => /^2[0-9]{3}$/.test(code)

/** `[I]` The sample `{"status":204,"body":null}` is a runner's notation for an empty reply, but taken as one literally too (docs/contract.md#replies). */
export const isLiteralNoContent = ({ status, body }: { readonly status?: unknown; readonly body?: unknown }) =>
  status === 204 && body === null

/** `[I]` A time without a zone is UTC: all are said to be (docs/contract.md#times). */
export const ZONE_IF_UNSTATED = 'Z'

/**
 * `[I]` No time of the portal's is before this: `0`, 1970-01-01 and 0001-01-01 are what systems write into a field that was never set, and
 * an invitation has not expired because of it (docs/contract.md#times).
 */
export const EARLIEST_TIME = Date.UTC(2000, 0, 1)

/** `[I]` A number is taken for a time only up to here, in seconds, ms or microseconds; what is later stands for "never" (docs/contract.md#times). */
export const LATEST_TIME_AS_NUMBER = Date.UTC(2100, 0, 1)

/** `[I]` A yes or no may come as its text, or as the number that a database keeps. */
export const flags: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  [false, false],
  ['false', false],
  [0, false],
])

/** `[I]` Some systems leave out what is false, so a session that does not say so is not the one in use (docs/contract.md#session-list). */
export const IS_CURRENT_IF_UNSTATED = false

/** `[I]` The same of a factor: one that does not say so is not on (docs/contract.md#mfa-methods). */
export const IS_ENABLED_IF_UNSTATED = false

/** `[I]` `isPrimary` is an addition of newer pages; where it is missing, no factor is marked (docs/contract.md#mfa-methods). */
export const IS_PRIMARY_IF_UNSTATED = false

/** `[I]` A whitelist that was never written may come as null instead of an empty list (docs/contract.md#whitelist-read). */
export const ENTRIES_IF_NULL: readonly string[] = []

/**
 * `[I]` A stored entry that is no text is kept as its JSON, so that no save drops it unseen: it can be shown and removed, and an object
 * goes back as what it was (docs/contract.md#whitelist-read).
 */
export const entryText = (entry: unknown): string => (typeof entry === 'string' ? entry : JSON.stringify(entry))

/** `[I]` See `entryText`. */
export function entryAsListed(text: string): unknown {
  if (!/^[{[]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `[I]` The body of `sessions/terminate` was not read; the id goes back masked, as listed (docs/contract.md#session-terminate). */
export const terminationBody = (sessionId: string) => ({ sessionId })

/** `[I]` The inbox's reply was not found. A name that is missing in it is shown as nothing, rather than losing the row (docs/contract.md#inbox). */
export const NAME_IF_UNSTATED = ''

/** `[I]` An invitation whose status cannot be read is open only where the portal says that it can be accepted (docs/contract.md#inbox). */
export const STATUS_IF_UNSTATED = 'UNKNOWN'

/** `[I]` Where the reply to an accept does not say where to go, the workspace that was joined is where (docs/contract.md#accept). */
export const NEXT_ACTION_IF_UNSTATED = 'ENTER_ACCEPTED_WORKSPACE'

/** `[I]` The same reply without it: the default workspace is as it was. */
export const BECAME_DEFAULT_IF_UNSTATED = false

/**
 * `[I]` An invitation's standing (docs/contract.md#inbox). The portal's `canAccept` is believed. Where it says nothing, one that is pending and
 * not expired can be accepted. One that is pending after its time, and that the portal does not call acceptable, has expired.
 * `expiresAt` and `now` by the same clock.
 */
export function invitationStanding(
  row: {
    readonly status: string
    readonly expiresAt: number | null
    readonly canAccept: boolean | null
  },
  now: number,
): { readonly status: InvitationStatus; readonly canAccept: boolean } {
  const isPending = row.status === 'PENDING'
  const isOver = row.expiresAt !== null && row.expiresAt <= now
  const canAccept = row.canAccept ?? (isPending && !isOver)
  return { status: isPending && isOver && !canAccept ? 'EXPIRED' : row.status, canAccept }
}

/**
 * `[I]` The shorter workspace item of other pages lacks the flags (docs/contract.md#workspaces): none is the default one, each can be entered, and
 * each that can be entered can become the default. The portal refuses what it does not allow.
 */
export const workspaceFlags = (row: {
  readonly isDefault: boolean | null
  readonly enterable: boolean | null
  readonly defaultEligible: boolean | null
}) => {
  const enterable = row.enterable ?? true
  return { isDefault: row.isDefault ?? false, enterable, defaultEligible: row.defaultEligible ?? enterable }
}

/** `[I]` An id is opaque; this only keeps out what could not be one, or would change the path it stands in. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\s\p{C}]{1,256}$/u.test(value) && value !== '.' && value !== '..'

/**
 * The codes by which the portal demands more proof of who the user is. Which header carries it is not documented: the host says. A
 * request that is refused with one of them was not carried out (docs/contract.md#step-up).
 */
export const STEP_UP_CODES = [
  'ACCESS.MFA_REQUIRED',
  'ACCESS.RISK_CHALLENGE_REQUIRED',
  'ACCESS.MFA_TOKEN_EXPIRED',
  'ACCESS.MFA_TOKEN_INVALID',
] as const
