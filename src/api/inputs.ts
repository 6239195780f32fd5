import { clientFailure, PortalError } from '../domain/failure.ts'
import { DECLINE_REASON_MAX, isDeclineReason } from '../domain/invitations.ts'
import { judgeEntries } from '../domain/ip-whitelist.ts'
import { normaliseCode } from '../domain/otp.ts'
import { isSealed } from '../domain/sealed.ts'
import { isId } from './inferred.ts'

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

/** Six digits, without the spaces that people put in (contract 4.3). */
export function codeInput(input: unknown): { readonly code: string } {
  const code = fieldOf(input, 'code')
  return { code: normaliseCode(isSealed(code) ? code.reveal() : code) ?? refuse('code') }
}

/**
 * Addresses and ranges (contract 5.2). An entry that the portal itself listed goes back as it stands, whatever we make of it: to
 * undo a change must not fail on our reading.
 */
export function entriesInput(input: unknown, listed: ReadonlySet<string>): { readonly entries: readonly string[] } {
  const entries = fieldOf(input, 'entries')
  if (!Array.isArray(entries)) return refuse('entries')
  const texts = entries.map((entry: unknown, index) =>
    typeof entry === 'string' ? entry : refuse(`entries[${index}]`),
  )
  const verdicts = judgeEntries(texts.map((value, index) => ({ id: String(index), value })))
  for (const [index, { value, verdict }] of verdicts.entries()) {
    if (verdict === 'notAnAddress' && !listed.has(value)) refuse(`entries[${index}]`)
  }
  return { entries: texts.map((text) => (listed.has(text) ? text : text.trim())) }
}

/** A session's id as listed (contract 6.2). */
export const sessionInput = (input: unknown) => ({ sessionId: idOf(input, 'sessionId') })

/** contract 7.2 */
export const invitationInput = (input: unknown) => ({ invitationBizId: idOf(input, 'invitationBizId') })

/** A reason has at most 500 characters (contract 7.3). */
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

/** contract 8 */
export const workspaceInput = (input: unknown) => ({ workspaceBizId: idOf(input, 'workspaceBizId') })

/** Has to stand in a header, and to be found again in the portal's logs. */
export function requestIdInput(requestId: unknown): string | undefined {
  if (requestId === undefined) return undefined
  return typeof requestId === 'string' && /^[\w.-]{1,128}$/.test(requestId) ? requestId : refuse('requestId')
}
