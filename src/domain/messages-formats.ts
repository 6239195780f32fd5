import type { FailureDetails } from './messages.ts'

/** Such as `1 minute, 30 seconds`: to the second, whichever the sign. */
export function durationText(locale: string, ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const parts = [
    { unit: 'minute', count: Math.floor(seconds / 60) },
    { unit: 'second', count: seconds % 60 },
  ].filter(({ unit, count }) => count > 0 || (unit === 'second' && seconds === 0))
  return new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(
    parts.map(({ unit, count }) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    ),
  )
}

/** Such as `14:05:00`, in the time zone of whoever looks at it. */
export const clockText = (locale: string, at: number): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' }).format(at)

/** Such as `1,200`. */
export const countText = (locale: string, count: number): string => new Intl.NumberFormat(locale).format(count)

/** The form that a count takes, in a language that has more than one. */
export const pluralText = (locale: string, count: number, forms: { readonly one: string; readonly other: string }) =>
  new Intl.PluralRules(locale).select(count) === 'one' ? forms.one : forms.other

/** Is there room for advice to try again? Not where the change may have taken effect, nor where the time to try again is said. */
export const takesAdvice = ({ effect, retryAt }: Pick<FailureDetails, 'effect' | 'retryAt'>): boolean =>
  effect === 'none' && retryAt === null
