import type { Failure, FailureReason } from '../../domain/failure.ts'
import { STEP_UP_CODES } from '../inferred.ts'

/** What the portal's codes say in the words that the machines know (docs/contract.md#errors). Every other code says none of them. */
const REASONS: ReadonlyMap<string, FailureReason> = new Map<string, FailureReason>([
  ['AUTH.MFA_CODE_INVALID', 'wrongCode'],
  ['AUTH.OTP_SETUP_SESSION_INVALID', 'setupGone'],
  ['WORKSPACE.INVITATION_EXPIRED', 'invitationExpired'],
  ['WORKSPACE.INVITATION_ALREADY_PROCESSED', 'invitationClosed'],
  ...STEP_UP_CODES.map((code) => [code, 'proofMissing'] as const),
])

/** The reason that a dotted code of the portal's gives; null for any other code. */
export const reasonOf = (code: string): FailureReason | null => REASONS.get(code) ?? null

/**
 * Is it what a repeat of a write would get that was carried out: not found any more, in conflict, done already? Browsers send a POST
 * again by themselves when a kept connection breaks under it, and show only the second reply. What is no echo is read back in vain.
 */
export const mayBeEcho = ({ kind, code, reason }: Pick<Failure, 'kind' | 'code' | 'reason'>): boolean =>
  // A conflict which proves that an earlier attempt did nothing either (docs/contract.md#accept).
  reason !== 'invitationExpired' &&
  // A setup is gone once its code was accepted (docs/contract.md#otp-verify).
  (reason === 'setupGone' || kind === 'notFound' || kind === 'conflict' || (kind === 'invalid' && ECHOES.test(code)))

/** Codes that say more than their status. */
const ECHOES = /(^|[._])(ALREADY|NOT_FOUND)([._]|$)/
