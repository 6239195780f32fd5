import { fromStorage, type Machines, toStorage } from 'postlogin'
import type { AccountOverrides } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AnyActorRef, createActor, waitFor } from 'xstate'
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

const account = { subject: 'maya' }

/** The page is closed, … */
function store(actor: AnyActorRef) {
  const text = toStorage(actor, account)
  actor.stop()
  return text
}

/** … and opened again. */
function restore(machine: Machines['ipWhitelist'], text: string) {
  const restored = createActor(machine, { snapshot: fromStorage(machine, text, account) }).start()
  onTestFinished(() => void restored.stop())
  return restored
}

async function openEditor(setting = createSetting(), input?: object) {
  const actor = await setting.start('ipWhitelist', input)
  setting.requestsSince()
  const tell = (event: Parameters<typeof actor.send>[0]) => setting.tell(actor, event)
  const inForce = () => setting.portal.account.ipWhitelist
  return { ...setting, actor, tell, inForce }
}

describe('the draft', () => {
  test('starts as the list in force and is judged entry by entry, as a whole after every change', async () => {
    const { actor, tell } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    expect(actor.getSnapshot().context.draft).toMatchObject([{ value: office, normalised: office, verdict: 'range' }])
    await tell({ type: 'entry.add', value: '198.51.100.7' })
    await tell({ type: 'entry.add', value: ' not an address ' })
    const { draft, assessment } = actor.getSnapshot().context
    expect(draft.map(({ verdict }) => verdict)).toEqual(['range', 'covered', 'notAnAddress'])
    expect(assessment).toMatchObject({ lockout: 'notCovered', currentAddress: here, validCount: 2 })
    expect(assessment.problems).toHaveLength(2)
  })

  test('lines can be removed, replaced and reset, and no id is used twice', async () => {
    const { actor, tell } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    const rows = () => actor.getSnapshot().context.draft
    const first = rows()[0]?.id ?? ''
    await tell({ type: 'entry.remove', id: first })
    await tell({ type: 'entry.remove', id: 'no-such-row' })
    expect(rows()).toEqual([])
    await tell({ type: 'entries.replace', values: [here, office] })
    expect(rows().map(({ id }) => id)).not.toContain(first)
    await tell({ type: 'draft.reset' })
    expect(rows().map(({ value }) => value)).toEqual([office])
  })

  test.each([
    { type: 'entry.add', value: 7 },
    { type: 'entries.replace', values: 'all' },
    { type: 'entries.replace', values: [null] },
  ])('garbage is ignored: %o', async (event) => {
    const { actor, tell } = await openEditor()
    await tell(event as never)
    expect(actor.getSnapshot().status).toBe('active')
    expect(actor.getSnapshot().context.draft).toEqual([])
  })
})

describe('saving a list that is not enforced', () => {
  test('reads afresh, sends the normalised form, and shows what the portal shows', async () => {
    const { actor, tell, portal, requestsSince } = await openEditor()
    await tell({ type: 'entries.replace', values: [' 198.51.100.9/24 ', '2001:DB8::0001', '2001:db8::1'] })
    await tell({ type: 'whitelist.save' })
    expect(requestsSince().sort()).toEqual(['getIpWhitelist', 'getIpWhitelist', 'listSessions', 'replaceIpWhitelist'])
    expect(portal.requests.find(({ operation }) => operation === 'replaceIpWhitelist')).toMatchObject({
      body: { entries: [office, '2001:db8::1'] },
      encrypted: true,
    })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ whitelist: { enabled: false }, change: null, failure: null })
  })

  test('an entry that is no address is refused, and nothing is sent or lost', async () => {
    const { actor, tell, requestsSince } = await openEditor()
    await tell({ type: 'entries.replace', values: [here, '300.1.1.1'] })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.entriesInvalid', field: 'entries' })
    expect(actor.getSnapshot().context.draft).toHaveLength(2)
    expect(requestsSince()).toEqual([])
  })

  test('the draft then shows the entries in the form that was saved', async () => {
    const { actor, tell } = await openEditor()
    await tell({ type: 'entry.add', value: ' 198.51.100.9/24 ' })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().context.draft).toMatchObject([{ value: office, verdict: 'range' }])
  })

  test('a lost reply is read back: saved is what the portal shows', async () => {
    const { actor, tell, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', 'loseReply')
    await tell({ type: 'entry.add', value: ' 198.51.100.9/24 ' })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ failure: null, notice: null, draft: [{ value: office }] })
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('what was saved and changed elsewhere at once is shown as it is now, and the draft waits beside it', async () => {
    const setting = createSetting()
    const { actor, tell } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: false, entries: [here, office] })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({
      failure: { code: 'client.changedElsewhere' },
      notice: 'changedElsewhere',
      whitelist: { entries: [here, office] },
      draft: [{ value: office }],
    })
  })

  test('what the portal accepts without carrying it out is not taken for saved, and the draft stays', async () => {
    const { actor, tell, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: false, entries: [] } }),
    })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({
      failure: { code: 'client.notDone', effect: 'none' },
      draft: [{ value: office }],
    })
  })

  test('a list that the portal keeps in another form than asked is enabled only if it lets the user in', async () => {
    const { actor, tell, portal } = await openEditor()
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: false, entries: [office] } }),
    })
    await tell({ type: 'entries.replace', values: [office, here] })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(portal.processed('enableIpWhitelist')).toBe(0)
  })

  test('a draft that says nothing new is not sent', async () => {
    const { tell, requestsSince } = await openEditor(settingWith({ ipWhitelist: { entries: [office] } }))
    await tell({ type: 'whitelist.save' })
    expect(requestsSince()).toEqual([])
  })
})

