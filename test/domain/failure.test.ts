import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answeredReadBackFailure,
  clientCodes,
  clientFailure,
  type Effect,
  type Failure,
  type FailureKind,
  type FailureReason,
  failure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  later,
  mayLand,
  mustWait,
  PortalError,
  readBackFailure,
  toFailure,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../../src/domain/failure.ts'

const KINDS: readonly FailureKind[] = [
  'network',
  'timeout',
  'unauthorized',
  'forbidden',
  'notFound',
  'conflict',
  'rateLimited',
  'invalid',
  'server',
  'protocol',
  'secureChannel',
  'config',
]
const REASONS: readonly FailureReason[] = [
  'wrongCode',
  'setupGone',
  'invitationExpired',
  'invitationClosed',
  'proofMissing',
]
const EFFECTS: readonly Effect[] = ['none', 'done', 'unknown']

const anyFailure: fc.Arbitrary<Failure> = fc.record({
  kind: fc.constantFrom(...KINDS),
  code: fc.string(),
  reason: fc.option(fc.constantFrom(...REASONS)),
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  retryable: fc.boolean(),
  retryAt: fc.option(fc.nat()),
  effect: fc.constantFrom(...EFFECTS),
  field: fc.option(fc.string()),
  requestId: fc.option(fc.uuid()),
})

const codes = Object.keys(clientCodes) as (keyof typeof clientCodes)[]

describe('a failure', () => {
  test('what is not said is at its plain value: no reason, no status, no wait, no effect', () => {
    expect(failure({ kind: 'conflict', code: 'WORKSPACE.INVITATION_EXPIRED' })).toEqual({
      kind: 'conflict',
      code: 'WORKSPACE.INVITATION_EXPIRED',
      reason: null,
      status: null,
      retryable: false,
      retryAt: null,
      effect: 'none',
      field: null,
      requestId: null,
    })
  })

  test('what is said is kept, and nothing is that a failure does not have', () => {
    fc.assert(
      fc.property(anyFailure, (said) => {
        expect(failure(said)).toEqual(said)
        const more = { ...said, message: 'the text of the portal', cause: new Error('a token') }
        expect(failure(more)).toEqual(said)
      }),
    )
  })

  test('one of our own making has a code of ours, which nothing else that is said replaces', () => {
    expect(clientFailure('network', 'network')).toEqual(failure({ kind: 'network', code: 'client.network' }))
    const parts = { kind: 'server', code: '5000', status: 500, retryable: true } as const
    expect(clientFailure('malformed', 'protocol', parts)).toEqual(
      failure({ kind: 'protocol', code: 'client.malformed', status: 500, retryable: true }),
    )
  })

  test('every code of ours has a text of whole sentences', () => {
    expect(codes.filter((code) => !/^[A-Z].+\.$/.test(clientCodes[code]))).toEqual([])
  })
})

describe('a portal error', () => {
  test('with a code of ours, its message is the text of that code', () => {
    for (const code of codes) expect(new PortalError(clientFailure(code, 'protocol')).message).toBe(clientCodes[code])
  })

  test.each<[string, Failure, string]>([
    [
      'a code of the portal is named',
      failure({ kind: 'invalid', code: 'AUTH.MFA_CODE_INVALID' }),
      'The portal refused with AUTH.MFA_CODE_INVALID.',
    ],
    [
      'and the status with it',
      failure({ kind: 'unauthorized', code: '4010', status: 401 }),
      'The portal refused with 4010 (HTTP 401).',
    ],
    [
      'the field at fault comes first',
      clientFailure('entriesInvalid', 'invalid', { field: 'entries' }),
      `entries: ${clientCodes.entriesInvalid}`,
    ],
    [
      'a code in our manner that we do not give is named as the portal has it',
      failure({ kind: 'invalid', code: 'client.moonPhase' }),
      'The portal refused with client.moonPhase.',
    ],
    [
      'a name of JavaScript is no code of ours',
      failure({ kind: 'invalid', code: 'client.constructor' }),
      'The portal refused with client.constructor.',
    ],
    [
      'nor is the name of a code of ours without what it begins with',
      failure({ kind: 'server', code: 'network' }),
      'The portal refused with network.',
    ],
  ])('%s', (_, of, message) => {
    expect(new PortalError(of).message).toBe(message)
  })

  test('a detail takes the place of the text', () => {
    expect(new PortalError(clientFailure('option', 'config'), 'baseUrl: expected a URL').message).toBe(
      'baseUrl: expected a URL',
    )
  })

  test('it is an error that carries its failure, no request and no cause', () => {
    const of = clientFailure('timeout', 'timeout')
    const error = new PortalError(of)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('PortalError')
    expect(error.failure).toEqual(of)
    expect('cause' in error).toBe(false)
    expect(Object.keys(error).sort()).toEqual(['failure', 'name'])
  })
})

