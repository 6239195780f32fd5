import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientFailure } from '../../src/domain/failure.ts'
import { assessDraft, type IpWhitelist, judgeEntries, sameEntries } from '../../src/domain/ip-whitelist.ts'
import {
  changeTo,
  confirmable,
  emptiesEnforcedList,
  isEnforced,
  isHalfDone,
  isOurs,
  isRiskOpen,
  locksOut,
  mayBeEnabledAs,
  needsConfirmation,
  needsEnabling,
  needsReplacing,
  sameWhitelist,
  seeToAgainIn,
  unconfirmedChange,
  undoNeedsDisabling,
  undoNeedsReplacing,
  type WhitelistChange,
} from '../../src/domain/whitelist-change.ts'

const on = (...entries: readonly string[]): IpWhitelist => ({ enabled: true, entries })
const off = (...entries: readonly string[]): IpWhitelist => ({ enabled: false, entries })

const sent = (before: IpWhitelist, after: IpWhitelist) => ({ ...changeTo(before, after), isSent: true })

const HOME = '8.8.8.8'
const OFFICE = '9.9.9.0/24'

const anyWhitelist: fc.Arbitrary<IpWhitelist> = fc.record({
  enabled: fc.boolean(),
  entries: fc.array(fc.constantFrom(HOME, '8.8.8.8/32', OFFICE, '9.9.9.9/24', '2001:db8::/32', 'unreadable'), {
    maxLength: 3,
  }),
})
const anyChange: fc.Arbitrary<WhitelistChange> = fc.record({
  before: anyWhitelist,
  after: anyWhitelist,
  isSent: fc.boolean(),
  isUndoSent: fc.boolean(),
  isRiskAccepted: fc.boolean(),
})
const anyAddress = fc.constantFrom(HOME, '9.9.9.9', '7.7.7.7', '192.168.*.*', '', null)

describe('a change that is asked for', () => {
  test('nothing of it is sent and no risk is accepted', () => {
    expect(changeTo(off(), on(HOME))).toEqual({
      before: off(),
      after: on(HOME),
      isSent: false,
      isUndoSent: false,
      isRiskAccepted: false,
    })
  })

  test.each<[string, IpWhitelist, IpWhitelist, boolean]>([
    ['the same list and switch', on(HOME, OFFICE), on(OFFICE, HOME), true],
    ['another spelling', on('9.9.9.9/24'), on(OFFICE), true],
    ['another switch', on(HOME), off(HOME), false],
    ['another list', on(HOME), on(OFFICE), false],
  ])('whether two whitelists are the same: %s', (_, a, b, same) => {
    expect(sameWhitelist(a, b)).toBe(same)
    expect(sameWhitelist(b, a)).toBe(same)
  })

  test.each<[string, IpWhitelist, IpWhitelist, { replace: boolean; enable: boolean; confirm: boolean }]>([
    ['enabling the list as it is', off(HOME), on(HOME), { replace: false, enable: true, confirm: true }],
    ['enabling a new list', off(), on(HOME), { replace: true, enable: true, confirm: true }],
    ['changing an enforced list', on(HOME), on(OFFICE), { replace: true, enable: false, confirm: true }],
    ['saving a list that is not enforced', off(), off(HOME), { replace: true, enable: false, confirm: false }],
    ['disabling', on(HOME), off(HOME), { replace: false, enable: false, confirm: false }],
    ['another spelling only', on('8.8.8.8/32'), on(HOME), { replace: false, enable: false, confirm: true }],
  ])('what it takes: %s', (_, before, after, { replace, enable, confirm }) => {
    const change = changeTo(before, after)
    expect(needsReplacing(change)).toBe(replace)
    expect(needsEnabling(change)).toBe(enable)
    expect(needsConfirmation(change, after, null)).toBe(confirm)
  })
})

