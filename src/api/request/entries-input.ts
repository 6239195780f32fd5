import { readRange } from '../../domain/ip-address.ts'
import { entryAsListed } from '../inferred.ts'
import { fieldOf, refuse } from './inputs.ts'

/**
 * Addresses and ranges (docs/contract.md#whitelist-replace). Entries that the portal itself listed go back as they stand, whatever we make of them: to
 * undo a change must not fail on our reading.
 */
export function entriesInput(input: unknown): { readonly entries: readonly unknown[] } {
  const entries = fieldOf(input, 'entries')
  if (!Array.isArray(entries)) return refuse('entries')
  // Array.from fills the holes that map would pass over.
  const texts = Array.from(entries, (entry: unknown, index) =>
    typeof entry === 'string' ? entry : refuse(`entries[${index}]`),
  )
  if (fieldOf(input, 'asListed') === true) return { entries: texts.map(entryAsListed) }
  const unread = texts.findIndex((text) => readRange(text) === null)
  return unread < 0 ? { entries: texts.map((text) => text.trim()) } : refuse(`entries[${unread}]`)
}