describe('whatever was thrown, as a failure', () => {
  const unexpected: Failure = {
    kind: 'protocol',
    code: 'client.unexpected',
    reason: null,
    status: null,
    retryable: true,
    retryAt: null,
    effect: 'unknown',
    field: null,
    requestId: null,
  }

  test('a portal error gives its failure, a failure itself', () => {
    fc.assert(
      fc.property(anyFailure, fc.string(), (of, detail) => {
        expect(toFailure(new PortalError(of, detail))).toEqual(of)
        expect(toFailure(of)).toEqual(of)
      }),
    )
  })

  test('an error that looks like a failure loses its text and its cause', () => {
    const of = clientFailure('refresh', 'network', { retryable: true })
    const thrown = Object.assign(new Error('Bearer eyJ', { cause: 'Bearer eyJ' }), of, { request: 'Bearer eyJ' })
    const made = toFailure(thrown)
    expect(made).toStrictEqual(of)
    expect(made).not.toBeInstanceOf(Error)
  })

  test.each<[string, unknown]>([
    ['an error', new Error('Bearer eyJ')],
    ['an error of Node, which has a code of its own', Object.assign(new Error('Bearer eyJ'), { code: 'ECONNRESET' })],
    ['an abort', new DOMException('Bearer eyJ', 'AbortError')],
    ['a text', 'Bearer eyJ'],
    ['nothing', undefined],
    ['null', null],
    ['a function', () => 'Bearer eyJ'],
    ['a part of a failure, without a wait', { kind: 'network', code: 'client.network', effect: 'none' }],
    ['a part of a failure, without an effect', { kind: 'network', code: 'client.network', retryAt: null }],
    ['a part of a failure, without a code', { kind: 'network', effect: 'none', retryAt: null }],
    ['a part of a failure, without a kind', { code: 'client.network', effect: 'none', retryAt: null }],
    ['a reply of the portal', { code: '4010', message: 'UNAUTHORIZED', data: null }],
  ])('of a stranger nothing is kept: %s', (_, thrown) => {
    expect(toFailure(thrown)).toEqual(unexpected)
  })

  test("a stranger's text and cause are dropped, whatever they are", () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (text, cause) => {
        expect(toFailure(new Error(text, { cause }))).toEqual(unexpected)
        expect(toFailure(text)).toEqual(unexpected)
        expect(toFailure(cause)).toEqual(unexpected)
      }),
    )
  })
})

describe('what is said of a write that failed', () => {
  const of = (kind: FailureKind, effect: Effect) => failure({ kind, code: 'X', effect })

  test('its outcome is open when it took place or may have', () => {
    expect(hasUnknownOutcome(of('timeout', 'unknown'))).toBe(true)
    expect(hasUnknownOutcome(of('protocol', 'done'))).toBe(true)
    expect(hasUnknownOutcome(of('network', 'none'))).toBe(false)
    expect(hasUnknownOutcome(null)).toBe(false)
  })

  test.each<[FailureKind, boolean]>([
    ['forbidden', true],
    ['notFound', true],
    ['conflict', true],
    ['invalid', true],
    ['network', false],
    ['timeout', false],
    ['unauthorized', false],
    ['rateLimited', false],
    ['server', false],
    ['protocol', false],
    ['secureChannel', false],
    ['config', false],
  ])('%s: that the portal understood and said no is %s', (kind, refused) => {
    expect(wasRefused(of(kind, 'none'))).toBe(refused)
  })

  test('nothing was refused without a failure', () => {
    expect(wasRefused(null)).toBe(false)
  })

  test('a write is not both refused and open', () => {
    fc.assert(
      fc.property(anyFailure, (any) => {
        expect(wasRefused(any) && hasUnknownOutcome(any)).toBe(false)
      }),
    )
  })

  test('a read that shows that it did not take place closes it and says nothing else', () => {
    fc.assert(
      fc.property(anyFailure, (any) => {
        expect(withoutEffect(any)).toEqual({ ...any, effect: 'none' })
        expect(hasUnknownOutcome(withoutEffect(any))).toBe(false)
      }),
    )
    expect(withoutEffect(null)).toBeNull()
  })

  test('a write that began before a reload, and did not take place, is no longer being checked', () => {
    const spent = clientFailure('ticketSpent', 'network', { effect: 'unknown', retryAt: 1_000 })
    expect(withoutEffect(spent)).toMatchObject({ code: 'client.notDone', effect: 'none', retryAt: null })
  })

  test.each<[string, Failure | null, Effect]>([
    ['it may have taken place: still not known', of('timeout', 'unknown'), 'unknown'],
    ['it took place: still not known, since nobody has seen it', of('protocol', 'done'), 'unknown'],
    ['it did not take place: as the read says', of('network', 'none'), 'none'],
    ['there was none: as the read says', null, 'none'],
  ])('a read that was to tell what came of it fails; %s', (_, before, effect) => {
    expect(readBackFailure(before, of('server', 'none'))).toEqual(of('server', effect))
  })

  test('what the portal says that it did, and nobody can see, is done', () => {
    expect(answeredReadBackFailure(null, of('server', 'none'))).toEqual(of('server', 'done'))
    const lost = of('timeout', 'unknown')
    expect(answeredReadBackFailure(lost, of('server', 'none'))).toEqual(readBackFailure(lost, of('server', 'none')))
  })

  test('a read-back that fails leaves the outcome as open as it was', () => {
    fc.assert(
      fc.property(fc.option(anyFailure), anyFailure, (before, any) => {
        const read = { ...any, effect: 'none' } as const
        expect(hasUnknownOutcome(readBackFailure(before, read))).toBe(hasUnknownOutcome(before))
      }),
    )
  })
})

