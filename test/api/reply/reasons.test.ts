import { describe, expect, test } from 'vitest'
import { mayBeEcho, reasonOf } from '../../../src/api/reply/reasons.ts'
import type { Failure, FailureReason } from '../../../src/domain/failure.ts'

test.each<[string, FailureReason | null]>([
  ['AUTH.MFA_CODE_INVALID', 'wrongCode'],
  ['AUTH.OTP_SETUP_SESSION_INVALID', 'setupGone'],
  ['WORKSPACE.INVITATION_EXPIRED', 'invitationExpired'],
  ['WORKSPACE.INVITATION_ALREADY_PROCESSED', 'invitationClosed'],
  ['ACCESS.MFA_REQUIRED', 'proofMissing'],
  ['ACCESS.MFA_TOKEN_EXPIRED', 'proofMissing'],
  ['ACCESS.MFA_CODE_INVALID', null],
  ['4010', null],
  ['toString', null],
])('%s says: %s', (code, reason) => {
  expect(reasonOf(code)).toBe(reason)
})

describe('a refusal that a repeat of a write would get', () => {
  test.each<[string, Partial<Failure> & Pick<Failure, 'kind'>, boolean]>([
    ['not found', { kind: 'notFound', code: '4040' }, true],
    ['not found, by its own name', { kind: 'notFound', code: 'AUTH.SESSION_NOT_FOUND' }, true],
    ['gone', { kind: 'notFound', code: 'client.refused', status: 410 }, true],
    ['a conflict', { kind: 'conflict', code: '4090' }, true],
    ['done already', { kind: 'conflict', code: 'WORKSPACE.INVITATION_ALREADY_PROCESSED' }, true],
    ['done already, as a bad request', { kind: 'invalid', code: 'MFA.OTP_ALREADY_DISABLED' }, true],
    ['not found, as a bad request', { kind: 'invalid', code: 'SESSION_NOT_FOUND' }, true],
    ['the setup is gone, for its code was taken', { kind: 'invalid', code: 'AUTH.OTP_SETUP_SESSION_INVALID' }, true],
    [
      'it has expired: it was not done before either',
      { kind: 'conflict', code: 'WORKSPACE.INVITATION_EXPIRED' },
      false,
    ],
    ['a value is not valid', { kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER' }, false],
    ['the code is wrong', { kind: 'invalid', code: 'AUTH.MFA_CODE_INVALID' }, false],
    ['not allowed', { kind: 'forbidden', code: 'ACCESS.PERMISSION_DENIED' }, false],
    ['to be waited for', { kind: 'rateLimited', code: 'ALREADY' }, false],
    ['a word that only looks like it', { kind: 'invalid', code: 'ALREADYISH' }, false],
  ])('%s', (_, parts, echo) => {
    const of = { code: 'X', ...parts }
    expect(mayBeEcho({ ...of, reason: reasonOf(of.code) })).toBe(echo)
  })
})
