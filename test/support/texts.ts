import type { Language, MessageTexts } from 'postlogin'
import { chineseWords } from '../../examples/shared/words-chinese.ts'
import { traditionalChineseWords } from '../../examples/shared/words-chinese-traditional.ts'
import { englishWords, type Words } from '../../examples/shared/words-english.ts'
import { germanWords } from '../../examples/shared/words-german.ts'
import { japaneseWords } from '../../examples/shared/words-japanese.ts'
import { vietnameseWords } from '../../examples/shared/words-vietnamese.ts'

/** The words of the example pages. */
export const words: Readonly<Record<Language, Words>> = {
  en: englishWords,
  zh: chineseWords,
  'zh-Hant': traditionalChineseWords,
  ja: japaneseWords,
  vi: vietnameseWords,
  de: germanWords,
}

/** Every text of a language, those that are made of something with all that they may be made of. */
export function textsOf(messages: MessageTexts): [key: string, text: string][] {
  const details = [
    { code: 'X', field: 'entries', requestId: 'r-1', retryAt: 0, effect: 'none' },
    { code: null, field: null, requestId: null, retryAt: 0, effect: 'none' },
  ] as const
  const more = [
    { offsetMs: 90_000, currentAddress: '203.0.113.7', count: 1 },
    { offsetMs: -30_000, currentAddress: null, count: 3 },
  ] as const
  const { locale: _, ...groups } = messages
  return Object.entries(groups).flatMap(([group, texts]) =>
    Object.entries(texts as Record<string, string | ((details: object) => string)>).flatMap(([key, text]) =>
      typeof text === 'string'
        ? [[`${group}.${key}`, text] as [string, string]]
        : details.map((of, index): [string, string] => [`${group}.${key}`, text({ ...of, ...more[index] })]),
    ),
  )
}

/** Every word of a page, made of `12` and `20` where it is made of something. */
export function wordsIn(part: object, path = ''): [key: string, text: string][] {
  return Object.entries(part).flatMap(([key, word]: [string, unknown]): [string, string][] => {
    const name = path === '' ? key : `${path}.${key}`
    if (typeof word === 'string') return [[name, word]]
    if (typeof word === 'function') return [[name, String(word('12', '20'))]]
    return typeof word === 'object' && word !== null ? wordsIn(word, name) : []
  })
}
