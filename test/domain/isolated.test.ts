import fc from 'fast-check'
import { isolated } from 'postlogin'
import { expect, test } from 'vitest'

const inside = (text: string) => isolated(text).slice(1, -1)

test.each([
  ['an override', '\u202Eecneulfni', 'ecneulfni'],
  ['an embedding that is not ended', 'Acme\u202B', 'Acme'],
  ['an isolate that is not ended', '\u2067Acme', 'Acme'],
  ['the end of what is around it', 'Acme\u2069\u202E evil', 'Acme evil'],
  ['the end of an override around it', '\u202CAcme', 'Acme'],
  ['a paragraph of its own', 'Acme\u2029\u202Eevil', 'Acme evil'],
  ['lines', 'Acme\r\nOperations', 'Acme Operations'],
  ['what a terminal obeys', '\u001b[31mAcme\u009b2J', ' [31mAcme 2J'],
])('%s does not get through', (_, name, shown) => {
  expect(inside(name)).toBe(shown)
})

test.each([
  ['Latin', 'Łódź & Søn, Inc.'],
  ['Hebrew and Latin', 'בנק Acme'],
  ['Arabic with its marks', '\u061Cشركة\u200F (Acme)\u200E'],
  ['Persian, with a joiner that its spelling needs', 'می\u200Cخواهم'],
  ['an emoji of several', '👩\u200D💻 Lab'],
  ['nothing', ''],
])('a name in %s stays as it is', (_, name) => {
  expect(inside(name)).toBe(name)
})

test('whatever is in it: one isolate, begun and ended, in one paragraph', () => {
  const doubtful = fc.constantFrom(
    ...'\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u2028\u2029\u0085\n\u001b\u200F'.split(''),
  )
  fc.assert(
    fc.property(
      fc.string({ unit: fc.oneof(doubtful, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) }),
      (text) => {
        expect(isolated(text)).toMatch(/^\u2068[^\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*\u2069$/u)
        expect(isolated(inside(text))).toBe(isolated(text))
      },
    ),
  )
})