describe('what was read back', () => {
  const lost = clientFailure('timeout', 'timeout', { effect: 'unknown' })

  test.each<[string, IpWhitelist, IpWhitelist, IpWhitelist, typeof lost | null, boolean]>([
    [
      'it was turned on, and someone else wrote the entries: the switch is ours',
      off(),
      on(HOME),
      on(OFFICE),
      null,
      true,
    ],
    ['the reply was lost as well: nobody knows whose the switch is', off(), on(HOME), on(OFFICE), lost, false],
    ['as asked, although the reply was lost', off(), on(HOME), on(HOME), lost, true],
    ['it was on before, and is someone else’s now', on(HOME), on(HOME, OFFICE), on(OFFICE), null, false],
    ['it is not enforced', off(), on(HOME), off(HOME), null, false],
  ])('to be confirmed? %s', (_, before, after, now, failure, expected) => {
    expect(needsConfirmation(changeTo(before, after), now, failure)).toBe(expected)
  })

  test('what an undo puts back is the former list, or the entries of whoever wrote them meanwhile', () => {
    const change = changeTo(off(OFFICE), on(HOME))
    expect(confirmable(change, on(HOME))).toMatchObject({ before: off(OFFICE), after: on(HOME) })
    expect(confirmable(change, on(HOME, '9.9.9.9'))).toMatchObject({
      before: off(HOME, '9.9.9.9'),
      after: on(HOME, '9.9.9.9'),
    })
  })

  test.each<[string, Partial<Parameters<typeof isEnforced>[0]>, boolean | null]>([
    ['never read', { isRead: false }, null],
    ['read', {}, true],
    ['a change was sent, its outcome is open', { change: sent(on(HOME), off(HOME)), failure: lost }, null],
    ['a change was sent and read back', { change: sent(off(HOME), on(HOME)) }, true],
    ['a change was refused', { change: changeTo(on(HOME), off(HOME)), failure: lost }, true],
  ])('enforced? %s', (_, parts, expected) => {
    expect(isEnforced({ isRead: true, whitelist: on(HOME), change: null, failure: null, ...parts })).toBe(expected)
  })
})

describe('what the portal says it has saved', () => {
  test.each<[string, IpWhitelist, IpWhitelist, string | null, boolean]>([
    ['as asked', on(HOME, OFFICE), off(HOME, OFFICE), HOME, true],
    ['without what adds nothing', on(HOME, OFFICE), off(HOME), HOME, true],
    ['from an address that is not known', on(HOME), off(HOME), null, true],
    ['without the address in use', on(HOME, OFFICE), off(OFFICE), HOME, false],
    ['nothing', on(HOME), off(), null, false],
    ['where it is only to be saved', off(HOME), off(HOME), HOME, false],
  ])('may be enabled: %s', (_, after, saved, address, expected) => {
    expect(mayBeEnabledAs(changeTo(off(), after), saved, address)).toBe(expected)
  })
})

describe('a change that is not settled', () => {
  test.each<[string, Parameters<typeof clientFailure>, number, number | null]>([
    ['offline, for the first time', ['network', 'network'], 0, 5_000],
    ['and again', ['network', 'network'], 1, 15_000],
    ['for the sixth time', ['network', 'network'], 5, 900_000],
    ['often enough', ['network', 'network'], 6, null],
    ['refused', ['lockedOut', 'forbidden'], 0, null],
    ['no service to call', ['slotEmpty', 'config'], 0, null],
  ])('is seen to again, unless that is pointless: %s', (_, failure, tries, expected) => {
    expect(seeToAgainIn(clientFailure(...failure), tries)).toBe(expected)
  })
})

describe('a list that would be in force', () => {
  test.each<[string, IpWhitelist, boolean]>([
    ['an enforced one may not be empty', on(), true],
    ['one that is not enforced may', off(), false],
    ['one with an entry is not empty', on(HOME), false],
  ])('%s', (_, after, empties) => {
    expect(emptiesEnforcedList(changeTo(on(HOME), after))).toBe(empties)
  })

  test.each<[string, IpWhitelist, string | null, 'fine' | 'lockout' | 'risk']>([
    ['it covers the current address', on(OFFICE), '9.9.9.9', 'fine'],
    ['spelling does not matter', on('::ffff:8.8.8.8'), HOME, 'fine'],
    ['it does not cover it: the user would be locked out', on(OFFICE), HOME, 'lockout'],
    ['an empty one covers nobody', on(), HOME, 'lockout'],
    ['not enforced: nobody is locked out', off(OFFICE), HOME, 'fine'],
    ['not enforced: nothing is risked either', off(OFFICE), null, 'fine'],
    ['the portal does not say from which address: a risk', on(OFFICE), null, 'risk'],
    ['it says so in a masked form only: a risk', on('0.0.0.0/0'), '192.168.*.*', 'risk'],
    ['it says nothing that is an address: a risk', on(OFFICE), '', 'risk'],
  ])('%s', (_, after, address, verdict) => {
    const change = changeTo(off(), after)
    expect(locksOut(change, address)).toBe(verdict === 'lockout')
    expect(isRiskOpen(change, address)).toBe(verdict === 'risk')
  })

  test('a risk that the user has accepted is not open any more, a lockout is one all the same', () => {
    const accepted = { ...changeTo(off(), on(OFFICE)), isRiskAccepted: true }
    expect(isRiskOpen(accepted, null)).toBe(false)
    expect(locksOut(accepted, HOME)).toBe(true)
  })

  test('an enforced list either covers the address, locks out or is a risk, just as the draft of it was judged', () => {
    fc.assert(
      fc.property(anyWhitelist, anyWhitelist, anyAddress, (before, after, address) => {
        const change = changeTo(before, after)
        const draft = judgeEntries(after.entries.map((value, index) => ({ id: `row-${index}`, value })))
        const { lockout } = assessDraft(draft, address)
        expect(locksOut(change, address)).toBe(after.enabled && lockout === 'notCovered')
        expect(isRiskOpen(change, address)).toBe(after.enabled && lockout === 'unknown')
      }),
      { numRuns: 500 },
    )
  })
})

