import { englishMessages, type Language, languages, loadMessages, type MessageTexts, matchLocale } from 'postlogin'
import { englishWords, type Words } from './words-english.ts'

/** The words of the pages: a chunk for each language but English, which is there if another one does not come. */
const words: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => englishWords,
  zh: async () => (await import('./words-chinese.ts')).chineseWords,
  'zh-Hant': async () => (await import('./words-chinese-traditional.ts')).traditionalChineseWords,
  ja: async () => (await import('./words-japanese.ts')).japaneseWords,
  vi: async () => (await import('./words-vietnamese.ts')).vietnameseWords,
  de: async () => (await import('./words-german.ts')).germanWords,
}

/** What the user wants to read: `?lang=` in the address, then what the browser says. */
let wanted: readonly string[] =
  typeof location === 'undefined'
    ? []
    : [new URLSearchParams(location.search).getAll('lang'), navigator.languages].flat()

/** For the terminal, which has no address. Comes before the words are loaded. */
export function preferLocales(locales: readonly string[]): void {
  wanted = locales
}

/** The language that the user reads best. */
export const preferredLanguage = (): Language => matchLocale(wanted, languages)

/** The texts of the library and of the pages, in the language that the user reads best. */
export async function loadTexts(): Promise<{ readonly words: Words; readonly messages: MessageTexts }> {
  const language = preferredLanguage()
  try {
    const [ours, messages] = await Promise.all([words[language](), loadMessages(language)])
    return { words: ours, messages }
  } catch {
    // A page in English is better than none.
    return { words: englishWords, messages: englishMessages }
  }
}
