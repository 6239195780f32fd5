import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEpoch, readStamp } from '../../../src/api/time/wire-time.ts'
import { NOON } from '../stub-portal.ts'

it.each<[string, number, number | null]>([
  ['seconds', NOON / 1000, NOON],
  ['seconds with a fraction', NOON / 1000 + 0.25, NOON + 250],
  ['milliseconds', NOON, NOON],
  ['microseconds', NOON * 1e3 + 499, NOON],
  ['nanoseconds', NOON * 1e6, NOON],
  ['nothing', 0, null],
  ['a time before all time', -NOON, null],
  ['the first day of .NET', -62_135_596_800_000, null],
  ['a year', 2026, null],
  ['a date in digits', 20261124, null],
  ['what no Date can hold', 9e18 * 1e3, null],
  ['no number', Number.NaN, null],
  ['without end', Number.POSITIVE_INFINITY, null],
])('reads %s', (_, value, expected) => {
  expect(readEpoch(value)?.at ?? null).toBe(expected)
})

it.each<[unknown, number | null, number?]>([
  [String(NOON), NOON, 0],
  [` ${NOON / 1000}.5 `, NOON + 500, 0],
  ['2026-11-24T12:00:00Z', NOON, 1000],
  ['2026-11-24T14:00:00.250+02:00', NOON + 250, 0],
  ['2026', null],
  ['-5', null],
  [[2026, 11, 24], null],
  [null, null],
])('reads %j', (value, at, resolutionMs = 0) => {
  expect(readStamp(value)).toEqual(at === null ? null : { at, resolutionMs })
})

it('knows the unit by the number alone', () => {
  const times = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 })
  fc.assert(
    fc.property(times, (at) => {
      expect(readEpoch(Math.floor(at / 1000))).toEqual({ at: Math.floor(at / 1000) * 1000, resolutionMs: 1000 })
      for (const value of [at, at * 1e3, at * 1e6]) expect(readEpoch(value)).toEqual({ at, resolutionMs: 0 })
    }),
  )
})

it('makes of a number a time of our days, or nothing', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const at = readEpoch(value)?.at ?? NOON
      expect(at >= Date.UTC(2000, 0) && at < Date.UTC(2100, 0)).toBe(true)
    }),
  )
})
