import { sameEntries } from './ip-whitelist.ts'

/** The user's consent to a risk, for one list and for this run of the page. It is never stored: its JSON is `null`. */
export interface Consent {
  /** Nothing of it is stored. */
  toJSON(): null
}

const lists = new WeakMap<Consent, readonly string[]>()

export function consentTo(entries: readonly string[]): Consent {
  const consent: Consent = Object.freeze({ toJSON: () => null })
  lists.set(consent, entries)
  return consent
}

/** Was it given for this list, whatever the order and the spelling? Never by what comes back from storage. */
export function isConsentTo(consent: Consent | null, entries: readonly string[]): boolean {
  const given = consent === null ? undefined : lists.get(consent)
  return given !== undefined && sameEntries(given, entries)
}
