import type { AccountOverrides } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { openEditor } from '../support/editor.ts'
import { createSetting, type Setting } from '../support/setting.ts'

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const MINUTE = 60_000

const settingWith = (account: AccountOverrides = {}) => createSetting({ portal: { account } })
const enforced = () => settingWith({ ipWhitelist: { enabled: true, entries: [here] } })
/** A portal that does not say where this session comes from. */
const nameless = () => {
  const setting = createSetting()
  setting.portal.fault('listSessions', { status: 403 }, { times: 99 })
  return setting
}

/** What is answered by an operation without a result; as a fault, without having been carried out. */
const emptySuccess = { status: 200, body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: null }) }

/** Someone else puts this in force just before the list is read for the nth time from now on. */
function changeBeforeRead({ portal }: Setting, nth: number, whitelist: { enabled: boolean; entries: string[] }) {
  let reads = 0
  portal.fault(({ operation }) => {
    if (operation === 'getIpWhitelist' && ++reads === nth) {
      portal.update((account) => {
        account.ipWhitelist = whitelist
      })
    }
    return false
  }, 'hang')
}

describe('the draft', () => {
  test('starts as the list in force and is judged entry by entry, as a whole after every change', async () => {
    const { state, perform } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    expect(state().draft).toMatchObject([{ value: office, normalized: office, verdict: 'range' }])
    await perform({ type: 'entry.add', value: '198.51.100.7' })
    await perform({ type: 'entry.add', value: ' not an address ' })
    const { draft, assessment } = state()
    expect(draft.map(({ verdict }) => verdict)).toEqual(['range', 'covered', 'notAnAddress'])
    expect(assessment).toMatchObject({ lockout: 'notCovered', currentAddress: here, validCount: 2 })
    expect(assessment.problems).toHaveLength(2)
  })

  test('lines can be removed, replaced and reset, and no id is used twice', async () => {
    const { state, perform } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    const rows = () => state().draft
    const first = rows()[0]?.id ?? ''
    await perform({ type: 'entry.remove', id: first })
    await perform({ type: 'entry.remove', id: 'no-such-row' })
    expect(rows()).toEqual([])
    await perform({ type: 'entries.replace', values: [here, office] })
    expect(rows().map(({ id }) => id)).not.toContain(first)
    await perform({ type: 'draft.reset' })
    expect(rows().map(({ value }) => value)).toEqual([office])
  })

  test('a pasted list is added to it: nothing that was there is lost, and nothing of the list', async () => {
    const { state, perform } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    const [first] = state().draft
    await perform({
      type: 'entries.paste',
      text: `${here} # home\r\n192.0.2.0 255.255.255.0, ${office}\nvpn.example.com`,
    })
    expect(state().draft[0]).toEqual(first)
    expect(state().draft.slice(1)).toMatchObject([
      { value: here, verdict: 'address' },
      { value: '192.0.2.0 255.255.255.0', normalized: '192.0.2.0/24', verdict: 'netmask' },
      { value: office, verdict: 'duplicate' },
      { value: 'vpn.example.com', normalized: null, verdict: 'notAnAddress' },
    ])
    await perform({ type: 'entries.paste', text: ' \n' })
    expect(state().draft).toHaveLength(5)
  })

  test.each([
    { type: 'entry.add', value: 7 },
    { type: 'entries.replace', values: 'all' },
    { type: 'entries.replace', values: [null] },
    { type: 'entries.paste', text: ['203.0.113.10'] },
    { type: 'entries.paste' },
  ])('garbage is ignored: %o', async (event) => {
    const { state, perform } = await openEditor()
    await perform(event as never)
    expect(state().draft).toEqual([])
  })
})

