import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClientKey, clientFailure } from '../../src/domain/failure.ts'
import { dequeue, emptyQueue, enqueue, type Queue, takeNext } from '../../src/domain/queue.ts'
import { addressesOf } from '../../src/domain/session-addresses.ts'
import {
  countOtherSessions,
  countTerminated,
  isOnlySession,
  isPossible,
  isTerminated,
  isUnderWay,
  mayBeAsked,
  notTerminated,
  otherSessions,
  refuseTermination,
  type Session,
  sessionToEnd,
  sessionVerdict,
  type Termination,
  terminationOfOthers,
  willBeOnlySession,
} from '../../src/domain/sessions.ts'

const session = (sessionId: string, traits: Partial<Session> = {}): Session => ({
  sessionId,
  clientIp: '8.8.8.8',
  isCurrent: false,
  ...traits,
})

const current = session('SESS...C_001', { isCurrent: true, clientIp: '9.9.9.9' })
const phone = session('SESS...C_002')
const tablet = session('SESS...C_003')
/** Masked alike, though not the same session. */
const twin = session('SESS...C_002', { clientIp: '7.7.7.7' })
const currentTwin = session('SESS...C_001')

const one = (sessionId: string): Termination => ({ scope: 'one', sessionId })
const others = (...asked: readonly Session[]) => terminationOfOthers(asked)

const anySession: fc.Arbitrary<Session> = fc.record({
  sessionId: fc.constantFrom('a', 'b', 'c'),
  clientIp: fc.ipV4(),
  isCurrent: fc.boolean(),
})
const anyList = fc.array(anySession, { maxLength: 6 })
const anyTermination = fc.oneof(anyList.map(terminationOfOthers), fc.constantFrom('a', 'b', 'c').map(one))

describe('whether a session may be ended', () => {
  test.each<[string, readonly Session[], string, ReturnType<typeof sessionVerdict>]>([
    ['another one that is listed once', [current, phone], phone.sessionId, 'terminable'],
    ['one that is not listed', [current, phone], tablet.sessionId, 'unknown'],
    ['none in an empty list', [], phone.sessionId, 'unknown'],
    ['the current one ends by signing out', [current, phone], current.sessionId, 'current'],
    ['an id shared by two could be anyone’s', [current, phone, twin], phone.sessionId, 'ambiguous'],
    ['an id shared with the current one could be that', [currentTwin, current], current.sessionId, 'ambiguous'],
    ['an id is not matched in part', [current, phone], 'SESS', 'unknown'],
    ['where none is marked as the current one it could be that', [phone, tablet], phone.sessionId, 'unmarked'],
  ])('%s', (_, sessions, sessionId, verdict) => {
    expect(sessionVerdict(sessions, sessionId)).toBe(verdict)
  })

  test('only an id that belongs to exactly one session, and not to the current one, which is known', () => {
    fc.assert(
      fc.property(anyList, fc.constantFrom('a', 'b', 'c', 'd'), (sessions, id) => {
        const matches = sessions.filter(({ sessionId }) => sessionId === id)
        const isTerminable =
          matches.length === 1 &&
          matches.every(({ isCurrent }) => !isCurrent) &&
          sessions.some(({ isCurrent }) => isCurrent)
        expect(sessionVerdict(sessions, id) === 'terminable').toBe(isTerminable)
      }),
    )
  })

  test.each<[string, readonly Session[], string, ClientKey]>([
    ['not listed', [current], phone.sessionId, 'sessionUnknown'],
    ['the one in use', [current], current.sessionId, 'sessionCurrent'],
    ['shared by two', [phone, twin], phone.sessionId, 'sessionAmbiguous'],
    ['none is marked as the one in use', [phone, tablet], phone.sessionId, 'sessionUnmarked'],
  ])('why not: %s', (_, sessions, sessionId, code) => {
    expect(refuseTermination(sessions, sessionId)).toEqual(clientFailure(code, 'invalid', { field: 'sessionId' }))
  })
})

