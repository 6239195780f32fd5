import type { FakeAccount } from '../account/account.ts'
import type { PortalOperation } from '../endpoints/routes.ts'
import type { OpenRequest } from '../http/requests.ts'
import { check, oneOf, partial } from '../schema.ts'
import { checkMatch, strikes } from './fault-schema.ts'
import { type FaultMatch, type FaultOptions, hits } from './faults.ts'

/** When, and how often, someone else changes the account. */
export interface InterjectionOptions extends FaultOptions {
  /** Before the request is carried out (default), or after. */
  readonly when?: 'before' | 'after'
}

interface Interjection {
  readonly match: FaultMatch
  readonly change: (draft: FakeAccount) => void
  readonly when: 'before' | 'after'
  left: number
}

const optionsSchema = partial<InterjectionOptions>({ when: oneOf('before', 'after'), times: strikes })

/** What someone else does to the account between two requests of the caller. */
export class Interjections {
  readonly #waiting = new Set<Interjection>()
  readonly #operations: ReadonlySet<string>
  readonly #update: (change: (draft: FakeAccount) => void) => void

  /** `operations`: those that this portal has. `update`: how the account is changed. */
  constructor(operations: Iterable<PortalOperation>, update: (change: (draft: FakeAccount) => void) => void) {
    this.#operations = new Set(operations)
    this.#update = update
  }

  /** Returns what removes it again. Throws a `TypeError` that names what cannot be. */
  add(match: FaultMatch, change: (draft: FakeAccount) => void, options: InterjectionOptions): () => void {
    checkMatch(match, this.#operations)
    if (typeof change !== 'function') throw new TypeError('change must be a function')
    check(options, optionsSchema, 'options')
    const { when = 'before', times = 1 } = options
    const interjection = { match, change, when, left: times }
    this.#waiting.add(interjection)
    return () => void this.#waiting.delete(interjection)
  }

  run(when: Interjection['when'], request: OpenRequest): void {
    for (const interjection of this.#waiting) {
      if (interjection.when !== when || !hits(interjection.match, request)) continue
      interjection.left -= 1
      if (interjection.left <= 0) this.#waiting.delete(interjection)
      this.#update(interjection.change)
    }
  }
}