describe('saving a list that is not enforced', () => {
  test('reads afresh, sends the normalized form, and shows what the portal shows', async () => {
    const { place, state, perform, portal, requestsSince } = await openEditor()
    await perform({ type: 'entries.replace', values: [' 198.51.100.9/24 ', '2001:DB8::0001', '2001:db8::1'] })
    await perform({ type: 'whitelist.save' })
    expect(requestsSince().sort()).toEqual(['getIpWhitelist', 'getIpWhitelist', 'listSessions', 'replaceIpWhitelist'])
    expect(portal.requests.find(({ operation }) => operation === 'replaceIpWhitelist')).toMatchObject({
      body: { entries: [office, '2001:db8::1'] },
      encrypted: true,
    })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ whitelist: { enabled: false }, wish: null, failure: null })
  })

  test('a span is sent as the ranges that it comes to, and is no change once they are saved', async () => {
    const { state, perform, portal } = await openEditor()
    await perform({ type: 'entry.add', value: '198.51.100.6 - 198.51.100.9' })
    await perform({ type: 'entry.add', value: '192.0.2.*' })
    expect(state().draft).toMatchObject([
      { normalized: '198.51.100.6/31, 198.51.100.8/31', verdict: 'span' },
      { normalized: '192.0.2.0/24', verdict: 'wildcard' },
    ])
    expect(state().assessment).toMatchObject({ lockout: 'notCovered', validCount: 3 })
    await perform({ type: 'whitelist.save' })
    const entries = ['198.51.100.6/31', '198.51.100.8/31', '192.0.2.0/24']
    expect(portal.account.ipWhitelist.entries).toEqual(entries)
    expect(state().draft.map(({ value }) => value)).toEqual(entries)
  })

  test('a span that holds the user’s address lets him in', async () => {
    const { state, perform } = await openEditor()
    await perform({ type: 'entry.add', value: '203.0.113.9 - 203.0.113.10' })
    expect(state().assessment.lockout).toBe('covered')
  })

  test('an entry that is no address is refused, and nothing is sent or lost', async () => {
    const { state, perform, requestsSince } = await openEditor()
    await perform({ type: 'entries.replace', values: [here, '300.1.1.1'] })
    await perform({ type: 'whitelist.save' })
    expect(state().failure).toMatchObject({ code: 'client.entriesInvalid', field: 'entries' })
    expect(state().draft).toHaveLength(2)
    expect(requestsSince()).toEqual([])
  })

  test('the draft then shows the entries in the form that was saved', async () => {
    const { state, perform } = await openEditor()
    await perform({ type: 'entry.add', value: ' 198.51.100.9/24 ' })
    await perform({ type: 'whitelist.save' })
    expect(state().draft).toMatchObject([{ value: office, verdict: 'range' }])
  })

  test('a lost reply is read back: saved is what the portal shows', async () => {
    const { place, state, perform, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', 'loseReply')
    await perform({ type: 'entry.add', value: ' 198.51.100.9/24 ' })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ failure: null, notice: null, draft: [{ value: office }] })
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('what was saved and changed elsewhere at once is shown as it is now, and the draft waits beside it', async () => {
    const setting = createSetting()
    const { place, state, perform } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: false, entries: [here, office] })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({
      failure: { code: 'client.notAsAsked' },
      notice: 'changedElsewhere',
      whitelist: { entries: [here, office] },
      draft: [{ value: office }],
    })
  })

  test('what the portal accepts without carrying it out is not taken for saved, and the draft stays', async () => {
    const { place, state, perform, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: false, entries: [] } }),
    })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({
      failure: { code: 'client.notDone', effect: 'none' },
      draft: [{ value: office }],
    })
  })

  test('a list that the portal keeps in another form than asked is enabled only if it lets the user in', async () => {
    const { place, perform, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: false, entries: [office] } }),
    })
    await perform({ type: 'entries.replace', values: [office, here] })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(portal.processed('enableIpWhitelist')).toBe(0)
  })

  test('a draft that says nothing new is not sent', async () => {
    const { perform, requestsSince } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    await perform({ type: 'whitelist.save' })
    expect(requestsSince()).toEqual([])
  })
})