describe('what came of a change', () => {
  const enabling = changeTo(off(OFFICE), on(HOME))

  test.each<[string, boolean, IpWhitelist]>([
    ['saved, but not enabled', true, off(HOME)],
    ['saved and enabled', false, on(HOME)],
    ['enabled, but not saved', false, on(OFFICE)],
    ['as before', false, off(OFFICE)],
  ])('%s: half done is %s', (_, isHalf, now) => {
    expect(isHalfDone(enabling, now)).toBe(isHalf)
  })
})

describe('whether what is in force is our own doing', () => {
  const enabling = changeTo(off(OFFICE), on(HOME))
  const undoing = { ...enabling, isUndoSent: true }

  test.each<[string, boolean, WhitelistChange, IpWhitelist]>([
    ['the list asked for', true, enabling, on(HOME)],
    ['in another spelling', true, enabling, on('8.8.8.8/32')],
    ['the list asked for, switched off by someone else', false, enabling, off(HOME)],
    ['unless it was the undo that switched it off', true, undoing, off(HOME)],
    ['another list', false, enabling, on(HOME, '7.7.7.7')],
    ['another list, whatever was undone', false, undoing, off(HOME, '7.7.7.7')],
    ['the former list enforced: neither we nor the undo make that', false, undoing, on(OFFICE)],
  ])('%s: ours is %s', (_, ours, change, now) => {
    expect(isOurs(change, now)).toBe(ours)
  })

  test('never for a list or a switch that neither before nor after explains, nor for a mixture before the undo is sent', () => {
    fc.assert(
      fc.property(anyChange, anyWhitelist, (change, now) => {
        const { before, after, isUndoSent } = change
        if (isOurs(change, now)) {
          expect(sameEntries(now.entries, after.entries)).toBe(true)
          expect([before.enabled, after.enabled]).toContain(now.enabled)
          if (!isUndoSent) expect(sameWhitelist(now, after)).toBe(true)
        }
        expect(isOurs(change, after)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('whatever the undo leaves between its two requests is ours, and both together put back what was before', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const sent = { ...change, isUndoSent: true }
        let now = change.after
        if (undoNeedsDisabling(sent, now)) now = { ...now, enabled: false }
        expect(isOurs(sent, now)).toBe(true)
        if (undoNeedsReplacing(sent, now)) now = { ...now, entries: change.before.entries }
        expect(undoNeedsDisabling(sent, now) || undoNeedsReplacing(sent, now)).toBe(false)
        // Only what enables, or changes an enforced list, is ever undone.
        if (change.after.enabled) expect(sameWhitelist(now, change.before)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what an undo takes', () => {
  test.each<[string, IpWhitelist, IpWhitelist, { disable: boolean; replace: boolean }]>([
    ['it was enabled', off(HOME), on(HOME), { disable: true, replace: false }],
    ['it was enabled with another list', off(OFFICE), on(HOME), { disable: true, replace: true }],
    ['an enforced list was changed', on(OFFICE), on(HOME), { disable: false, replace: true }],
    ['switched off already', off(OFFICE), off(HOME), { disable: false, replace: true }],
    ['put back already', off(OFFICE), off(OFFICE), { disable: false, replace: false }],
  ])('%s', (_, before, now, { disable, replace }) => {
    const change = changeTo(before, on(HOME))
    expect(undoNeedsDisabling(change, now)).toBe(disable)
    expect(undoNeedsReplacing(change, now)).toBe(replace)
  })
})

describe('what is reported when the flow is left', () => {
  const sent = { ...changeTo(off(), on(HOME)), isSent: true }

  test('a change that may be in force although nobody confirmed it', () => {
    expect(unconfirmedChange({ change: sent, confirmBy: 60_000 })).toStrictEqual({
      before: off(),
      after: on(HOME),
      confirmBy: 60_000,
    })
  })

  test('so before the window was open', () => {
    expect(unconfirmedChange({ change: sent, confirmBy: null })).toMatchObject({ confirmBy: null })
  })

  test.each<[string, WhitelistChange | null]>([
    ['no change', null],
    ['one of which nothing was sent', changeTo(off(), on(HOME))],
    ['one that is not enforced', { ...changeTo(off(), off(HOME)), isSent: true }],
    ['switching it off', { ...changeTo(on(HOME), off(HOME)), isSent: true }],
  ])('nothing for %s', (_, change) => {
    expect(unconfirmedChange({ change, confirmBy: null })).toBeNull()
  })
})
