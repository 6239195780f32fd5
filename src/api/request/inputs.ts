import { clientFailure, PortalError } from '../../domain/failure.ts'
import { DECLINE_REASON_MAX, isDeclineReason } from '../../domain/invitations.ts'
import { loadPart } from '../../domain/load-part.ts'
import { normalizeCode } from '../../domain/otp-code.ts'
import { isSealed } from '../../domain/sealed.ts'
import { isUuid } from '../../domain/uuid.ts'
import { entryAsListed, isId } from '../inferred.ts'

/**
 * What a method was given, as it is sent; or `PortalError` `invalid` with the field at fault, before anything reaches the network.
 * Each reads its fields from whatever it gets: a caller without types must get the same answer.
 */

const refuse = (field: string, code: 'input' | 'reasonTooLong' = 'input'): never => {
  throw new PortalError(clientFailure(code, 'invalid', { field }))
}

const fieldOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null ? Reflect.get(input, name) : undefined

const idOf = <Name extends string>(input: unknown, name: Name): string => {
  const id = fieldOf(input, name)
  return isId(id) ? id : refuse(name)
}

/** Six plain digits, whatever digits and marks they were typed with (docs/contract.md#otp-verify). */
export function codeInput(input: unknown): { readonly code: string } {
  const code = fieldOf(input, 'code')
  return { code: normalizeCode(isSealed(code) ? code.reveal() : code) ?? refuse('code') }
}

/**
 * Addresses and ranges (docs/contract.md#whitelist-replace). Entries that the portal itself listed go back as they stand, whatever we make of them: to
 * undo a change must not fail on our reading.
 */
export async function entriesInput(input: unknown): Promise<{ readonly entries: readonly unknown[] }> {
  const entries = fieldOf(input, 'entries')
  if (!Array.isArray(entries)) return refuse('entries')
  // Array.from fills the holes that map would pass over.
  const texts = Array.from(entries, (entry: unknown, index) =>
    typeof entry === 'string' ? entry : refuse(`entries[${index}]`),
  )
  if (fieldOf(input, 'asListed') === true) return { entries: texts.map(entryAsListed) }
  // What reads addresses comes with the change that needs it: it is larger than all of the above.
  const { readRange } = await loadPart(() => import('../../domain/ip-address.ts'))
  const unread = texts.findIndex((text) => readRange(text) === null)
  return unread < 0 ? { entries: texts.map((text) => text.trim()) } : refuse(`entries[${unread}]`)
}

/** A session's id as listed (docs/contract.md#session-terminate). */
export const sessionInput = (input: unknown) => ({ sessionId: idOf(input, 'sessionId') })

/** docs/contract.md#accept */
export const invitationInput = (input: unknown) => ({ invitationBizId: idOf(input, 'invitationBizId') })

/** A reason has at most 500 characters (docs/contract.md#decline). */
export function declineInput(input: unknown): { readonly invitationBizId: string; readonly reason?: string } {
  const reason = fieldOf(input, 'reason')
  if (!isDeclineReason(reason)) {
    return refuse(
      'reason',
      typeof reason === 'string' && reason.length > DECLINE_REASON_MAX ? 'reasonTooLong' : 'input',
    )
  }
  return { ...invitationInput(input), ...(reason === undefined ? {} : { reason }) }
}

/** docs/contract.md#workspaces */
export const workspaceInput = (input: unknown) => ({ workspaceBizId: idOf(input, 'workspaceBizId') })

/** docs/contract.md#headers; null is none. */
export function requestIdInput(requestId: unknown): string | undefined {
  if (requestId === undefined || requestId === null) return undefined
  return isUuid(requestId) ? requestId : refuse('requestId')
}

/** As `fetch` takes one: null is none. */
export function signalInput(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined
  return signal instanceof AbortSignal ? signal : refuse('signal')
}

/** Null is none. */
export function onStepUpInput(onStepUp: unknown): ((isAsked: boolean) => void) | undefined {
  if (onStepUp === undefined || onStepUp === null) return undefined
  return typeof onStepUp === 'function' ? (isAsked) => onStepUp(isAsked) : refuse('onStepUp')
}