describe('enabling', () => {
  test('needs a valid entry', async () => {
    const { state, perform, requestsSince } = await openEditor()
    await perform({ type: 'whitelist.enable' })
    expect(state().failure?.code).toBe('client.entriesMissing')
    expect(requestsSince()).toEqual([])
  })

  test('saves a changed draft first, opens the confirmation window, and lasts once it is kept', async () => {
    const { place, state, perform, inForce, clock, rest } = await openEditor()
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    const { confirmBy } = state()
    expect((confirmBy ?? 0) - clock.now()).toBeGreaterThan(50_000)
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
    await perform({ type: 'change.keep' })
    expect(state()).toMatchObject({ wish: null, unconfirmedChange: null })
    await clock.advance(2 * MINUTE)
    await rest()
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('a list that does not cover the current address is refused', async () => {
    const { place, state, perform, inForce } = await openEditor()
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ code: 'client.lockout', effect: 'none' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('the address is taken from a fresh list of sessions', async () => {
    const { state, perform, portal, inForce } = await openEditor()
    await perform({ type: 'entry.add', value: here })
    portal.update((account) => {
      for (const session of account.sessions) if (session.isCurrent) session.clientIp = '192.0.2.1'
    })
    await perform({ type: 'whitelist.enable' })
    expect(state()).toMatchObject({
      failure: { code: 'client.lockout' },
      assessment: { currentAddress: '192.0.2.1', lockout: 'notCovered' },
    })
    expect(inForce().enabled).toBe(false)
  })

  test('with an unknown address the risk has to be accepted', async () => {
    const { place, state, perform, inForce } = await openEditor(nameless())
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('making.confirmingRisk')
    expect(state().assessment.lockout).toBe('unknown')
    await perform({ type: 'risk.decline' })
    expect(inForce().enabled).toBe(false)
    await perform({ type: 'whitelist.enable' })
    await perform({ type: 'risk.accept' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(inForce().enabled).toBe(true)
  })

  test('what changed while the question stood is not overwritten', async () => {
    const { state, perform, portal, inForce } = await openEditor(nameless())
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    portal.update((account) => {
      account.ipWhitelist.entries = [office]
    })
    await perform({ type: 'risk.accept' })
    expect(state().notice).toBe('changedElsewhere')
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
  })

  test('an address that was told before and cannot be read now is waited for, not risked', async () => {
    const { place, state, perform, portal, inForce } = await openEditor()
    await perform({ type: 'entry.add', value: office })
    portal.fault('listSessions', 'loseRequest', { times: 3 })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('halted.failed')
    await perform({ type: 'retry' })
    expect(state().assessment).toMatchObject({ currentAddress: here, lockout: 'notCovered' })
    await perform({ type: 'whitelist.enable' })
    expect(state().failure?.code).toBe('client.lockout')
    expect(inForce().enabled).toBe(false)
  })

  test('one that the portal does not tell any more has to be risked', async () => {
    const { place, perform, portal } = await openEditor()
    await perform({ type: 'entry.add', value: here })
    portal.fault('listSessions', { status: 403 })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('making.confirmingRisk')
  })
})

describe('a plain reply, where the portal has sealed one before', () => {
  async function afterEncrypted(setting = createSetting()) {
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entry.add', value: here })
    await editor.perform({ type: 'whitelist.save' })
    await editor.perform({ type: 'entry.add', value: office })
    return editor
  }

  test('to a change that was made: the list shows it', async () => {
    const { place, state, perform, portal, inForce } = await afterEncrypted()
    portal.fault('replaceIpWhitelist', 'unencrypted')
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state().failure).toBeNull()
    expect(inForce().entries).toEqual([here, office])
    expect(portal.processed('replaceIpWhitelist')).toBe(2)
  })

  test.each([
    [
      'claims',
      { status: 200, body: JSON.stringify({ code: '2000', data: { enabled: false, entries: [here, office] } }) },
    ],
    ['refuses', { status: 400 }],
  ] as const)('that %s what nobody did: not believed, read back, and offered again', async (_, fault) => {
    const { place, state, perform, tag, waitOut, portal, inForce } = await afterEncrypted()
    portal.fault('replaceIpWhitelist', fault)
    await perform({ type: 'whitelist.save' })
    expect(tag('coolingDown')).toBe(true)
    expect(state().failure).toMatchObject({ code: 'client.plainReply', effect: 'unknown' })
    await waitOut()
    expect(place()).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ code: 'client.plainReply', effect: 'none' })
    await perform({ type: 'whitelist.save' })
    expect(state().failure).toBeNull()
    expect(inForce().entries).toEqual([here, office])
    expect(portal.processed('replaceIpWhitelist')).toBe(2)
  })

  test('at a portal that seals nothing is taken', async () => {
    const { state, perform, inForce } = await afterEncrypted(createSetting({ portal: { encryptsReplies: false } }))
    await perform({ type: 'whitelist.save' })
    expect(state().failure).toBeNull()
    expect(inForce().entries).toEqual([here, office])
  })
})

describe('an enforced list', () => {
  test('cannot be emptied', async () => {
    const { state, perform, inForce } = await openEditor(enforced())
    await perform({ type: 'entries.replace', values: [] })
    await perform({ type: 'whitelist.save' })
    expect(state().failure?.code).toBe('client.emptyEnforced')
    expect(inForce().entries).toEqual([here])
  })

  test('says the same when it is to be enabled', async () => {
    const { state, perform } = await openEditor(enforced())
    await perform({ type: 'entries.replace', values: [] })
    await perform({ type: 'whitelist.enable' })
    expect(state().failure?.code).toBe('client.emptyEnforced')
  })

  test('cannot lose the entry that covers the current address', async () => {
    const { state, perform, inForce } = await openEditor(enforced())
    await perform({ type: 'entries.replace', values: [office] })
    await perform({ type: 'whitelist.save' })
    expect(state().failure?.code).toBe('client.lockout')
    expect(inForce().entries).toEqual([here])
  })

  test('every change of it has to be confirmed', async () => {
    const { place, state, perform, inForce } = await openEditor(enforced())
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.undo' })
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('needs no enabling while the draft says nothing new', async () => {
    const { place, perform, requestsSince } = await openEditor(enforced())
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(requestsSince()).toEqual([])
  })

  test.each([{ status: 409 }, 'loseRequest'] as const)(
    'a change of it that was not made, by %o, leaves nothing to be confirmed',
    async (fault) => {
      const { place, state, perform, waitOut, portal, inForce } = await openEditor(enforced())
      portal.fault('replaceIpWhitelist', fault)
      await perform({ type: 'entry.add', value: office })
      await perform({ type: 'whitelist.save' })
      await waitOut()
      expect(place()).toBe('drafting.editing')
      expect(state()).toMatchObject({ wish: null, failure: { effect: 'none' } })
      expect(inForce().entries).toEqual([here])
    },
  )

  test('when nobody can tell whether it was changed, that stays unknown, and retry reads instead of sending', async () => {
    const { place, state, perform, portal } = await openEditor(enforced())
    let reads = 0
    portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 1, { status: 500 }, { times: 3 })
    portal.fault('replaceIpWhitelist', 'loseReply')
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure).toMatchObject({ kind: 'server', effect: 'unknown' })
    await perform({ type: 'retry' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test.each([
    ['loseReply', false, null],
    ['loseRequest', true, { effect: 'none' }],
    [{ status: 409 }, true, { kind: 'conflict', effect: 'none' }],
  ] as const)('disabling it with %o: the portal shows that it is enforced: %s', async (fault, enabled, failure) => {
    const { place, state, perform, waitOut, portal, inForce } = await openEditor(enforced())
    portal.fault('disableIpWhitelist', fault)
    await perform({ type: 'whitelist.disable' })
    await waitOut()
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ wish: null, notice: null, whitelist: { enabled } })
    if (failure === null) expect(state().failure).toBeNull()
    else expect(state().failure).toMatchObject(failure)
    expect(inForce()).toEqual({ enabled, entries: [here] })
  })

  test('accepted but not disabled is said to be not done, and nothing is to be confirmed', async () => {
    const { place, state, perform, portal } = await openEditor(enforced())
    portal.fault('disableIpWhitelist', emptySuccess)
    await perform({ type: 'whitelist.disable' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({
      wish: null,
      failure: { code: 'client.notDone' },
      whitelist: { enabled: true },
    })
  })

  test('accepted but not changed is not to be confirmed either', async () => {
    const { place, state, perform, portal } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: true, entries: [here] } }),
    })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ failure: { code: 'client.notDone' } })
    expect(state().draft).toHaveLength(2)
  })

  test('what is being edited is still there once it is disabled', async () => {
    const { state, perform } = await openEditor(enforced())
    await perform({ type: 'entries.replace', values: [] })
    await perform({ type: 'whitelist.save' })
    await perform({ type: 'whitelist.disable' })
    expect(state()).toMatchObject({ whitelist: { enabled: false }, draft: [] })
    await perform({ type: 'whitelist.save' })
    expect(state()).toMatchObject({ whitelist: { entries: [] }, failure: null })
  })

  test('a change that the portal wants to be asked for later was not sent, so nothing unconfirmed is reported', async () => {
    const { place, perform, portal } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', { retryAfter: 30 })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('halted.coolingDown')
    expect((await perform({ type: 'step.skip' })).output).toMatchObject({ unconfirmedChange: null })
  })

  test.each(['require', 'offer'] as const)(
    'whether it is still enforced is not claimed while nobody knows; policy %s',
    async (policy) => {
      const { place, perform, portal } = await openEditor(enforced(), { policy })
      portal.fault('disableIpWhitelist', 'loseReply')
      portal.fault('getIpWhitelist', 'loseRequest', { times: 3 })
      await perform({ type: 'whitelist.disable' })
      expect(place()).toBe('halted.coolingDown')
      const { output, status } = await perform({ type: 'step.finish' })
      if (policy === 'require') expect(status).toBe('active')
      else expect(output).toMatchObject({ aimHolds: false, ipWhitelistEnabled: null })
    },
  )

  test('can be disabled at once', async () => {
    const { place, perform, inForce } = await openEditor(enforced())
    await perform({ type: 'whitelist.disable' })
    expect(place()).toBe('drafting.editing')
    expect(inForce().enabled).toBe(false)
  })
})