describe('the list', () => {
  test('the other sessions are all but the current one', () => {
    expect(otherSessions([phone, current, twin])).toEqual([phone, twin])
    expect(otherSessions([current])).toEqual([])
  })

  test.each<[string, readonly Session[], number, number]>([
    ['all that are not the current one', [phone, current, twin], 0, 2],
    ['rows that nobody could read are others', [current], 2, 2],
    ['where none is marked, one of the rows is the current one', [phone, tablet], 0, 1],
    ['the one that nobody could read may be the current one', [phone], 1, 1],
    ['nobody is beside the only row, whatever it says', [phone], 0, 0],
    ['nor where that cannot be read', [], 1, 0],
    ['nor in an empty list', [], 0, 0],
    ['all marked as the current one', [current, { ...phone, isCurrent: true }], 0, 0],
  ])('counted as others: %s', (_, sessions, unreadableRows, count) => {
    expect(countOtherSessions(sessions, unreadableRows)).toBe(count)
  })

  test.each([
    ['it was not read', { isRead: false }, false],
    ['only the current one is listed', {}, true],
    ['another is', { sessions: [current, phone] }, false],
    ['a row could not be read: it may be another', { unreadableRows: 1 }, false],
    [
      'it is still there after all others were ended: nobody could do more',
      { unreadableRows: 1, areOthersEnded: true },
      true,
    ],
    ['one that can be read is', { sessions: [current, phone], areOthersEnded: true }, false],
  ])('nobody else is signed in, where %s', (_, parts, isAlone) => {
    const list = { isRead: true, sessions: [current], unreadableRows: 0, areOthersEnded: false }
    expect(isOnlySession({ ...list, ...parts })).toBe(isAlone)
  })

  test('there are never more others than rows, nor fewer than can be read', () => {
    fc.assert(
      fc.property(anyList, fc.nat(9), (sessions, unreadableRows) => {
        const others = countOtherSessions(sessions, unreadableRows)
        expect(others).toBeLessThanOrEqual(sessions.length + unreadableRows)
        expect(others).toBeGreaterThanOrEqual(otherSessions(sessions).length - 1)
        if (sessions.length + unreadableRows > 1 && unreadableRows > 0) expect(others).toBeGreaterThan(0)
      }),
    )
  })

  test('the address is that of the current session', () => {
    expect(addressesOf([phone, current]).current).toBe('9.9.9.9')
    expect(addressesOf([{ ...phone, clientIp: null }, current]).current).toBe('9.9.9.9')
  })

  test.each<[string, readonly Session[]]>([
    ['two are marked as it', [current, { ...phone, isCurrent: true }]],
    ['two are, from the same address', [current, { ...phone, isCurrent: true, clientIp: current.clientIp }]],
    ['its address is masked', [{ ...current, clientIp: '192.168.*.*' }]],
    ['the portal names none', [{ ...current, clientIp: null }]],
    ['its address is none', [{ ...current, clientIp: 'unknown' }]],
    ['the first hop is none', [{ ...current, clientIp: 'unknown, 9.9.9.9' }]],
    ['a service of the host’s gave none', [{ ...current, clientIp: undefined as never }]],
    ['three are', [current, current, current]],
  ])('which one it is, or where it is, is not known where %s', (_, sessions) => {
    expect(addressesOf(sessions).current).toBeNull()
  })

  test('the address is read for what it is', () => {
    expect(addressesOf([{ ...current, clientIp: '9.9.9.9:51544' }]).current).toBe('9.9.9.9')
    expect(addressesOf([current, { ...phone, clientIp: '[2600::7]:443' }, { ...phone, clientIp: '?' }]).others).toEqual(
      ['2600::7'],
    )
  })

  test('without a current session there is no address', () => {
    expect(addressesOf([phone]).current).toBeNull()
    expect(addressesOf([]).current).toBeNull()
  })
})

