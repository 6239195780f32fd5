import { type Failure, withoutWait } from './failure.ts'

/**
 * What the user asks for while something else is under way is sent afterwards: one after the other, in the order of the clicks. What a
 * step keeps for that.
 */
export interface Queue<Wish> {
  /** Those that wait for their turn. Nothing of them has been sent. */
  readonly queue: readonly Wish[]
  /** Why the last one that failed did, while others are still to come; otherwise null. */
  readonly earlierFailure: Failure | null
  /** How the step ends once nothing is under way any more and nothing has failed; null: it stays. */
  readonly leaveAs: 'done' | 'skipped' | null
}

type Failing<Wish> = Queue<Wish> & { readonly failure: Failure | null }

/** Nothing waits. */
export const emptyQueue = { queue: [], earlierFailure: null, leaveAs: null } as const satisfies Queue<never>

/** With this wish as the last. */
export const enqueue = <Wish>({ queue }: Queue<Wish>, wish: Wish) => ({ queue: [...queue, wish] })

/** Without those that the user takes back. */
export const dequeue = <Wish>({ queue }: Queue<Wish>, isTakenBack: (wish: Wish) => boolean) => ({
  queue: queue.filter((wish) => !isTakenBack(wish)),
})

/** Without the next one, which is to be sent now. What failed before it is not forgotten. */
export const takeNext = <Wish>(queue: Failing<Wish>) => ({ ...setFailureAside(queue), queue: queue.queue.slice(1) })

/** Without the next one, which cannot be sent any more. */
export const refuseNext = <Wish>({ queue }: Queue<Wish>, refusal: Failure) => ({
  queue: queue.slice(1),
  earlierFailure: refusal,
})

/** The failure is kept while the step goes on. */
export const setFailureAside = ({ failure, earlierFailure }: Failing<unknown>) => ({
  failure: null,
  earlierFailure: withoutWait(failure) ?? earlierFailure,
})

/** Nothing is sent unasked of what waited before a restore: that is said, and the user asks again. */
export const dropQueue = <Notice>({
  queue,
  notice,
}: {
  readonly queue: readonly unknown[]
  readonly notice: Notice
}) => ({
  queue: [],
  leaveAs: null,
  notice: queue.length === 0 ? notice : ('notSent' as const),
})

/** The user has signed out, or was: why, and that something was not sent. */
export const signedOutFailure = ({ queue, failure }: Failing<unknown>): Failure | null =>
  failure === null || queue.length === 0 ? failure : { ...failure, code: 'client.signedOutUnsent' }

/** Nothing waits any more: what has failed on the way is told. */
export const comeToRest = ({ failure, earlierFailure }: Failing<unknown>) => ({
  failure: failure ?? earlierFailure,
  earlierFailure: null,
  leaveAs: null,
})

/** How the step ends now; null: it stays, because something waits, or has failed, or because nobody wants to leave. */
export const leavesAs = ({ queue, failure, earlierFailure, leaveAs }: Failing<unknown>) =>
  queue.length === 0 && failure === null && earlierFailure === null ? leaveAs : null
