import { languages, matchLocale } from 'postlogin'
import { preferLocales } from '../shared/language.ts'
import { UsageError } from './arguments.ts'

/** What matches nothing: private use. */
const NONE = 'qaa'

/**
 * Settles the language of all that is loaded afterwards: by `--lang`, or else as the system is set. English where that says nothing.
 *
 * @throws UsageError where `--lang` fits none of ours
 */
export function settleLanguage(lang: string | null, env: Readonly<Record<string, string | undefined>>): void {
  if (lang !== null && matchLocale(lang, [NONE, ...languages]) === NONE) {
    throw new UsageError(`--lang fits none of the languages there are: ${languages.join(', ')}.`)
  }
  // The first that is set wins, as everywhere in a terminal.
  preferLocales([lang ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || '')])
}
