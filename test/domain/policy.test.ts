import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientFailure, type Failure, PortalError } from '../../src/domain/failure.ts'
import {
  defaultOrder,
  defaultPolicy,
  gatedPolicy,
  mayLeaveStep,
  type Policy,
  readDuration,
  readOnboardingPolicy,
  readOrder,
  readPolicy,
  type StepName,
} from '../../src/domain/policy.ts'

const STEPS: readonly StepName[] = ['invitations', 'mfa', 'ipWhitelist', 'sessions', 'workspace']
const POLICIES: readonly Policy[] = ['require', 'offer', 'show', 'skip']

/** What reading the input threw; null where it was read. */
const refusal = (read: () => unknown): PortalError | null => {
  try {
    read()
    return null
  } catch (thrown) {
    if (thrown instanceof PortalError) return thrown
    throw thrown
  }
}
const badInput = (field: string): Failure => clientFailure('input', 'config', { field })

describe('the policy of a step', () => {
  test.each(POLICIES)('%s is one', (policy) => {
    expect(readPolicy(policy)).toBe(policy)
  })

  test('none is offer', () => {
    expect(readPolicy(undefined)).toBe('offer')
  })

  test.each<[unknown]>([
    [null],
    [''],
    ['Require'],
    ['required'],
    [' skip'],
    ['constructor'],
    [0],
    [true],
    [['require']],
    [{}],
  ])('%j is none, and the error names the input', (value) => {
    expect(refusal(() => readPolicy(value))?.failure).toEqual(badInput('policy'))
    const error = refusal(() => readPolicy(value, 'policy.mfa'))
    expect(error?.failure).toEqual(badInput('policy.mfa'))
    expect(error?.message).toBe('policy.mfa: expected one of require, offer, show, skip')
  })
})

describe('the policies of an onboarding', () => {
  test('none given: every step is offered', () => {
    expect(readOnboardingPolicy(undefined)).toEqual(defaultPolicy)
    expect(readOnboardingPolicy({})).toEqual(defaultPolicy)
    expect(defaultPolicy).toEqual(Object.fromEntries(STEPS.map((step) => [step, 'offer'])))
  })

  test('gated: nobody gets past without OTP, the rest is offered', () => {
    expect(gatedPolicy).toEqual({ ...defaultPolicy, mfa: 'require' })
    expect(readOnboardingPolicy(gatedPolicy)).toEqual(gatedPolicy)
  })

  test('what is given stands over the default, step by step', () => {
    const given = fc.record(Object.fromEntries(STEPS.map((step) => [step, fc.constantFrom(...POLICIES)])), {
      requiredKeys: [],
    })
    fc.assert(
      fc.property(given, (policy) => {
        expect(readOnboardingPolicy(policy)).toEqual({ ...defaultPolicy, ...policy })
      }),
    )
  })

  test('a step given as undefined is offered', () => {
    expect(readOnboardingPolicy({ mfa: undefined, sessions: 'skip' })).toEqual({ ...defaultPolicy, sessions: 'skip' })
  })

  test.each<[unknown]>([[null], ['require'], [7], [true], [[]], [['require']], [() => ({})]])(
    '%j is no record of policies',
    (value) => {
      const error = refusal(() => readOnboardingPolicy(value))
      expect(error?.failure).toEqual(badInput('policy'))
      expect(error?.message).toBe('policy: expected a record of step names and policies')
    },
  )

  test('the error names the steps that there are', () => {
    expect(refusal(() => readOnboardingPolicy({ otp: 'require' }))?.message).toBe(
      'policy.otp: there is no such step; the steps are invitations, mfa, ipWhitelist, sessions, workspace',
    )
  })

  test.each<[string, unknown, string]>([
    ['a step that does not exist', { otp: 'require' }, 'policy.otp'],
    ['a step spelt otherwise', { MFA: 'require' }, 'policy.MFA'],
    ['otpEnrollment, which is no step of its own', { otpEnrollment: 'require' }, 'policy.otpEnrollment'],
    ['a name of JavaScript', { constructor: 'require' }, 'policy.constructor'],
    ['a prototype out of JSON', JSON.parse('{"__proto__":{"mfa":"skip"}}'), 'policy.__proto__'],
    ['no policy', { mfa: 'enforce' }, 'policy.mfa'],
    ['null for a policy', { workspace: null }, 'policy.workspace'],
  ])('%s is refused by its path', (_, value, field) => {
    const error = refusal(() => readOnboardingPolicy(value))
    expect(error?.failure).toEqual(badInput(field))
    expect(error?.message).toMatch(new RegExp(`^${field}: `))
  })
})

