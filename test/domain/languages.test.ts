import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Language, languages, loadMessages } from '../../src/domain/languages.ts'
import { matchLocale } from '../../src/domain/match-locale.ts'

describe('the language that a user reads best', () => {
  test.each<[Language, readonly string[]]>([
    ['en', ['en', 'EN', 'en-GB', 'en_US.UTF-8', 'en-u-hc-h12']],
    ['zh', ['zh', 'zh-CN', 'zh_SG', 'zh-Hans', 'zh-Hans-TW', 'cmn', 'zh_CN.GB18030']],
    ['zh-Hant', ['zh-Hant', 'zh-TW', 'zh_HK', 'zh-mo', 'zh-hant-CN', 'ZH_TW.Big5', 'cmn-Hant']],
    ['ja', ['ja', 'ja-JP', 'ja_JP.eucJP', 'ja-Latn']],
    ['vi', ['vi', 'vi-VN', 'vi_VN']],
    ['de', ['de', 'de-AT', 'de_CH', 'de_DE@euro']],
  ])('is %s for %j', (language, tags) => {
    expect(tags.map((tag) => matchLocale(tag, languages))).toEqual(tags.map(() => language))
  })

  test.each(['fr', 'pt-BR', 'C', 'POSIX', '', '*', 'x-klingon', '我', 'zh HK'])('is English for %j', (tag) => {
    expect(matchLocale(tag, languages)).toBe('en')
  })

  test('is the first of several that there is', () => {
    expect(matchLocale(['fr-FR', 'fr', 'de-AT', 'ja'], languages)).toBe('de')
    expect(matchLocale([], languages)).toBe('en')
  })

  test('is the nearest of those that a host offers: region and script, then script, then language', () => {
    const offered = ['fr', 'pt-PT', 'pt', 'sr-Latn', 'sr', 'zh_Hant_HK', 'zh-Hant'] as const
    const nearest = { 'pt-AO': 'pt-PT', 'pt-BR': 'pt', 'sr-Latn-ME': 'sr-Latn', 'sr-RS': 'sr', 'zh-HK': 'zh_Hant_HK' }
    for (const [wanted, match] of Object.entries(nearest)) expect(matchLocale(wanted, offered)).toBe(match)
    expect(matchLocale('zh-TW', offered)).toBe('zh-Hant')
    expect(matchLocale('zh-CN', offered)).toBe('zh_Hant_HK')
  })
})

const anyLanguage = fc.constantFrom(...languages)

test('a language is matched by its own tag, however it is written, and with whatever encoding', () => {
  const written = fc.record({
    language: anyLanguage,
    separator: fc.constantFrom('-', '_'),
    isUpper: fc.boolean(),
    suffix: fc.constantFrom('', '.UTF-8', '@euro', '.utf8@latin'),
  })
  fc.assert(
    fc.property(written, ({ language, separator, isUpper, suffix }) => {
      const tag = language.replace('-', separator)
      expect(matchLocale(`${isUpper ? tag.toUpperCase() : tag}${suffix}`, languages)).toBe(language)
    }),
  )
})

test('whatever is wanted, one that is offered is found, and what nobody offers changes nothing', () => {
  const unknown = fc.constantFrom('fr', 'pt-BR', 'C', '', 'not a tag')
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), anyLanguage)), fc.array(unknown), (wanted, before) => {
      const match = matchLocale(wanted, languages)
      expect(languages).toContain(match)
      expect(matchLocale([...before, ...wanted], languages)).toBe(match)
    }),
  )
})

test.each(languages)('the texts for %s are loaded, and say which they are', async (language) => {
  expect((await loadMessages(language)).locale).toBe(language)
})

test('the texts are loaded by what a browser says, and English where we have none', async () => {
  expect((await loadMessages(['fr-CA', 'zh-HK'])).locale).toBe('zh-Hant')
  expect((await loadMessages('fr')).locale).toBe('en')
})
