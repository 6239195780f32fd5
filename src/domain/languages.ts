import { loadPart } from './load-part.ts'
import { matchLocale } from './match-locale.ts'
import type { MessageTexts } from './messages.ts'

/**
 * The languages that this package has its texts in: those of the portal, and German. The first is for everybody else.
 *
 * @example
 * ```ts
 * matchLocale('pt-BR', languages) // => 'en'
 * ```
 */
export const languages = ['en', 'zh', 'zh-Hant', 'ja', 'vi', 'de'] as const

/** The tag of one of them (BCP 47). `zh` is simplified Chinese, `zh-Hant` traditional. */
export type Language = (typeof languages)[number]

/** A file for each, so that a bundler makes a chunk of it. */
const texts: Readonly<Record<Language, () => Promise<MessageTexts>>> = {
  en: async () => (await import('./messages-english.ts')).englishMessages,
  zh: async () => (await import('./messages-chinese.ts')).chineseMessages,
  'zh-Hant': async () => (await import('./messages-chinese-traditional.ts')).traditionalChineseMessages,
  ja: async () => (await import('./messages-japanese.ts')).japaneseMessages,
  vi: async () => (await import('./messages-vietnamese.ts')).vietnameseMessages,
  de: async () => (await import('./messages-german.ts')).germanMessages,
}

/**
 * Loads the texts that a user reads best (see `matchLocale`), and no others, for `createMessages`. English where we have none.
 *
 * @throws PortalError `client.loadFailed` if they cannot be loaded: show the English ones, and try again later.
 *
 * @example
 * ```ts
 * const { locale, blockedText } = createMessages(await loadMessages(['zh_HK', 'en']))
 * locale // => 'zh-Hant'
 * blockedText('questionOpen') // => '請先回答問題。'
 * ```
 */
export const loadMessages = (wanted: string | readonly string[]): Promise<MessageTexts> =>
  loadPart(texts[matchLocale(wanted, languages)])
