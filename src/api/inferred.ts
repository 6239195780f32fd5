import type { InvitationStatus } from '../domain/invitations.ts'

/**
 * The table of inferred choices: what the adapter takes for granted although no text of the portal says it, each in one place.
 * Three more kinds of choices have a place of their own: paths and the use of the channel (`endpoints.ts`), the older names of
 * codes (`codes.ts`), and the inside of the channel (`secure-channel/choices.ts`).
 */

/** `[I]` The language asked for in `X-LOCALE` where the host names none: what the vendor's SDK sends (contract 1). */
export const DEFAULT_LOCALE = 'en'

/** `[I]` A rate limit whose window is not documented and which names no wait is waited out this long (contract 2). */
export const RATE_WINDOW_IF_UNSTATED_MS = 60_000

/** `[I]` No wait that the portal asks for is shorter than this, `Retry-After: 0` included: the machines read again when it is over. */
export const SHORTEST_WAIT_MS = 5_000

/** `[I]` No wait that the portal asks for is shown as longer than this: nobody sits one out. */
export const LONGEST_WAIT_MS = 60 * 60_000

/** `[I]` Every code of this form is a success; listed are `2000`, `2001`, `2002` and `2040` (contract 2). */
export const isSuccessCode = (code: string) => /^2[0-9]{3}$/.test(code)

/** `[I]` The sample `{"status":204,"body":null}` is a runner's notation for an empty reply, but taken as one literally too (contract 2). */
export const isLiteralNoContent = ({ status, body }: { readonly status?: unknown; readonly body?: unknown }) =>
  status === 204 && body === null

/** `[I]` A time without a zone is UTC: the contract says that all are (contract 2). */
export const ZONE_IF_UNSTATED = 'Z'

/** `[I]` `isPrimary` is an addition of newer pages; where it is missing, no factor is marked (contract 4.1). */
export const IS_PRIMARY_IF_UNSTATED = false

/** `[I]` A whitelist that was never written may come as null instead of an empty list (contract 5.1). */
export const ENTRIES_IF_NULL: readonly string[] = []

/** `[I]` The body of `sessions/terminate` was not read; the id goes back masked, as listed (contract 6.2). */
export const terminationBody = (sessionId: string) => ({ sessionId })

/** `[I]` The inbox's reply was not found. A name that is missing in it is shown as nothing, rather than losing the row (contract 7.1). */
export const NAME_IF_UNSTATED = ''

/**
 * `[I]` An invitation's standing (contract 7.1). The portal's `canAccept` is believed. Where it says nothing, one that is pending and
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
 * `[I]` The shorter workspace item of other pages lacks the flags (contract 8): none is the default one, each can be entered, and
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
