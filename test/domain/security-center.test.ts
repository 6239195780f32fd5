import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failure } from '../../src/domain/failure.ts'
import {
  type CardFacts,
  type CardName,
  factsOfMfa,
  factsOfSessions,
  factsOfWhitelist,
  withFacts,
  withoutCard,
} from '../../src/domain/security-center.ts'
import { seed } from '../support/sampling.ts'

const nothing = { facts: {}, stale: [] }
const off = { enabled: false, entries: [] }
const on = { enabled: true, entries: ['203.0.113.10'] }
const here = { current: '203.0.113.10', others: [] }
const two = { current: '203.0.113.10', others: ['198.51.100.24'] }

describe('what a card has found', () => {
  test.each<[string, CardFacts, CardFacts, readonly CardName[]]>([
    ['OTP was turned on', { otpEnabled: false }, { otpEnabled: true }, ['sessions']],
    ['OTP was turned off', { otpEnabled: true }, { otpEnabled: false }, ['sessions']],
    ['the whitelist was changed', { whitelist: off }, { whitelist: on }, ['sessions']],
    ['sessions have ended', { addresses: two }, { addresses: here }, ['ipWhitelist']],
    ['nothing was changed', { otpEnabled: true, whitelist: on }, { otpEnabled: true, whitelist: { ...on } }, []],
    ['it was found for the first time', {}, { otpEnabled: true, whitelist: on, addresses: two }, []],
    ['it is no longer known', { otpEnabled: true }, {}, []],
  ])('%s', (_, before, found, stale) => {
    expect(withFacts({ facts: before, stale: [] }, found)).toEqual({ facts: { ...before, ...found }, stale })
  })

  test('what was out of date stays so until it is seen to', () => {
    const once = withFacts({ facts: { otpEnabled: false }, stale: [] }, { otpEnabled: true })
    expect(withFacts(once, { otpEnabled: true }).stale).toEqual(['sessions'])
  })
})

const anyFacts: fc.Arbitrary<CardFacts> = fc.record(
  {
    otpEnabled: fc.boolean(),
    whitelist: fc.constantFrom(off, on),
    addresses: fc.constantFrom(here, two),
  },
  { requiredKeys: [] },
)
const factOf = { mfa: 'otpEnabled', ipWhitelist: 'whitelist', sessions: 'addresses' } as const
const anyCard = fc.constantFrom('mfa', 'ipWhitelist', 'sessions')

test('whatever is found, a card is out of date at most once, and what is told again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyFacts), anyFacts, (all, last) => {
      const known = withFacts(all.reduce(withFacts, nothing), last)
      expect(new Set(known.stale).size).toBe(known.stale.length)
      expect(withFacts(known, last)).toEqual(known)
    }),
    { seed },
  )
})

test('a card that was closed is not out of date, and what it finds next is found for the first time', () => {
  fc.assert(
    fc.property(fc.array(anyFacts), anyCard, anyFacts, (all, card, next) => {
      const known = all.reduce(withFacts, nothing)
      const closed = withoutCard(known, card)
      expect(closed.stale).toEqual(known.stale.filter((name) => name !== card))
      const { [factOf[card]]: found = undefined } = next
      const again = found === undefined ? closed : withFacts(closed, { [factOf[card]]: found })
      expect(again.stale).toEqual(closed.stale)
    }),
    { seed },
  )
})

describe('what a card tells the others', () => {
  const lost = failure({ code: 'client.timeout', kind: 'timeout', effect: 'unknown' })
  const anyFactors = fc.record({
    isRead: fc.boolean(),
    methods: fc.array(
      fc.record({ method: fc.constantFrom('OTP', 'EMAIL'), isEnabled: fc.boolean(), isPrimary: fc.boolean() }),
      { maxLength: 2 },
    ),
    unreadableRows: fc.nat(1),
    isRevoking: fc.boolean(),
    isEnrollmentOpen: fc.boolean(),
    failure: fc.constantFrom(null, lost),
  })
  const anyEditor = fc.record({
    isRead: fc.boolean(),
    whitelist: fc.constantFrom(off, on),
    wish: fc.constantFrom(null, off, on),
  })
  const anySessions = fc.record({
    isRead: fc.boolean(),
    sessions: fc.array(
      fc.record({
        sessionId: fc.constantFrom('a', 'b'),
        clientIp: fc.constantFrom('203.0.113.10', '198.51.100.24', '?', null),
        isCurrent: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
    termination: fc.constantFrom(null, { scope: 'one', sessionId: 'a' }),
  })

  test('of the factors: nothing before they are read, nor while nobody knows what came of a change', () => {
    fc.assert(
      fc.property(anyFactors, (factors) => {
        const isOpen = (factors.isRevoking || factors.isEnrollmentOpen) && factors.failure !== null
        const rows = factors.methods.filter(({ method }) => method === 'OTP')
        const isHidden = rows.length === 0 && factors.unreadableRows > 0
        const isKnown = factors.isRead && !isOpen && !isHidden
        expect(factsOfMfa(factors)).toEqual(isKnown ? { otpEnabled: rows.some(({ isEnabled }) => isEnabled) } : {})
      }),
      { seed },
    )
  })

  test('of the whitelist: a change is told once it is over, and only if the list is another one then', () => {
    fc.assert(
      fc.property(fc.constantFrom(off, on), fc.array(anyEditor), fc.constantFrom(off, on), (before, during, after) => {
        const told = factsOfWhitelist({ isRead: true, wish: null, whitelist: before })
        expect(told).toEqual({ whitelist: before })
        const underWay = during.map((editor) => factsOfWhitelist({ ...editor, wish: editor.wish ?? on }))
        const unread = during.map((editor) => factsOfWhitelist({ ...editor, isRead: false }))
        const known = [told, ...underWay, ...unread].reduce(withFacts, nothing)
        expect(known).toEqual({ facts: told, stale: [] })
        const changed = withFacts(known, factsOfWhitelist({ isRead: true, wish: null, whitelist: after }))
        expect(changed.stale).toEqual(after === before ? [] : ['sessions'])
      }),
      { seed },
    )
  })

  test('of the sessions: nothing while some are being ended, and then only where addresses have gone or come', () => {
    fc.assert(
      fc.property(anySessions, anySessions, anySessions, (before, during, after) => {
        const told = factsOfSessions({ ...before, isRead: true, termination: null })
        const known = [
          told,
          factsOfSessions({ ...during, termination: { scope: 'others' } }),
          factsOfSessions({ ...during, isRead: false }),
        ].reduce(withFacts, nothing)
        expect(known).toEqual({ facts: told, stale: [] })
        const now = factsOfSessions({ ...after, isRead: true, termination: null })
        const isSame = JSON.stringify(now.addresses) === JSON.stringify(told.addresses)
        expect(withFacts(known, now).stale).toEqual(isSame ? [] : ['ipWhitelist'])
        expect(now.addresses?.others).not.toContain('?')
      }),
      { seed },
    )
  })
})
