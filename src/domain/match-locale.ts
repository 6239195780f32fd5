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
function keyOf(written: string, depth: number): string | null {
  const locale = readLocale(written)?.maximize()
  return locale ? [locale.language, locale.script, locale.region].slice(0, depth).join('-') : null
}

/** A tag of BCP 47, or one of a system's (`zh_HK.UTF-8`); null for what is no tag. */
export function readLocale(written: string): Intl.Locale | null {
  try {
    return new Intl.Locale(written.replace(/[.@].*$/s, '').replaceAll('_', '-'))
  } catch {
    return null
  }
}
