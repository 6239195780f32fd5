/** The words of the example pages in each language. */
import { languages } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { words, wordsIn } from '../support/texts.ts'

/** The same in several languages on purpose: signs, and an example in both kinds of Chinese. */
const signs = ['locale', 'direction', 'comma', 'andWhy', 'entryHint']

describe.each(languages)('the words for %s', (language) => {
  test('are all there', () => {
    expect(words[language].locale).toBe(language)
    const said = wordsIn(words[language])
    expect(said.length).toBeGreaterThan(150)
    expect(said.filter(([, text]) => text.trim() === '' || /undefined|null|NaN|\[object/.test(text))).toEqual([])
  })

  test('say all that they are made of', () => {
    const made = (value: string) =>
      wordsIn(words.en)
        .filter(([, text]) => text.includes(value))
        .map(([key]) => key)
    const own = new Map(wordsIn(words[language]))
    for (const value of ['12', '20']) {
      expect(made(value).filter((key) => key !== 'entryHint' && !own.get(key)?.includes(value))).toEqual([])
    }
  })
})

test('no two languages have a sentence in common', () => {
  const said = languages.flatMap((language) => wordsIn(words[language]))
  const sentences = said.flatMap(([key, text]) => (!signs.includes(key) && /[.。?？]$/.test(text) ? [text] : []))
  expect(sentences.length).toBeGreaterThan(200)
  expect(sentences.filter((text, index) => sentences.indexOf(text) !== index)).toEqual([])
})

test.each(languages.filter((language) => language !== 'en'))(
  'the words for %s are not those of English',
  (language) => {
    const english = new Map(wordsIn(words.en))
    const same = wordsIn(words[language]).filter(([key, text]) => !signs.includes(key) && english.get(key) === text)
    expect(same).toEqual([])
  },
)
