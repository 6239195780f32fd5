import { expect, test } from 'vitest'
import { consentTo, isConsentTo } from '../../src/domain/consent.ts'

const entries = ['8.8.8.8', '9.9.9.0/24']

test.each<[string, readonly string[], boolean]>([
  ['the list itself', entries, true],
  ['the same list in another order and spelling', ['9.9.9.9/24', '8.8.8.8/32'], true],
  ['a list with one more', [...entries, '7.7.7.7'], false],
  ['a list with one less', ['8.8.8.8'], false],
  ['no list at all', [], false],
])('it is given for one list, not for %s', (_, list, expected) => {
  expect(isConsentTo(consentTo(entries), list)).toBe(expected)
})

test('where none was given there is none', () => {
  expect(isConsentTo(null, [])).toBe(false)
})

test('nothing of it is stored, and no copy counts', () => {
  const consent = consentTo(entries)
  expect(JSON.parse(JSON.stringify({ consent }))).toEqual({ consent: null })
  expect(isConsentTo({ ...consent }, entries)).toBe(false)
})
