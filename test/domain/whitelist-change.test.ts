import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consentTo } from '../../src/domain/consent.ts'
import { clientFailure } from '../../src/domain/failure.ts'
import { assessDraft, type IpWhitelist, judgeEntries, sameEntries } from '../../src/domain/ip-whitelist.ts'
import {
  changeTo,
  emptiesEnforcedList,
  isEnforced,
  isHalfDone,
  isRiskOpen,
  isSent,
  isUndone,
  locksOut,
  mayBeEnabled,
  mayBeInForce,
  needsConfirmation,
  needsEnabling,
  needsReplacing,
  onlyDisables,
  revisedTo,
  sameWhitelist,
  unattendedRetryWait,
  unconfirmedChange,
  undoNeedsDisabling,
  undoNeedsReplacing,
  undoneTo,
  type WhitelistChange,
  wasRefusedAsAWhole,
  withEntriesSent,
  withSavedEntries,
  withSwitchSent,
} from '../../src/domain/whitelist-change.ts'

const on = (...entries: readonly string[]): IpWhitelist => ({ enabled: true, entries })
const off = (...entries: readonly string[]): IpWhitelist => ({ enabled: false, entries })

const HOME = '8.8.8.8'
const OFFICE = '9.9.9.0/24'
const THEIRS = '7.7.7.7'

/** All that it takes was sent. */
function sent(before: IpWhitelist, after: IpWhitelist, readBack: IpWhitelist | null = after): WhitelistChange {
  const change = changeTo(before, after)
  const saved = needsReplacing(change) ? withEntriesSent(change) : change
  return { ...(needsEnabling(change) ? withSwitchSent(saved) : saved), readBack }
}

const anyEntries = fc.array(
  fc.constantFrom(HOME, '8.8.8.8/32', OFFICE, '9.9.9.9/24', THEIRS, '2001:db8::/32', 'unreadable'),
  { maxLength: 4 },
)
const anyWhitelist: fc.Arbitrary<IpWhitelist> = fc.record({ enabled: fc.boolean(), entries: anyEntries })
const anyAddress = fc.constantFrom(HOME, '9.9.9.9', THEIRS, '192.168.*.*', '', null)