describe('whether they ended is what the list shows', () => {
  test.each<[string, Termination, readonly Session[], readonly string[]]>([
    ['the session is gone: ended', one(phone.sessionId), [current, tablet], []],
    ['it is still listed: not', one(phone.sessionId), [current, phone], [phone.sessionId]],
    ['only the current one is left: all others ended', others(current, phone, tablet), [current], []],
    ['one of them is left: not', others(current, phone, tablet), [current, tablet], [tablet.sessionId]],
    ['one of two that are masked alike is left: not', others(current, phone, twin), [current, twin], [twin.sessionId]],
    ['both are left: neither', others(current, phone, twin), [current, twin, phone], [phone.sessionId, twin.sessionId]],
    ['one that signed in meanwhile was not meant: ended', others(current, phone), [current, tablet], []],
    ['the current one, masked like one of them, is none: ended', others(currentTwin), [current], []],
    ['the list is empty: ended', others(current, phone), [], []],
    ['one row is left that is not marked: that is the one in use', others(phone, tablet), [phone], []],
    ['two are: one of them is not', others(phone, tablet), [phone, tablet], [tablet.sessionId]],
  ])('%s', (_, termination, after, left) => {
    expect(notTerminated(termination, after)).toEqual(left)
    expect(isTerminated(termination, after)).toBe(left.length === 0)
  })

  test.each<[string, Termination, readonly Session[], readonly Session[], number]>([
    ['the one that is gone', one(phone.sessionId), [current, phone, tablet], [current, tablet], 1],
    ['none, while it is listed', one(phone.sessionId), [current, phone], [current, phone], 0],
    ['another that is gone does not count', one(phone.sessionId), [current, phone, tablet], [current, phone], 0],
    ['all others', others(current, phone, tablet), [current, phone, tablet], [current], 2],
    ['those of the others that are gone', others(phone, tablet), [current, phone, tablet], [current, tablet], 1],
    ['the current one does not count', others(current, phone), [current, phone], [], 1],
    ['one of two that are masked alike', others(phone, twin), [current, phone, twin], [current, twin], 1],
    ['one that signed in meanwhile does not make it less', others(phone), [current, phone], [current, tablet], 1],
    ['nor more', others(current), [current], [current, tablet], 0],
    ['one that comes back to the list does not count against the others', others(phone), [current], [phone], 0],
  ])('counted: %s', (_, termination, before, after, count) => {
    expect(countTerminated(termination, before, after)).toBe(count)
  })

  test('the count is never negative and never above what was listed', () => {
    fc.assert(
      fc.property(anyTermination, anyList, anyList, (termination, before, after) => {
        const listed = notTerminated(termination, before)
        const count = countTerminated(termination, before, after)
        expect(count).toBeGreaterThanOrEqual(0)
        expect(count).toBeLessThanOrEqual(listed.length)
        if (isTerminated(termination, after)) expect(count).toBe(listed.length)
        expect(countTerminated(termination, before, before)).toBe(0)
        // In whatever order the portal lists them, and whoever signs in.
        expect(countTerminated(termination, before, after.toReversed())).toBe(count)
        expect(countTerminated(termination, before, [...after, session('new')])).toBe(count)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the sessions that are to end one after the other', () => {
  interface Step extends Queue<Termination> {
    readonly failure: null
    readonly isRead: true
    readonly sessions: readonly Session[]
    readonly unreadableRows: number
    readonly areOthersEnded: boolean
    readonly question: Termination | null
    readonly termination: Termination | null
  }
  const start = (sessions: readonly Session[], unreadableRows = 0): Step => ({
    ...emptyQueue,
    failure: null,
    isRead: true,
    sessions,
    unreadableRows,
    areOthersEnded: false,
    question: null,
    termination: null,
  })
  const wishes = ({ termination, queue }: Step) => (termination === null ? queue : [termination, ...queue])
  const targets = (step: Step) => wishes(step).map(sessionToEnd)

  /** Two with one id are a case of its own; here each is listed once, the one in use too. */
  const anyOrder = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
    .map((ids) => [current, ...ids.map((id) => session(id))])
  const anyTarget = fc.constantFrom('a', 'b', 'c', 'd', current.sessionId, null)
  const anyDeed = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('confirm' as const), target: anyTarget }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), isEnded: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('takeBack' as const), target: anyTarget }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const), sessions: anyOrder }) },
  )

  const gone = (step: Step, termination: Termination): Step => ({
    ...step,
    termination: null,
    sessions: step.sessions.filter(
      ({ isCurrent, sessionId }) => isCurrent || (termination.scope === 'one' && sessionId !== termination.sessionId),
    ),
    areOthersEnded: step.areOthersEnded || termination.scope === 'others',
  })

  test('whatever the user clicks: none is confirmed twice, never the one in use, and only what was confirmed is sent', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(anyDeed, { maxLength: 40 }), (sessions, deeds) => {
        let step = start(sessions)
        for (const one of deeds) {
          const confirmed = targets(step)
          switch (one.do) {
            case 'confirm': {
              const wish: Termination =
                one.target === null ? terminationOfOthers(step.sessions) : { scope: 'one', sessionId: one.target }
              const isTold = confirmed.includes(null) || confirmed.includes(one.target)
              const isThere = one.target === null || step.sessions.some(({ sessionId }) => sessionId === one.target)
              const isAnyLeft = step.sessions.length > 1
              const isRight = isThere && isAnyLeft && one.target !== current.sessionId
              expect(mayBeAsked(step, wish)).toBe(isRight && !isTold)
              if (mayBeAsked(step, wish)) step = { ...step, ...enqueue(step, wish) }
              break
            }
            case 'send': {
              const [next] = step.queue
              if (step.termination !== null || next === undefined || !isPossible(next, step.sessions)) break
              step = { ...step, termination: next, ...takeNext(step) }
              expect(sessionToEnd(next)).not.toBe(current.sessionId)
              expect(targets(step)).toEqual(confirmed)
              break
            }
            case 'end':
              if (step.termination === null) break
              step = one.isEnded ? gone(step, step.termination) : { ...step, termination: null }
              expect(targets(step)).toEqual(confirmed.slice(1))
              break
            case 'takeBack':
              step = { ...step, ...dequeue(step, (wish) => sessionToEnd(wish) === one.target) }
              expect(isUnderWay(one.target, { termination: null, queue: step.queue })).toBe(
                step.queue.some(({ scope }) => scope === 'others'),
              )
              break
            case 'list':
              step = { ...step, sessions: one.sessions }
          }
          expect(new Set(targets(step)).size).toBe(targets(step).length)
        }
      }),
    )
  })

  test('nothing is asked while something else is, nor once the user has left', () => {
    const wish = { scope: 'one', sessionId: 'a' } as const
    const step = start([current, session('a'), session('b')])
    expect(mayBeAsked(step, wish)).toBe(true)
    expect(mayBeAsked({ ...step, question: { scope: 'one', sessionId: 'b' } }, wish)).toBe(false)
    fc.assert(
      fc.property(fc.constantFrom('done' as const, 'skipped' as const), (leaveAs) => {
        expect(mayBeAsked({ ...step, leaveAs }, wish)).toBe(false)
      }),
    )
  })

  test('the user may leave before all has ended if, and only if, nobody else is left afterwards', () => {
    const anyWish = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', current.sessionId).map(one) },
      { weight: 1, arbitrary: fc.constant(others()) },
    )
    fc.assert(
      fc.property(
        anyOrder,
        fc.nat(2),
        fc.array(anyWish, { maxLength: 5 }),
        fc.boolean(),
        (sessions, rows, all, isAtWork) => {
          const [first = null, ...rest] = all
          const step = start(sessions, rows)
          const busy = isAtWork ? { ...step, termination: first, queue: rest } : { ...step, queue: all }
          const after = all.reduce(gone, busy)
          expect(willBeOnlySession(busy)).toBe(isOnlySession(after))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('what is listed twice cannot be ended while that is so; all others can', () => {
    fc.assert(
      fc.property(anyList, fc.constantFrom('a', 'b', 'c'), (sessions, sessionId) => {
        const isUnclear = sessions.filter((listed) => listed.sessionId === sessionId).length > 1
        if (isUnclear) expect(isPossible(one(sessionId), sessions)).toBe(false)
        expect(isPossible(terminationOfOthers(sessions), sessions)).toBe(true)
      }),
    )
  })
})