describe('a write that may still land', () => {
  test('one that has been answered will not land any more', () => {
    expect(mayLand(failure({ kind: 'conflict', code: 'X', effect: 'unknown' }))).toBe(false)
    expect(mayLand(failure({ kind: 'timeout', code: 'X', effect: 'unknown' }))).toBe(true)
  })

  const until = (effect: Effect, retryAt: number | null) => failure({ kind: 'server', code: 'X', effect, retryAt })

  test.each<[string, Failure | null, boolean]>([
    ['not known, with a time to look again: not settled', until('unknown', 1_000), true],
    ['not known, and the time is over: a read settles it', until('unknown', null), false],
    ['refused for now: nothing was sent that could land', until('none', 1_000), false],
    ['done, in an unreadable reply: it has landed', until('done', 1_000), false],
    ['no failure', null, false],
  ])('%s', (_, one, unsettled) => {
    expect(isUnsettled(one)).toBe(unsettled)
  })

  test('once its wait is over it is not known still, and nothing is waited for', () => {
    fc.assert(
      fc.property(anyFailure, (any) => {
        expect(withoutWait(any)).toEqual({ ...any, retryAt: null })
        expect(isUnsettled(withoutWait(any))).toBe(false)
        expect(hasUnknownOutcome(withoutWait(any))).toBe(hasUnknownOutcome(any))
      }),
    )
    expect(withoutWait(null)).toBeNull()
  })

  test('what may land is open; a read that shows that it did not ends that', () => {
    fc.assert(
      fc.property(anyFailure, (lost) => {
        expect(mayLand(lost) && !hasUnknownOutcome(lost)).toBe(false)
        expect(isUnsettled(withoutEffect(lost))).toBe(false)
      }),
    )
  })

  test('a read-back that fails makes the wait no shorter, and as long as the portal asks for', () => {
    fc.assert(
      fc.property(anyFailure, anyFailure, (before, next) => {
        const after = readBackFailure(before, { ...next, effect: 'none' })
        if (isUnsettled(before)) expect(isUnsettled(after)).toBe(true)
        const wait = hasUnknownOutcome(before) ? later(before.retryAt, next.retryAt) : next.retryAt
        expect(waitsUntil(after)).toBe(wait)
      }),
    )
  })

  test.each([
    [null, null, null],
    [1, null, 1],
    [null, 2, 2],
    [1, 2, 2],
    [2, 1, 2],
  ])('of %j and %j the later is %j', (a, b, latest) => {
    expect(later(a, b)).toBe(latest)
  })
})

describe('what a failure asks of the user', () => {
  test.each(KINDS)('%s: a new sign-in is wanted for `unauthorized` alone, a pause for `rateLimited` alone', (kind) => {
    const one = failure({ kind, code: 'X' })
    expect(isSignedOut(one)).toBe(kind === 'unauthorized')
    expect(mustWait(one)).toBe(kind === 'rateLimited')
  })

  test('the pause lasts until the time that the portal set', () => {
    expect(waitsUntil(failure({ kind: 'rateLimited', code: 'X', retryAt: 1_000 }))).toBe(1_000)
    expect(waitsUntil(failure({ kind: 'server', code: 'X' }))).toBeNull()
  })

  test('without a failure, nothing', () => {
    expect(isSignedOut(null)).toBe(false)
    expect(mustWait(null)).toBe(false)
    expect(waitsUntil(null)).toBeNull()
  })
})
