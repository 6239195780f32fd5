import type { FakeAccount } from '../account/account.ts'
import { wireRetryAfter } from '../http/wire-clock.ts'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'

const LIMIT = 5
const WINDOW_MS = 300_000

/** Counts an attempt, or refuses it with 429 when five were let through in the last 300 s (docs/contract.md#rate-limits). */
export function countAttempt({ account, behavior, now }: World, operation: keyof FakeAccount['attempts']): void {
  const at = now()
  const recent = account.attempts[operation].filter((attempt) => attempt > at - WINDOW_MS)
  account.attempts[operation] = recent
  if (recent.length >= LIMIT) {
    const [oldest = at] = recent.slice(-LIMIT)
    const seconds = Math.ceil((oldest + WINDOW_MS - at) / 1000)
    throw new Refusal(429, 'AUTH.TOO_MANY_ATTEMPTS', {
      headers: behavior.sendsRetryAfter
        ? { 'Retry-After': wireRetryAfter[behavior.dialect.retryAfter](seconds, at) }
        : {},
    })
  }
  recent.push(at)
}