describe('the order of the steps', () => {
  test('none given: invitations, MFA, whitelist, sessions, workspace', () => {
    expect(readOrder(undefined)).toEqual(STEPS)
    expect(defaultOrder).toEqual(STEPS)
  })

  test('a step left out is not visited, and there may be no step at all', () => {
    expect(readOrder(['workspace', 'mfa'])).toEqual(['workspace', 'mfa'])
    expect(readOrder([])).toEqual([])
  })

  test.each<[unknown]>([[null], ['mfa'], [{ 0: 'mfa', length: 1 }], [new Set(['mfa'])], [5]])(
    '%j is no list of names',
    (value) => {
      const error = refusal(() => readOrder(value))
      expect(error?.failure).toEqual(badInput('order'))
      expect(error?.message).toBe('order: expected a list of step names')
    },
  )

  test.each<[string, unknown, string]>([
    ['a step that does not exist', ['mfa', 'otp'], 'order[1]'],
    ['a step named twice', ['mfa', 'sessions', 'mfa'], 'order[2]'],
    ['undefined', [undefined], 'order[0]'],
    ['a list within', [['mfa']], 'order[0]'],
    // biome-ignore lint/suspicious/noSparseArray: the hole is the case.
    ['a hole', ['mfa', , 'sessions'], 'order[1]'],
    ['the first of several faults', ['otp', 'otp', 'mfa'], 'order[0]'],
  ])('%s is refused by its place', (_, value, field) => {
    const error = refusal(() => readOrder(value))
    expect(error?.failure).toEqual(badInput(field))
    expect(error?.message.startsWith(`${field}: `)).toBe(true)
  })

  test('the error says what is wrong with it', () => {
    expect(refusal(() => readOrder(['mfa', 'mfa']))?.message).toBe('order[1]: this step is named twice')
    expect(refusal(() => readOrder(['otp']))?.message).toBe(
      'order[0]: there is no such step; the steps are invitations, mfa, ipWhitelist, sessions, workspace',
    )
  })

  test('exactly the lists of step names without a repetition are read, each as a copy', () => {
    const names = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...STEPS) }, fc.anything()), {
      maxLength: 5,
    })
    const lists = fc.oneof(names, fc.shuffledSubarray([...STEPS]))
    fc.assert(
      fc.property(lists, (list) => {
        const isOrder = new Set(list).size === list.length && list.every((name) => STEPS.some((step) => step === name))
        const error = refusal(() => readOrder(list))
        expect(error === null).toBe(isOrder)
        if (error === null) {
          expect(readOrder(list)).toEqual(list)
          expect(readOrder(list)).not.toBe(list)
        } else expect(error.failure.field).toMatch(/^order\[\d\]$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a span of time', () => {
  test('none given: the one that is usual', () => {
    expect(readDuration(undefined, 'confirmWithinMs', 60_000)).toBe(60_000)
  })

  test('a positive number of milliseconds, whole or not', () => {
    expect(readDuration(1, 'confirmWithinMs', 60_000)).toBe(1)
    expect(readDuration(0.5, 'confirmWithinMs', 60_000)).toBe(0.5)
    expect(readDuration(Number.MAX_VALUE, 'confirmWithinMs', 60_000)).toBe(Number.MAX_VALUE)
  })

  test.each<[unknown]>([
    [Number.NaN],
    [0],
    [-0],
    [-1],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    ['60000'],
    [''],
    [null],
    [true],
    [60_000n],
    [[60_000]],
    [new Date(60_000)],
  ])('%s is refused, and the error names the input', (value) => {
    const error = refusal(() => readDuration(value, 'timeoutMs', 60_000))
    expect(error?.failure).toEqual(badInput('timeoutMs'))
    expect(error?.message).toBe('timeoutMs: expected a positive number of milliseconds')
  })

  test('whatever is read is a positive finite number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.anything()), (value) => {
        if (refusal(() => readDuration(value, 'timeoutMs', 60_000)) !== null) return
        const span = readDuration(value, 'timeoutMs', 60_000)
        expect(Number.isFinite(span) && span > 0).toBe(true)
        expect(span).toBe(value ?? 60_000)
      }),
    )
  })
})

describe('whether a step may be left', () => {
  test.each<[Policy, boolean, boolean]>([
    ['require', false, false],
    ['require', true, true],
    ['offer', false, true],
    ['offer', true, true],
    ['show', false, true],
    ['show', true, true],
    ['skip', false, true],
    ['skip', true, true],
  ])('%s, its aim holds is %s: %s', (policy, aimHolds, may) => {
    expect(mayLeaveStep(policy, aimHolds)).toBe(may)
  })
})
