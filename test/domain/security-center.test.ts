import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CardFacts, type CardName, withFacts, withoutCard } from '../../src/domain/security-center.ts'
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
