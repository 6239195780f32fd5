import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientFailure, type Failure } from '../../src/domain/failure.ts'
import {
  comeToRest,
  dequeue,
  dropQueue,
  emptyQueue,
  enqueue,
  leavesAs,
  type Queue,
  refuseNext,
  setFailureAside,
  signedOutFailure,
  takeNext,
} from '../../src/domain/queue.ts'

const refusal = clientFailure('invitationUnavailable', 'invalid')
const pause = clientFailure('rateLimited', 'rateLimited', { retryAt: 5 })
const signedOut = clientFailure('unauthorized', 'unauthorized', { status: 401, requestId: 'r-1' })
type Step = Queue<string> & { readonly failure: Failure | null; readonly notice: 'notSent' | null }
const start: Step = { ...emptyQueue, failure: null, notice: null }

const wish = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), wish }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('end' as const), failure: fc.constantFrom(null, refusal, pause) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeBack' as const), wish }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const) }) },
)

test('whatever happens: one at a time, in the order of the clicks, none twice, and none is lost without a word', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      let step: Step = start
      let atWork: string | null = null
      let asked: string[] = []
      const sent: string[] = []
      for (const [turn, one] of deeds.entries()) {
        switch (one.do) {
          case 'ask': {
            const name = `${one.wish}${turn}`
            step = { ...step, ...enqueue(step, name) }
            asked.push(name)
            break
          }
          case 'send': {
            const [next] = step.queue
            if (atWork !== null || next === undefined) break
            step = { ...step, ...takeNext(step) }
            atWork = next
            sent.push(next)
            expect(asked.shift()).toBe(next)
            break
          }
          case 'end':
            if (atWork === null) break
            atWork = null
            step = { ...step, failure: one.failure }
            if (one.failure !== null) {
              const rested = { ...step, ...comeToRest({ ...step, ...setFailureAside(step) }) }
              expect(rested.failure).toEqual({ ...one.failure, retryAt: null })
            }
            break
          case 'refuse':
            if (step.queue.length === 0) break
            step = { ...step, ...refuseNext(step, refusal) }
            asked.shift()
            expect(comeToRest({ ...step, failure: null }).failure).toEqual(refusal)
            break
          case 'takeBack':
            step = { ...step, ...dequeue(step, (name) => name.startsWith(one.wish)) }
            asked = asked.filter((name) => !name.startsWith(one.wish))
            break
          case 'drop':
            step = { ...step, notice: null }
            step = { ...step, ...dropQueue(step) }
            expect(step.notice).toBe(asked.length > 0 ? 'notSent' : null)
            asked = []
        }
        expect(step.queue).toEqual(asked)
      }
      expect(new Set(sent).size).toBe(sent.length)
    }),
  )
})

test('the user leaves once nothing waits, and only if nothing failed', () => {
  const failure = fc.constantFrom(null, refusal)
  const leaveAs = fc.constantFrom('done' as const, 'skipped' as const, null)
  fc.assert(
    fc.property(fc.array(wish), failure, failure, leaveAs, (queue, now, before, wanted) => {
      const step = { queue, failure: now, earlierFailure: before, leaveAs: wanted }
      const isFree = queue.length === 0 && now === null && before === null
      expect(leavesAs(step)).toBe(isFree ? wanted : null)
      expect(comeToRest(step)).toEqual({ failure: now ?? before, earlierFailure: null, leaveAs: null })
    }),
  )
})

test('what failed later is told rather than what failed before', () => {
  const before = { ...start, failure: refusal }
  const aside = { ...before, ...setFailureAside(before) }
  expect(aside).toMatchObject({ failure: null, earlierFailure: refusal })
  expect(setFailureAside({ ...aside, failure: pause }).earlierFailure).toEqual({ ...pause, retryAt: null })
  expect(setFailureAside(aside).earlierFailure).toEqual(refusal)
})

test('who is signed out hears that something was not sent, if there was something', () => {
  expect(signedOutFailure({ ...start, failure: signedOut })).toBe(signedOut)
  expect(signedOutFailure({ ...start, queue: ['a'], failure: signedOut })).toEqual({
    ...signedOut,
    code: 'client.signedOutUnsent',
  })
})

test('a notice of something else stays where nothing is dropped', () => {
  expect(dropQueue({ queue: [], notice: 'changeUndone' })).toMatchObject({ notice: 'changeUndone' })
})