test('a list that was changed elsewhere is not overwritten: the user looks and decides again', async () => {
  const { state, perform, portal, inForce, requestsSince } = await openEditor()
  await perform({ type: 'entry.add', value: here })
  portal.update((account) => {
    account.ipWhitelist.entries = [office]
  })
  await perform({ type: 'whitelist.enable' })
  expect(state()).toMatchObject({ notice: 'changedElsewhere', whitelist: { entries: [office] } })
  expect(state().draft.map(({ value }) => value)).toEqual([here])
  expect(inForce()).toEqual({ enabled: false, entries: [office] })
  expect(requestsSince().sort()).toEqual(['getIpWhitelist', 'listSessions'])
  await perform({ type: 'whitelist.enable' })
  expect(inForce()).toEqual({ enabled: true, entries: [here] })
})

test.each([400, 403, 409])('a save refused with %i leaves the former list in force', async (status) => {
  const { place, state, perform, portal, inForce } = await openEditor()
  portal.fault('replaceIpWhitelist', { status })
  await perform({ type: 'entry.add', value: here })
  await perform({ type: 'whitelist.save' })
  expect(place()).toBe('drafting.editing')
  expect(state().failure).toMatchObject({ status, effect: 'none' })
  expect(state().draft).toHaveLength(1)
  expect(inForce()).toEqual({ enabled: false, entries: [] })
})

