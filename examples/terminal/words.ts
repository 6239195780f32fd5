import type { Language } from 'postlogin'
import { preferredLanguage } from '../shared/language.ts'
import { englishTexts, type Texts } from './words-english.ts'

const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => englishTexts,
  zh: async () => (await import('./words-chinese.ts')).chineseTexts,
  'zh-Hant': async () => (await import('./words-chinese-traditional.ts')).traditionalChineseTexts,
  ja: async () => (await import('./words-japanese.ts')).japaneseTexts,
  vi: async () => (await import('./words-vietnamese.ts')).vietnameseTexts,
  de: async () => (await import('./words-german.ts')).germanTexts,
}

/** Loaded before anything else that speaks, in the language of the pages' words beside them. */
export const texts = await loaders[preferredLanguage()]()