describe('enabling', () => {
  test('needs a valid entry', async () => {
    const { actor, tell, requestsSince } = await openEditor()
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.entriesMissing')
    expect(requestsSince()).toEqual([])
  })

  test('saves a changed draft first, opens the confirmation window, and lasts once it is kept', async () => {
    const { actor, tell, inForce, clock, rest } = await openEditor()
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    const { confirmBy } = actor.getSnapshot().context
    expect((confirmBy ?? 0) - clock.now()).toBeGreaterThan(50_000)
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
    await tell({ type: 'change.keep' })
    expect(actor.getSnapshot().context).toMatchObject({ change: null, confirmBy: null })
    await clock.advance(2 * MINUTE)
    await rest(actor)
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('a list that does not cover the current address is refused', async () => {
    const { actor, tell, inForce } = await openEditor()
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.lockout', effect: 'none' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('the address is taken from a fresh list of sessions', async () => {
    const { actor, tell, portal, inForce } = await openEditor()
    await tell({ type: 'entry.add', value: here })
    portal.update((account) => {
      for (const session of account.sessions) if (session.isCurrent) session.clientIp = '192.0.2.1'
    })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().context).toMatchObject({
      failure: { code: 'client.lockout' },
      assessment: { currentAddress: '192.0.2.1', lockout: 'notCovered' },
    })
    expect(inForce().enabled).toBe(false)
  })

  test('with an unknown address the risk has to be accepted', async () => {
    const { actor, tell, inForce } = await openEditor(nameless())
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('confirmingRisk')
    expect(actor.getSnapshot().context.assessment.lockout).toBe('unknown')
    await tell({ type: 'risk.decline' })
    expect(inForce().enabled).toBe(false)
    await tell({ type: 'whitelist.enable' })
    await tell({ type: 'risk.accept' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(inForce().enabled).toBe(true)
  })

  test('what changed while the question stood is not overwritten', async () => {
    const { actor, tell, portal, inForce } = await openEditor(nameless())
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    portal.update((account) => {
      account.ipWhitelist.entries = [office]
    })
    await tell({ type: 'risk.accept' })
    expect(actor.getSnapshot().context.notice).toBe('changedElsewhere')
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
  })

  test('an address that was told before and cannot be read now is waited for, not risked', async () => {
    const { actor, tell, portal, inForce } = await openEditor()
    await tell({ type: 'entry.add', value: office })
    portal.fault('listSessions', 'loseRequest', { times: 3 })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('failed')
    await tell({ type: 'retry' })
    expect(actor.getSnapshot().context.assessment).toMatchObject({ currentAddress: here, lockout: 'notCovered' })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.lockout')
    expect(inForce().enabled).toBe(false)
  })

  test('one that the portal does not tell any more has to be risked', async () => {
    const { actor, tell, portal } = await openEditor()
    await tell({ type: 'entry.add', value: here })
    portal.fault('listSessions', { status: 403 })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('confirmingRisk')
  })
})

describe('an enforced list', () => {
  test('cannot be emptied', async () => {
    const { actor, tell, inForce } = await openEditor(enforced())
    await tell({ type: 'entries.replace', values: [] })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.emptyEnforced')
    expect(inForce().entries).toEqual([here])
  })

  test('says the same when it is to be enabled', async () => {
    const { actor, tell } = await openEditor(enforced())
    await tell({ type: 'entries.replace', values: [] })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.emptyEnforced')
  })

  test('cannot lose the entry that covers the current address', async () => {
    const { actor, tell, inForce } = await openEditor(enforced())
    await tell({ type: 'entries.replace', values: [office] })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().context.failure?.code).toBe('client.lockout')
    expect(inForce().entries).toEqual([here])
  })

  test('every change of it has to be confirmed', async () => {
    const { actor, tell, inForce } = await openEditor(enforced())
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().context.notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('needs no enabling while the draft says nothing new', async () => {
    const { actor, tell, requestsSince } = await openEditor(enforced())
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(requestsSince()).toEqual([])
  })

  test.each([{ status: 409 }, 'loseRequest'] as const)(
    'a change of it that was not made, by %o, leaves nothing to be confirmed',
    async (fault) => {
      const { actor, tell, portal, inForce } = await openEditor(enforced())
      portal.fault('replaceIpWhitelist', fault)
      await tell({ type: 'entry.add', value: office })
      await tell({ type: 'whitelist.save' })
      expect(actor.getSnapshot().value).toBe('editing')
      expect(actor.getSnapshot().context).toMatchObject({ change: null, failure: { effect: 'none' } })
      expect(inForce().entries).toEqual([here])
    },
  )

  test('when nobody can tell whether it was changed, that stays unknown, and retry reads instead of sending', async () => {
    const { actor, tell, portal } = await openEditor(enforced())
    let reads = 0
    portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 1, { status: 500 }, { times: 3 })
    portal.fault('replaceIpWhitelist', 'loseReply')
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('coolingDown')
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'server', effect: 'unknown' })
    await tell({ type: 'retry' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test.each([
    ['loseReply', false, null],
    ['loseRequest', true, { effect: 'none' }],
    [{ status: 409 }, true, { kind: 'conflict', effect: 'none' }],
  ] as const)('disabling it with %o: the portal shows that it is enforced: %s', async (fault, enabled, failure) => {
    const { actor, tell, portal, inForce } = await openEditor(enforced())
    portal.fault('disableIpWhitelist', fault)
    await tell({ type: 'whitelist.disable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ change: null, notice: null, whitelist: { enabled } })
    if (failure === null) expect(actor.getSnapshot().context.failure).toBeNull()
    else expect(actor.getSnapshot().context.failure).toMatchObject(failure)
    expect(inForce()).toEqual({ enabled, entries: [here] })
  })

  test('accepted but not disabled is said to be not done, and nothing is to be confirmed', async () => {
    const { actor, tell, portal } = await openEditor(enforced())
    portal.fault('disableIpWhitelist', emptySuccess)
    await tell({ type: 'whitelist.disable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({
      change: null,
      failure: { code: 'client.notDone' },
      whitelist: { enabled: true },
    })
  })

  test('accepted but not changed is not to be confirmed either', async () => {
    const { actor, tell, portal } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', {
      status: 200,
      body: JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: true, entries: [here] } }),
    })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ failure: { code: 'client.notDone' } })
    expect(actor.getSnapshot().context.draft).toHaveLength(2)
  })

  test('what is being edited is still there once it is disabled', async () => {
    const { actor, tell } = await openEditor(enforced())
    await tell({ type: 'entries.replace', values: [] })
    await tell({ type: 'whitelist.save' })
    await tell({ type: 'whitelist.disable' })
    expect(actor.getSnapshot().context).toMatchObject({ whitelist: { enabled: false }, draft: [] })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().context).toMatchObject({ whitelist: { entries: [] }, failure: null })
  })

  test('a change that the portal wants to be asked for later was not sent, so nothing unconfirmed is reported', async () => {
    const { actor, tell, portal } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', { retryAfter: 30 })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('coolingDown')
    expect((await tell({ type: 'step.skip' })).output).toMatchObject({ unconfirmedChange: null })
  })

  test.each(['require', 'offer'] as const)(
    'whether it is still enforced is not claimed while nobody knows; policy %s',
    async (policy) => {
      const { actor, tell, portal } = await openEditor(enforced(), { policy })
      portal.fault('disableIpWhitelist', 'loseReply')
      portal.fault('getIpWhitelist', 'loseRequest', { times: 3 })
      await tell({ type: 'whitelist.disable' })
      expect(actor.getSnapshot().value).toBe('coolingDown')
      const { output, status } = await tell({ type: 'step.finish' })
      if (policy === 'require') expect(status).toBe('active')
      else expect(output).toMatchObject({ aimHolds: false, ipWhitelistEnabled: null })
    },
  )

  test('can be disabled at once', async () => {
    const { actor, tell, inForce } = await openEditor(enforced())
    await tell({ type: 'whitelist.disable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(inForce().enabled).toBe(false)
  })
})

describe('the confirmation window', () => {
  async function enable(setting = createSetting(), input?: object) {
    const editor = await openEditor(setting, input)
    await editor.tell({ type: 'entry.add', value: here })
    await editor.tell({ type: 'whitelist.enable' })
    expect(editor.actor.getSnapshot().value).toBe('awaitingConfirmation')
    editor.requestsSince()
    return editor
  }

  test('a change that nobody keeps is undone: list and switch as before', async () => {
    const { actor, inForce, clock, rest, requestsSince } = await enable(
      settingWith({ ipWhitelist: { entries: [office] } }),
    )
    await clock.advance(MINUTE)
    await rest(actor)
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ notice: 'changeUndone', change: null, confirmBy: null })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
    expect(requestsSince()).toEqual(['getIpWhitelist', 'disableIpWhitelist', 'replaceIpWhitelist', 'getIpWhitelist'])
  })

  test('its length can be set', async () => {
    const { actor, clock, rest } = await enable(createSetting(), { confirmWithinMs: 5_000 })
    await clock.advance(5_000)
    await rest(actor)
    expect(actor.getSnapshot().context.notice).toBe('changeUndone')
  })

  test.each(['step.finish', 'step.skip'] as const)('%s inside it undoes the change, then leaves', async (type) => {
    const { tell, inForce } = await enable()
    const { output } = await tell({ type })
    expect(output).toMatchObject({ ipWhitelistEnabled: false, unconfirmedChange: null })
    expect(inForce().enabled).toBe(false)
  })

  test('a required step is not left in it: the change is kept first', async () => {
    const { actor, tell } = await enable(createSetting(), { policy: 'require' })
    expect((await tell({ type: 'step.finish' })).context.failure?.code).toBe('client.unconfirmed')
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    await tell({ type: 'change.keep' })
    expect((await tell({ type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('what someone else wrote meanwhile is told, and the undo takes back the switch alone', async () => {
    const setting = createSetting()
    const { actor, tell, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: true, entries: [here, office] })
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(actor.getSnapshot().context).toMatchObject({
      change: { after: { enabled: true, entries: [here, office] } },
      draft: [{ value: here }, { value: office }],
      failure: null,
      notice: 'changedElsewhere',
    })
    await tell({ type: 'change.undo' })
    expect(inForce()).toEqual({ enabled: false, entries: [here, office] })
  })

  test('a list that was enforced before, and is someone else’s now, is not the user’s to confirm', async () => {
    const setting = enforced()
    const { actor, tell, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: true, entries: [here, '192.0.2.4'] })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({ change: null, notice: 'changedElsewhere' })
    expect(inForce().entries).toEqual([here, '192.0.2.4'])
  })

  test('an undo that the portal accepts without carrying it out is not taken for done', async () => {
    const { actor, tell, portal, inForce } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    await tell({ type: 'whitelist.enable' })
    portal.fault('disableIpWhitelist', emptySuccess)
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().value).toBe('coolingDown')
    expect(actor.getSnapshot().context.failure).toMatchObject({
      kind: 'protocol',
      code: 'client.notDone',
      effect: 'none',
      retryable: true,
    })
    await tell({ type: 'retry' })
    expect(actor.getSnapshot().context.notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
  })

  test('an undo that does not get through says why, and can be tried again', async () => {
    const { actor, tell, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', 'loseRequest')
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().value).toBe('coolingDown')
    expect(actor.getSnapshot().context.failure).toMatchObject({ kind: 'network', effect: 'none' })
    await tell({ type: 'retry' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('what another tab changed meanwhile is not overwritten, and the user is asked', async () => {
    const { actor, tell, portal, inForce, requestsSince } = await enable()
    portal.update((account) => {
      account.ipWhitelist.entries = [here, office]
    })
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(actor.getSnapshot().context).toMatchObject({
      notice: 'changedElsewhere',
      failure: { code: 'client.changedElsewhere' },
      whitelist: { enabled: true, entries: [here, office] },
    })
    expect(inForce().entries).toEqual([here, office])
    expect(requestsSince()).toEqual(['getIpWhitelist'])
  })

  test('what another tab has undone already is not undone twice', async () => {
    const { actor, tell, portal, requestsSince } = await enable()
    portal.update((account) => {
      account.ipWhitelist = { enabled: false, entries: [] }
    })
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().context.notice).toBe('changeUndone')
    expect(requestsSince()).toEqual(['getIpWhitelist'])
  })

  test('when the read before the undo is refused, the undo is tried all the same', async () => {
    const { actor, tell, portal, inForce } = await enable()
    portal.fault('getIpWhitelist', { status: 403 })
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().context.notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('an undo that is refused rests in failed with client.lockedOut, and can be tried again', async () => {
    const { actor, tell, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', { status: 403 })
    await tell({ type: 'change.undo' })
    expect(actor.getSnapshot().hasTag('failed')).toBe(true)
    expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.lockedOut', status: 403 })
    await tell({ type: 'retry' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('leaving after a refused undo reports the change that may be in force', async () => {
    const { tell, portal } = await enable()
    portal.fault('disableIpWhitelist', { status: 403 })
    await tell({ type: 'change.undo' })
    expect((await tell({ type: 'step.skip' })).output).toMatchObject({
      outcome: 'skipped',
      unconfirmedChange: { before: { enabled: false }, after: { enabled: true, entries: [here] } },
    })
  })

  test('so does a sign-out in the middle', async () => {
    const { tell, portal } = await enable()
    portal.fault(() => true, { status: 401 }, { times: 99 })
    expect((await tell({ type: 'change.undo' })).output).toMatchObject({
      outcome: 'signedOut',
      unconfirmedChange: { after: { enabled: true, entries: [here] }, confirmBy: expect.any(Number) },
    })
  })

  test.each(['getIpWhitelist', 'disableIpWhitelist', 'replaceIpWhitelist'] as const)(
    'a lost reply of %s in the undo is read back',
    async (operation) => {
      const { actor, tell, portal, inForce } = await enable()
      portal.fault(operation, 'loseReply')
      await tell({ type: 'change.undo' })
      while (actor.getSnapshot().hasTag('coolingDown')) await tell({ type: 'retry' })
      expect(actor.getSnapshot().context.notice).toBe('changeUndone')
      expect(inForce()).toEqual({ enabled: false, entries: [] })
    },
  )

  describe('a user who is gone', () => {
    test('offline when the time is up: the change is undone once the portal can be reached', async () => {
      const { actor, clock, rest, portal, inForce } = await enable()
      const offline = portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
      await clock.advance(MINUTE)
      await rest(actor)
      expect(actor.getSnapshot().value).toBe('coolingDown')
      expect(actor.getSnapshot().context.failure?.retryAt).toBe(clock.now() + 5_000)
      expect(actor.getSnapshot().context.notice).toBe('undoPending')
      await clock.advance(5_000)
      await rest(actor)
      expect(actor.getSnapshot().context.failure?.retryAt).toBe(clock.now() + 15_000)
      offline()
      await clock.advance(15_000)
      await rest(actor)
      expect(actor.getSnapshot().context.notice).toBe('changeUndone')
      expect(inForce()).toEqual({ enabled: false, entries: [] })
    })

    test('it is not tried for ever, and the change is reported', async () => {
      const { actor, clock, rest, tell, portal, inForce } = await enable()
      const offline = portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
      for (let minutes = 0; minutes < 60; minutes++) {
        await clock.advance(MINUTE)
        await rest(actor)
      }
      expect(actor.getSnapshot().value).toBe('failed')
      expect(inForce().enabled).toBe(true)
      offline()
      await tell({ type: 'retry' })
      expect(actor.getSnapshot().context.notice).toBe('changeUndone')
    })

    test('the page is loaded anew in the middle of the undo', async () => {
      const { actor, clock, machines, rest, inForce } = await enable()
      actor.send({ type: 'change.undo' })
      await waitFor(actor, (snapshot) => snapshot.matches({ undoing: 'disabling' }))
      const restored = restore(machines.ipWhitelist, store(actor))
      await rest(restored)
      await clock.advance(5_000)
      await rest(restored)
      expect(restored.getSnapshot().context.notice).toBe('changeUndone')
      expect(inForce().enabled).toBe(false)
    })

    test('enabled, and not to be read back: the window opens once it can be', async () => {
      const { actor, tell, portal, clock, rest } = await openEditor()
      let reads = 0
      portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 1, 'loseRequest', { times: 3 })
      await tell({ type: 'entry.add', value: here })
      await tell({ type: 'whitelist.enable' })
      expect(actor.getSnapshot().value).toBe('coolingDown')
      await clock.advance(5_000)
      await rest(actor)
      expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    })
  })

  test('a reload keeps the deadline: past it, the change is undone at once', async () => {
    const { actor, clock, machines, rest, inForce } = await enable()
    const text = store(actor)
    await clock.advance(2 * MINUTE)
    const restored = restore(machines.ipWhitelist, text)
    await rest(restored)
    await clock.advance(0)
    await rest(restored)
    expect(restored.getSnapshot().context.notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })
})

describe('a change whose outcome is not known', () => {
  test.each([
    ['enableIpWhitelist', 'loseReply'],
    ['enableIpWhitelist', 'malformed'],
  ] as const)('%s, %s: it is in force, so it has to be confirmed', async (operation, fault) => {
    const { actor, tell, portal } = await openEditor()
    portal.fault(operation, fault)
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(portal.processed(operation)).toBe(1)
  })

  test.each(['loseRequest', { status: 500 }] as const)(
    'enabling with %o: it is not in force, and offered again',
    async (fault) => {
      const { actor, tell, portal, inForce } = await openEditor()
      portal.fault('enableIpWhitelist', fault)
      await tell({ type: 'entry.add', value: here })
      await tell({ type: 'whitelist.enable' })
      expect(actor.getSnapshot().value).toBe('editing')
      expect(actor.getSnapshot().context.failure).toMatchObject({ code: 'client.savedNotEnabled' })
      await tell({ type: 'whitelist.enable' })
      expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
      expect(inForce().enabled).toBe(true)
    },
  )

  test('the save before the enabling is lost: nothing is enabled unseen', async () => {
    const { actor, tell, portal, inForce } = await openEditor()
    portal.fault('replaceIpWhitelist', 'loseReply')
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('editing')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('enabled, but not to be read back: retry reads, and the window opens then', async () => {
    const { actor, tell, portal } = await openEditor()
    let reads = 0
    portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 1, { status: 500 }, { times: 3 })
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(actor.getSnapshot().value).toBe('coolingDown')
    expect(actor.getSnapshot().context.failure?.effect).toBe('done')
    await tell({ type: 'retry' })
    expect(actor.getSnapshot().value).toBe('awaitingConfirmation')
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })
})

test('a list that was changed elsewhere is not overwritten: the user looks and decides again', async () => {
  const { actor, tell, portal, inForce, requestsSince } = await openEditor()
  await tell({ type: 'entry.add', value: here })
  portal.update((account) => {
    account.ipWhitelist.entries = [office]
  })
  await tell({ type: 'whitelist.enable' })
  expect(actor.getSnapshot().context).toMatchObject({ notice: 'changedElsewhere', whitelist: { entries: [office] } })
  expect(actor.getSnapshot().context.draft.map(({ value }) => value)).toEqual([here])
  expect(inForce()).toEqual({ enabled: false, entries: [office] })
  expect(requestsSince().sort()).toEqual(['getIpWhitelist', 'listSessions'])
  await tell({ type: 'whitelist.enable' })
  expect(inForce()).toEqual({ enabled: true, entries: [here] })
})

test.each([400, 403, 409])('a save refused with %i leaves the former list in force', async (status) => {
  const { actor, tell, portal, inForce } = await openEditor()
  portal.fault('replaceIpWhitelist', { status })
  await tell({ type: 'entry.add', value: here })
  await tell({ type: 'whitelist.save' })
  expect(actor.getSnapshot().value).toBe('editing')
  expect(actor.getSnapshot().context.failure).toMatchObject({ status, effect: 'none' })
  expect(actor.getSnapshot().context.draft).toHaveLength(1)
  expect(inForce()).toEqual({ enabled: false, entries: [] })
})

test('a required step is left with the whitelist on', async () => {
  const { tell } = await openEditor(enforced(), { policy: 'require' })
  expect((await tell({ type: 'step.finish' })).output).toEqual({
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
  const { actor, requestsSince } = await openEditor(createSetting(), {
    loaded: { whitelist: { enabled: false, entries: [] } },
  })
  expect(actor.getSnapshot().context.assessment.currentAddress).toBe(here)
  expect(requestsSince()).toEqual([])
})

test('before anything was read, nothing is in the list', async () => {
  const setting = createSetting()
  setting.portal.fault('getIpWhitelist', { status: 403 })
  const { actor } = await openEditor(setting)
  expect(actor.getSnapshot().value).toBe('failed')
  expect(actor.getSnapshot().context).toMatchObject({ whitelist: { enabled: false, entries: [] }, draft: [] })
})