test('a required step is left with the whitelist on', async () => {
  const { perform } = await openEditor(enforced(), { policy: 'require' })
  expect((await perform({ type: 'step.finish' })).output).toEqual({
    outcome: 'done',
    failure: null,
    aimHolds: true,
    ipWhitelistEnabled: true,
    unconfirmedChange: null,
  })
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60'])('confirmWithinMs: %o is an error at once', (value) => {
  const { machines } = createSetting()
  const snapshot = createActor(machines.ipWhitelist, { input: { confirmWithinMs: value as number } }).getSnapshot()
  expect(snapshot.status).toBe('error')
  expect(snapshot.error).toMatchObject({ failure: { code: 'client.input', field: 'confirmWithinMs' } })
})

test('a step that was handed no address reads it before anything is judged', async () => {
  const { state, requestsSince } = await openEditor(createSetting(), {
    initialData: { whitelist: { enabled: false, entries: [] } },
  })
  expect(state().assessment.currentAddress).toBe(here)
  expect(requestsSince()).toEqual([])
})

test('before anything was read, nothing is in the list', async () => {
  const setting = createSetting()
  setting.portal.fault('getIpWhitelist', { status: 403 })
  const { place, state } = await openEditor(setting)
  expect(place()).toBe('halted.failed')
  expect(state()).toMatchObject({ whitelist: { enabled: false, entries: [] }, draft: [] })
})
