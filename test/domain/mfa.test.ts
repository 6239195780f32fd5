import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Failure, failure } from '../../src/domain/failure.ts'
import { isOtpEnabled, isOtpOn, type MfaMethod, withKnownOtp, withOtp } from '../../src/domain/mfa.ts'
import { withUnreadable } from '../../src/domain/rows.ts'

const method = (name: string, isEnabled: boolean, isPrimary = false): MfaMethod => ({
  method: name,
  isEnabled,
  isPrimary,
})
const email = method('EMAIL', true, true)

const anyMethod: fc.Arbitrary<MfaMethod> = fc.record({
  method: fc.oneof(fc.constantFrom('EMAIL', 'OTP', 'BACKUP_CODE'), fc.string()),
  isEnabled: fc.boolean(),
  isPrimary: fc.boolean(),
})
const anyMethods = fc.uniqueArray(anyMethod, { selector: (one) => one.method })

describe('whether OTP is on', () => {
  test.each<[string, readonly MfaMethod[], boolean]>([
    ['a row that says so', [email, method('OTP', true)], true],
    ['a row that says off', [email, method('OTP', false)], false],
    ['an account without OTP may have no row: off', [email], false],
    ['an empty list: off', [], false],
    ['backup codes are no OTP', [email, method('BACKUP_CODE', true)], false],
    ['a factor that nobody knows yet is no OTP', [email, method('OTP_HARDWARE', true)], false],
  ])('%s', (_, methods, isEnabled) => {
    expect(isOtpEnabled(methods)).toBe(isEnabled)
  })
})

describe('whether that is known', () => {
  const open = failure({ kind: 'server', code: 'X', effect: 'unknown' })
  const closed = failure({ kind: 'server', code: 'X' })
  const read = {
    isRead: true,
    methods: [email, method('OTP', true)],
    unreadableRows: 0,
    isRevoking: false,
    isEnrollmentOpen: false,
  }

  test.each<[string, Partial<typeof read>, Failure | null, boolean | null]>([
    ['once the factors were read: as they say', {}, null, true],
    ['before that: no', { isRead: false }, null, null],
    ['while a revocation may have taken place: no', { isRevoking: true }, open, null],
    ['while an enrollment that was left may have: no', { isEnrollmentOpen: true }, open, null],
    ['a revocation that did not take place: as they say', { isRevoking: true }, closed, true],
    ['a read that broke down changes nothing: as they say', {}, open, true],
    ['without a row for OTP it is off', { methods: [email] }, null, false],
    ['unless that may be the row that nobody could read: no', { methods: [email], unreadableRows: 1 }, null, null],
    ['a row that nobody could read beside it changes nothing', { unreadableRows: 1 }, null, true],
  ])('%s', (_, state, failure, known) => {
    expect(isOtpOn({ ...read, ...state, failure })).toBe(known)
  })
})

describe('what is known of OTP', () => {
  const on = method('OTP', true)

  test('stays where its row may be one that nobody could read', () => {
    expect(withKnownOtp(withUnreadable([email], 1), [email, on])).toEqual([email, on])
    expect(withKnownOtp(withUnreadable([email], 1), [email])).toEqual([email])
  })

  test('goes by its row where there is one, and is off where all rows were read', () => {
    expect(withKnownOtp(withUnreadable([email, method('OTP', false)], 1), [on])).toEqual([email, method('OTP', false)])
    expect(withKnownOtp([email], [email, on])).toEqual([email])
  })
})

describe('the factors after OTP was switched', () => {
  test('EMAIL is never toggled, and there is one OTP row', () => {
    expect(withOtp([email, method('OTP', false)], true)).toEqual([email, method('OTP', true)])
    expect(withOtp([email, method('OTP', true, true)], false)).toEqual([email, method('OTP', false)])
  })

  test('an account without an OTP row gets one', () => {
    expect(withOtp([email], true)).toEqual([email, method('OTP', true)])
  })

  test('OTP is as it was switched, the other factors are as they were', () => {
    fc.assert(
      fc.property(anyMethods, fc.boolean(), (methods, isEnabled) => {
        const after = withOtp(methods, isEnabled)
        expect(isOtpEnabled(after)).toBe(isEnabled)
        expect(after.filter((one) => one.method === 'OTP')).toHaveLength(1)
        expect(after.filter((one) => one.method !== 'OTP')).toEqual(methods.filter((one) => one.method !== 'OTP'))
        expect(withOtp(after, isEnabled)).toEqual(after)
      }),
    )
  })
})
