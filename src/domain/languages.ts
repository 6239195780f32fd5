import { loadPart } from './load-part.ts'
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

/**
 * Which of the offered languages a user reads best. `wanted` is a tag, or several by preference as in `navigator.languages`: of BCP 47 or
 * a system's (`zh_HK`, `de_AT.UTF-8`). The first that is offered in some form wins, by region and script, then by script, then by
 * language alone. The first offered where none is.
 *
 * @example
 * ```ts
 * matchLocale('zh-TW', languages) // => 'zh-Hant'
 * matchLocale('zh_SG', languages) // => 'zh'
 * matchLocale(['fr', 'de-AT', 'ja'], languages) // => 'de'
 * ```
 */
export function matchLocale<Offered extends string>(
  wanted: string | readonly string[],
  offered: readonly [Offered, ...Offered[]],
): Offered {
  for (const tag of [wanted].flat()) {
    for (const depth of [3, 2, 1]) {
      const key = keyOf(tag, depth)
      const match = offered.find((candidate) => key !== null && keyOf(candidate, depth) === key)
      if (match !== undefined) return match
    }
  }
  return offered[0]
}

/** Such as `zh-Hant-TW`, likely parts filled in, or the first `depth` parts of it; null for what is no tag. */
function keyOf(tag: string, depth: number): string | null {
  try {
    const { language, script, region } = new Intl.Locale(tag.replace(/[.@].*$/s, '').replaceAll('_', '-')).maximize()
    return [language, script, region].slice(0, depth).join('-')
  } catch {
    return null
  }
}

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