describe('a change that is asked for', () => {
  test('nothing of it is sent, and an undo would go back to where it began', () => {
    const change = changeTo(off(), on(HOME))
    expect(change).toEqual({
      former: off(),
      before: off(),
      after: on(HOME),
      isRevision: false,
      isSwitchSent: false,
      sentEntries: null,
      readBack: null,
    })
    expect(isSent(change)).toBe(false)
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

  test.each<[string, IpWhitelist, IpWhitelist, { replace: boolean; enable: boolean; disable: boolean }]>([
    ['enabling the list as it is', off(HOME), on(HOME), { replace: false, enable: true, disable: false }],
    ['enabling a new list', off(), on(HOME), { replace: true, enable: true, disable: false }],
    ['changing an enforced list', on(HOME), on(OFFICE), { replace: true, enable: false, disable: false }],
    ['saving a list that is not enforced', off(), off(HOME), { replace: true, enable: false, disable: false }],
    ['disabling', on(HOME), off(HOME), { replace: false, enable: false, disable: true }],
    ['another spelling only', on('8.8.8.8/32'), on(HOME), { replace: false, enable: false, disable: false }],
  ])('what it takes: %s', (_, before, after, { replace, enable, disable }) => {
    const change = changeTo(before, after)
    expect(needsReplacing(change)).toBe(replace)
    expect(needsEnabling(change)).toBe(enable)
    expect(onlyDisables(change)).toBe(disable)
  })

  test('another wish while it is in force goes on from there, and is undone to where the first began', () => {
    const revised = revisedTo(sent(off(OFFICE), on(HOME)), on(HOME), on(HOME, THEIRS))
    expect(revised).toMatchObject({
      former: off(OFFICE),
      before: on(HOME),
      after: on(HOME, THEIRS),
      isSwitchSent: true,
    })
    expect(undoneTo(withEntriesSent(revised), on(HOME, THEIRS))).toEqual(off(OFFICE))
  })

  test('what the portal says it keeps counts as sent, beside what was sent', () => {
    const saved = withSavedEntries(withEntriesSent(changeTo(off(), on('9.9.9.9/24'))), off(OFFICE))
    expect(saved.after).toEqual(on(OFFICE))
    expect(saved.sentEntries).toEqual(['9.9.9.9/24', OFFICE])
  })
})

describe('a list that would be in force', () => {
  test.each<[string, IpWhitelist, boolean]>([
    ['an enforced one may not be empty', on(), true],
    ['one that is not enforced may', off(), false],
    ['one with an entry is not empty', on(HOME), false],
  ])('%s', (_, whitelist, empties) => {
    expect(emptiesEnforcedList(whitelist)).toBe(empties)
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
  ])('%s', (_, whitelist, address, verdict) => {
    expect(locksOut(whitelist, address)).toBe(verdict === 'lockout')
    expect(isRiskOpen(whitelist, address, null)).toBe(verdict === 'risk')
    expect(mayBeInForce(whitelist, address, null)).toBe(verdict === 'fine')
  })

  test('a risk is taken for one list, and a lockout is one all the same', () => {
    const consent = consentTo([OFFICE])
    expect(isRiskOpen(on(OFFICE), null, consent)).toBe(false)
    expect(isRiskOpen(on(OFFICE, HOME), null, consent)).toBe(true)
    expect(mayBeInForce(on(OFFICE), null, consent)).toBe(true)
    expect(mayBeInForce(on(OFFICE), HOME, consent)).toBe(false)
  })

  test('an enforced list either covers the address, locks out or is a risk, just as the draft of it was judged', () => {
    fc.assert(
      fc.property(anyWhitelist, anyAddress, (whitelist, address) => {
        const draft = judgeEntries(whitelist.entries.map((value, index) => ({ id: `row-${index}`, value })))
        const { lockout } = assessDraft(draft, address)
        expect(locksOut(whitelist, address)).toBe(whitelist.enabled && lockout === 'notCovered')
        expect(isRiskOpen(whitelist, address, null)).toBe(whitelist.enabled && lockout === 'unknown')
      }),
      { numRuns: 500 },
    )
  })
})

describe('a list that was saved and is yet to be enabled', () => {
  test.each<[string, IpWhitelist, IpWhitelist, string | null, boolean]>([
    ['as asked', on(HOME, OFFICE), off(HOME, OFFICE), HOME, true],
    ['without an entry that was asked for', on(HOME, OFFICE), off(HOME), HOME, false],
    ['from an address that is not known', on(HOME), off(HOME), null, false],
    ['without the address in use', on(OFFICE), off(OFFICE), HOME, false],
    ['enabled by someone else already', on(HOME), on(HOME), HOME, false],
    ['where it is only to be saved', off(HOME), off(HOME), HOME, false],
  ])('%s', (_, after, now, address, expected) => {
    expect(mayBeEnabled(withEntriesSent(changeTo(off(), after)), now, address, null)).toBe(expected)
  })

  test('the risk that was taken for it is enough', () => {
    const change = withEntriesSent(changeTo(off(), on(HOME)))
    expect(mayBeEnabled(change, off(HOME), null, consentTo([HOME]))).toBe(true)
  })

  test('it is enabled once: whether that went out is read back', () => {
    const change = withSwitchSent(withEntriesSent(changeTo(off(), on(HOME))))
    expect(mayBeEnabled(change, off(HOME), HOME, null)).toBe(false)
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

  test.each<[string, IpWhitelist, IpWhitelist, IpWhitelist, boolean]>([
    ['as asked', off(), on(HOME), on(HOME), true],
    ['the portal has kept less', off(), on(HOME, OFFICE), on(OFFICE), true],
    ['someone else wrote the entries', off(), on(HOME), on(THEIRS), true],
    ['it was only to be saved, and someone else has enabled it', off(), off(HOME), on(HOME), true],
    ['an enforced list, emptied', on(HOME), on(HOME, OFFICE), on(), true],
    ['it is not enforced', off(), on(HOME), off(HOME), false],
    ['it was to be disabled, and someone else has enabled it again', on(HOME), off(HOME), on(THEIRS), false],
  ])('to be confirmed, by what is in force: %s', (_, before, after, now, expected) => {
    expect(needsConfirmation(changeTo(before, after), now)).toBe(expected)
  })

  test('to be confirmed: it was to be disabled again while the enabling waits to be kept, and is enforced still', () => {
    const revised = revisedTo(sent(off(), on(HOME)), on(HOME), off(HOME))
    expect(needsConfirmation(revised, on(THEIRS))).toBe(true)
    expect(needsConfirmation(revised, off(THEIRS))).toBe(false)
  })

  test.each<[string, WhitelistChange, boolean]>([
    ['the only request', withEntriesSent(changeTo(on(HOME), on(OFFICE))), true],
    ['enabling the list as it was', withSwitchSent(changeTo(off(HOME), on(HOME))), true],
    ['enabling what was saved before', withSwitchSent(withEntriesSent(changeTo(off(), on(HOME)))), false],
    ['a change after one that is in force', revisedTo(sent(off(), on(HOME)), on(HOME), on(OFFICE)), false],
  ])('refused as a whole: %s', (_, change, expected) => {
    expect(wasRefusedAsAWhole(change, clientFailure('refused', 'forbidden'))).toBe(expected)
    expect(wasRefusedAsAWhole(change, clientFailure('network', 'network', { effect: 'unknown' }))).toBe(false)
    expect(wasRefusedAsAWhole(change, null)).toBe(false)
  })

  const lost = clientFailure('timeout', 'timeout', { effect: 'unknown' })

  test.each<[string, Partial<Parameters<typeof isEnforced>[0]>, boolean | null]>([
    ['never read', { isRead: false }, null],
    ['read', {}, true],
    ['the outcome of a change is open', { failure: lost }, null],
    ['a change was refused', { failure: clientFailure('refused', 'forbidden') }, true],
  ])('enforced? %s', (_, parts, expected) => {
    expect(isEnforced({ isRead: true, whitelist: on(HOME), failure: null, ...parts })).toBe(expected)
  })
})

describe('what an undo leaves in force', () => {
  test.each<[string, WhitelistChange, IpWhitelist, IpWhitelist]>([
    ['the list was enabled', sent(off(HOME), on(HOME)), on(HOME), off(HOME)],
    ['another list was enabled', sent(off(OFFICE), on(HOME)), on(HOME), off(OFFICE)],
    ['an enforced list was changed', sent(on(OFFICE), on(HOME)), on(HOME), on(OFFICE)],
    ['someone else has added an entry', sent(off(), on(HOME)), on(HOME, THEIRS), off(THEIRS)],
    ['… to an enforced list', sent(on(OFFICE), on(OFFICE, HOME)), on(OFFICE, HOME, THEIRS), on(OFFICE, THEIRS)],
    [
      'someone else has removed an entry',
      sent(on(OFFICE, THEIRS), on(OFFICE, THEIRS, HOME)),
      on(OFFICE, HOME),
      on(OFFICE),
    ],
    ['the portal has dropped an entry', sent(on(HOME), on(HOME, OFFICE), on(OFFICE)), on(OFFICE), on(HOME)],
    ['the portal has emptied the list', sent(on(HOME), on(HOME, OFFICE), on()), on(), on(HOME)],
    ['the portal has emptied a list that was off', sent(off(OFFICE), on(HOME), on()), on(), off(OFFICE)],
    ['someone else has switched it off', sent(off(), on(HOME)), off(HOME), off()],
    ['… and on, after a save that did not', sent(off(OFFICE), off(HOME), on(HOME)), on(HOME), on(OFFICE)],
    ['all is back already', sent(off(OFFICE), on(HOME)), off(OFFICE), off(OFFICE)],
    ['it was never read back', sent(on(HOME), on(OFFICE), null), on(OFFICE, THEIRS), on(HOME, THEIRS)],
  ])('%s', (_, change, now, expected) => {
    expect(undoneTo(change, now)).toEqual(expected)
    expect(isUndone(change, now)).toBe(sameWhitelist(now, expected))
  })

  test('the former list, where the portal does not show what is in force', () => {
    expect(undoneTo(sent(off(OFFICE), on(HOME)), null)).toEqual(off(OFFICE))
  })

  test('the former list exactly, where nobody else was at it', () => {
    fc.assert(
      fc.property(anyWhitelist, anyWhitelist, (former, after) => {
        const change = sent(former, after)
        const undone = undoneTo(change, after)
        expect(sameEntries(undone.entries, former.entries)).toBe(true)
        expect(undone.enabled).toBe(after.enabled && former.enabled)
      }),
      { numRuns: 500 },
    )
  })

  test('it turns nothing on, keeps what others have added, and what is undone stays so', () => {
    fc.assert(
      fc.property(anyWhitelist, anyWhitelist, anyWhitelist, anyWhitelist, (former, after, readBack, now) => {
        const change = sent(former, after, readBack)
        const undone = undoneTo(change, now)
        if (undone.enabled) expect(now.enabled).toBe(true)
        const ours = [...former.entries, ...after.entries]
        const theirs = now.entries.filter((entry) => !ours.some((own) => sameEntries([own], [entry])))
        for (const entry of theirs) expect(undone.entries).toContain(entry)
        expect(isUndone(change, undone)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('its requests bring that about', () => {
    fc.assert(
      fc.property(anyWhitelist, anyWhitelist, anyWhitelist, (former, after, now) => {
        const change = sent(former, after)
        const target = undoneTo(change, now)
        const switched = undoNeedsDisabling(change, now) ? { ...now, enabled: false } : now
        const written = undoNeedsReplacing(change, now) ? { ...switched, entries: target.entries } : switched
        expect(sameWhitelist(written, target)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, WhitelistChange, { disable: boolean; replace: boolean }]>([
    ['enabled with another list', sent(off(OFFICE), on(HOME)), { disable: true, replace: true }],
    ['enabled as it was', sent(off(HOME), on(HOME)), { disable: true, replace: false }],
    ['an enforced list was changed', sent(on(OFFICE), on(HOME)), { disable: false, replace: true }],
    ['only saved', sent(off(OFFICE), off(HOME)), { disable: false, replace: true }],
  ])('unseen, all that was sent is taken back: %s', (_, change, { disable, replace }) => {
    expect(undoNeedsDisabling(change, null)).toBe(disable)
    expect(undoNeedsReplacing(change, null)).toBe(replace)
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
    expect(unattendedRetryWait(clientFailure(...failure), tries)).toBe(expected)
  })
})

describe('what is reported when the flow is left', () => {
  test('a change that may be in force although nobody confirmed it', () => {
    expect(unconfirmedChange({ change: sent(off(), on(HOME)), confirmBy: 60_000 })).toStrictEqual({
      before: off(),
      after: on(HOME),
      confirmBy: 60_000,
    })
  })

  test('so before it was read back, as it was asked for', () => {
    const change = sent(off(), on(HOME), null)
    expect(unconfirmedChange({ change, confirmBy: null })).toMatchObject({ after: on(HOME), confirmBy: null })
  })

  test('what is in force, where the portal has kept something else', () => {
    const change = sent(off(), on(HOME, OFFICE), on(OFFICE))
    expect(unconfirmedChange({ change, confirmBy: null })).toMatchObject({ after: on(OFFICE) })
  })

  test.each<[string, WhitelistChange]>([
    ['one of which nothing was sent', changeTo(off(), on(HOME))],
    ['switching it off', { ...changeTo(on(HOME), off(HOME)) }],
  ])('nothing for %s', (_, change) => {
    expect(unconfirmedChange({ change, confirmBy: null })).toBeNull()
  })
})
