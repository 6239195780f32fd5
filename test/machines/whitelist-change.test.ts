import type { AccountOverrides, FakePortal, PortalOperation } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { openEditor } from '../support/editor.ts'
import { createSetting, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const MINUTE = 60_000

const settingWith = (account: AccountOverrides = {}) => createSetting({ portal: { account } })
const enforced = () => settingWith({ ipWhitelist: { enabled: true, entries: [here] } })
/** A portal that does not say where this session comes from. */
const nameless = (account: AccountOverrides = {}) => {
  const setting = settingWith(account)
  setting.portal.fault('listSessions', { status: 403 }, { times: Number.POSITIVE_INFINITY })
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

/** From this operation on, the next reads of the list are refused. */
function refuseReadsAfter(portal: FakePortal, write: PortalOperation, times = 1) {
  const isSent = () => portal.requests.some(({ operation }) => operation === write)
  portal.fault(({ operation }) => operation === 'getIpWhitelist' && isSent(), { status: 403 }, { times })
}

async function enable(setting = createSetting(), input?: object) {
  const editor = await openEditor(setting, input)
  await editor.perform({ type: 'entry.add', value: here })
  await editor.perform({ type: 'whitelist.enable' })
  expect(editor.place()).toBe('confirming.deciding.awaiting')
  editor.requestsSince()
  return editor
}

/** Changes an enforced list from `[here]` to what is asked for, and gets into the window. */
async function extend(setting: Setting, values: readonly string[], input?: object) {
  const editor = await openEditor(setting, input)
  await editor.perform({ type: 'entries.replace', values })
  await editor.perform({ type: 'whitelist.save' })
  expect(editor.place()).toBe('confirming.deciding.awaiting')
  editor.requestsSince()
  return editor
}

describe('the confirmation window', () => {
  test('a change that nobody keeps is undone: list and switch as before', async () => {
    const { place, state, inForce, clock, rest, requestsSince } = await enable(
      settingWith({ ipWhitelist: { entries: [office] } }),
    )
    await clock.advance(MINUTE)
    await rest()
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ notice: 'changeUndone', wish: null, unconfirmedChange: null })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
    expect(requestsSince()).toEqual(['getIpWhitelist', 'disableIpWhitelist', 'replaceIpWhitelist', 'getIpWhitelist'])
  })

  test('its length can be set', async () => {
    const { state, clock, rest } = await enable(createSetting(), { confirmWithinMs: 5_000 })
    await clock.advance(5_000)
    await rest()
    expect(state().notice).toBe('changeUndone')
  })

  test.each(['step.finish', 'step.skip'] as const)('%s inside it undoes the change, then leaves', async (type) => {
    const { perform, inForce } = await enable()
    const { output } = await perform({ type })
    expect(output).toMatchObject({ ipWhitelistEnabled: false, unconfirmedChange: null })
    expect(inForce().enabled).toBe(false)
  })

  test('a required step is not left in it: the change is kept first', async () => {
    const { place, state, perform } = await enable(createSetting(), { policy: 'require' })
    expect((await perform({ type: 'step.finish' })).status).toBe('active')
    expect(state().failure?.code).toBe('client.unconfirmed')
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.keep' })
    expect((await perform({ type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('what someone else wrote meanwhile is told, and the undo takes back the switch and our own entry', async () => {
    const setting = createSetting()
    const { place, state, perform, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 3, { enabled: true, entries: [here, office] })
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state()).toMatchObject({
      change: { readBack: { enabled: true, entries: [here, office] } },
      draft: [{ value: here }, { value: office }],
      failure: null,
      notice: 'changedElsewhere',
    })
    await perform({ type: 'change.undo' })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
    expect(state().notice).toBe('ownPartUndone')
  })

  test('an enforced list in which ours may have been lost, by the portal or by someone else, is to be confirmed', async () => {
    const setting = enforced()
    const { place, state, perform, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: true, entries: [here, '192.0.2.4'] })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().notice).toBe('changedElsewhere')
    await perform({ type: 'change.keep' })
    expect(inForce().entries).toEqual([here, '192.0.2.4'])
    expect(state().unconfirmedChange).toBeNull()
  })

  test('an undo that the portal accepts without carrying it out is not taken for done', async () => {
    const { place, state, perform, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    await perform({ type: 'whitelist.enable' })
    portal.fault('disableIpWhitelist', emptySuccess)
    await perform({ type: 'change.undo' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure).toMatchObject({
      kind: 'protocol',
      code: 'client.notDone',
      effect: 'none',
      retryable: true,
    })
    await perform({ type: 'retry' })
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
  })

  test('an undo that does not get through says why, and is tried again', async () => {
    const { place, state, waitOut, perform, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', 'loseRequest')
    await perform({ type: 'change.undo' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure).toMatchObject({ kind: 'network', effect: 'unknown' })
    await waitOut()
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('what another tab added meanwhile stays, while our entry and the switch are taken back', async () => {
    const { place, state, perform, portal, inForce } = await enable()
    portal.update((account) => {
      account.ipWhitelist.entries = [here, office]
    })
    await perform({ type: 'change.undo' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ notice: 'ownPartUndone', failure: null })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
  })

  test('what another tab has undone already is not undone twice', async () => {
    const { state, perform, portal, requestsSince } = await enable()
    portal.update((account) => {
      account.ipWhitelist = { enabled: false, entries: [] }
    })
    await perform({ type: 'change.undo' })
    expect(state().notice).toBe('changeUndone')
    expect(requestsSince()).toEqual(['getIpWhitelist'])
  })

  test('when the read before the undo is refused, the undo is tried all the same', async () => {
    const { state, perform, portal, inForce } = await enable()
    portal.fault('getIpWhitelist', { status: 403 })
    await perform({ type: 'change.undo' })
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('an undo that is refused rests in failed with client.lockedOut, and can be tried again', async () => {
    const { tag, state, perform, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', { status: 403 })
    await perform({ type: 'change.undo' })
    expect(tag('failed')).toBe(true)
    expect(state().failure).toMatchObject({ code: 'client.lockedOut', status: 403 })
    await perform({ type: 'retry' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test.each(['disableIpWhitelist', 'replaceIpWhitelist'] as const)(
    'an undo of which the second %s of two is refused as done already is done',
    async (operation) => {
      const { state, perform, portal, inForce } = await enable(settingWith({ ipWhitelist: { entries: [office] } }))
      portal.fault(operation, { status: 409, code: 'SECURITY.ALREADY_DONE', process: true })
      await perform({ type: 'change.undo' })
      expect(state()).toMatchObject({ notice: 'changeUndone', failure: null, unconfirmedChange: null })
      expect(inForce()).toEqual({ enabled: false, entries: [office] })
    },
  )

  test('an undo that is refused as done already, and is not, rests in failed with client.lockedOut', async () => {
    const { tag, state, perform, portal, inForce, requestsSince } = await enable()
    portal.fault('disableIpWhitelist', { status: 409, code: 'SECURITY.ALREADY_DONE' })
    await perform({ type: 'change.undo' })
    expect(tag('failed')).toBe(true)
    expect(state().failure).toMatchObject({ code: 'client.lockedOut', status: 409, effect: 'none' })
    expect(requestsSince()).toEqual(['getIpWhitelist', 'disableIpWhitelist', 'getIpWhitelist'])
    await perform({ type: 'retry' })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('an enabling of which the second of two is refused as done already is in force, to be kept', async () => {
    const { place, state, perform, portal, inForce } = await openEditor()
    portal.fault('enableIpWhitelist', { status: 409, code: 'SECURITY.ALREADY_DONE', process: true })
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().failure).toBeNull()
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('a list of which the second of two is refused as done already is saved, and that is said', async () => {
    const { state, perform, portal, inForce } = await openEditor()
    portal.fault('replaceIpWhitelist', { status: 409, code: 'SECURITY.ALREADY_DONE', process: true })
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(state().failure?.code).toBe('client.savedNotEnabled')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
  })

  test('leaving after a refused undo reports the change that may be in force', async () => {
    const { perform, portal } = await enable()
    portal.fault('disableIpWhitelist', { status: 403 })
    await perform({ type: 'change.undo' })
    expect((await perform({ type: 'step.skip' })).output).toMatchObject({
      outcome: 'skipped',
      unconfirmedChange: { before: { enabled: false }, after: { enabled: true, entries: [here] } },
    })
  })

  test('so does a sign-out in the middle', async () => {
    const { perform, portal } = await enable()
    portal.fault(() => true, { status: 401 }, { times: 99 })
    expect((await perform({ type: 'change.undo' })).output).toMatchObject({
      outcome: 'signedOut',
      unconfirmedChange: { after: { enabled: true, entries: [here] }, confirmBy: expect.any(Number) },
    })
  })

  test.each(['getIpWhitelist', 'disableIpWhitelist', 'replaceIpWhitelist'] as const)(
    'a lost reply of %s in the undo is read back',
    async (operation) => {
      const { waitOut, state, perform, portal, inForce } = await enable()
      portal.fault(operation, 'loseReply')
      await perform({ type: 'change.undo' })
      await waitOut()
      expect(state().notice).toBe('changeUndone')
      expect(inForce()).toEqual({ enabled: false, entries: [] })
    },
  )

  describe('a user who is gone', () => {
    test('offline when the time is up: the change is undone once the portal can be reached', async () => {
      const { place, state, clock, rest, portal, inForce } = await enable()
      const offline = portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
      await clock.advance(MINUTE)
      await rest()
      expect(place()).toBe('halted.coolingDown')
      expect(state().failure?.retryAt).toBe(clock.now() + 5_000)
      expect(state().notice).toBe('undoPending')
      await clock.advance(5_000)
      await rest()
      expect(state().failure?.retryAt).toBe(clock.now() + 15_000)
      offline()
      await clock.advance(15_000)
      await rest()
      expect(state().notice).toBe('changeUndone')
      expect(inForce()).toEqual({ enabled: false, entries: [] })
    })

    test('it is not tried for ever, and the change is reported', async () => {
      const { place, state, clock, rest, perform, portal, inForce } = await enable()
      const offline = portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
      for (let minutes = 0; minutes < 60; minutes++) {
        await clock.advance(MINUTE)
        await rest()
      }
      expect(place()).toBe('halted.failed')
      expect(inForce().enabled).toBe(true)
      offline()
      await perform({ type: 'retry' })
      expect(state().notice).toBe('changeUndone')
    })

    test('the page is loaded anew in the middle of the undo', async () => {
      const { state, send, reaches, close, reopen, waitOut, inForce } = await enable()
      send({ type: 'change.undo' })
      await reaches('undoing.disabling.sending')
      await reopen(close())
      await waitOut()
      expect(state().notice).toBe('changeUndone')
      expect(inForce().enabled).toBe(false)
    })

    test('enabled, and not to be read back: the window opens once it can be', async () => {
      const { place, perform, portal, clock, rest } = await openEditor()
      let reads = 0
      portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 2, 'loseRequest', { times: 3 })
      await perform({ type: 'entry.add', value: here })
      await perform({ type: 'whitelist.enable' })
      expect(place()).toBe('halted.coolingDown')
      await clock.advance(5_000)
      await rest()
      expect(place()).toBe('confirming.deciding.awaiting')
    })
  })

  test('a reload keeps the deadline: past it, the change is undone at once', async () => {
    const { state, close, reopen, pass, clock, inForce } = await enable()
    const text = close()
    await clock.advance(2 * MINUTE)
    await reopen(text)
    await pass(0)
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })
})

describe('a change whose outcome is not known', () => {
  test.each([
    ['enableIpWhitelist', 'loseReply'],
    ['enableIpWhitelist', 'malformed'],
  ] as const)('%s, %s: it is in force, so it has to be confirmed', async (operation, fault) => {
    const { place, perform, portal } = await openEditor()
    portal.fault(operation, fault)
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed(operation)).toBe(1)
  })

  test.each(['loseRequest', { status: 500 }] as const)(
    'enabling with %o: it is not in force, and offered again',
    async (fault) => {
      const { place, state, perform, waitOut, portal, inForce } = await openEditor()
      portal.fault('enableIpWhitelist', fault)
      await perform({ type: 'entry.add', value: here })
      await perform({ type: 'whitelist.enable' })
      await waitOut()
      expect(place()).toBe('drafting.editing')
      expect(state().failure).toMatchObject({ code: 'client.savedNotEnabled' })
      await perform({ type: 'whitelist.enable' })
      expect(place()).toBe('confirming.deciding.awaiting')
      expect(inForce().enabled).toBe(true)
    },
  )

  test('the save before the enabling is lost: nothing is enabled unseen', async () => {
    const { place, perform, portal, inForce } = await openEditor()
    portal.fault('replaceIpWhitelist', 'loseReply')
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('enabled, but not to be read back: retry reads, and the window opens then', async () => {
    const { place, state, perform, portal } = await openEditor()
    let reads = 0
    portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 2, { status: 500 }, { times: 3 })
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure?.effect).toBe('done')
    await perform({ type: 'retry' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })
})

describe('a write that lands late', () => {
  const late = { landsAfterMs: 700, answer: 504 } as const

  test('an enabling is waited for, and is in the window once it has landed', async () => {
    const { place, state, perform, waitOut, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    portal.fault('enableIpWhitelist', late)
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('halted.coolingDown')
    expect(state()).toMatchObject({
      failure: { kind: 'server', status: 504, effect: 'unknown' },
      unconfirmedChange: { after: { enabled: true, entries: [here] } },
    })
    await waitOut()
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })

  test('so where our own timeout is what ends the request', async () => {
    const { place, perform, waitOut, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    portal.fault('enableIpWhitelist', { landsAfterMs: 17_000, answer: 'never' })
    await perform({ type: 'whitelist.enable' })
    await waitOut()
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(inForce().enabled).toBe(true)
  })

  test('a look at it in between finds it once it has landed, and not before', async () => {
    const { place, state, perform, portal, clock } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    portal.fault('enableIpWhitelist', { landsAfterMs: 5_000, answer: 504 })
    await perform({ type: 'whitelist.enable' })
    await perform({ type: 'retry' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure?.effect).toBe('unknown')
    await clock.advance(5_000)
    await perform({ type: 'retry' })
    expect(place()).toBe('confirming.deciding.awaiting')
  })

  test('one that never lands is not done only after the settling time', async () => {
    const { place, state, perform, pass, portal } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    portal.fault('enableIpWhitelist', { status: 504 })
    await perform({ type: 'whitelist.enable' })
    await pass(12_000)
    expect(place()).toBe('halted.coolingDown')
    await pass(3_000)
    expect(place()).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ status: 504, effect: 'none' })
  })

  test('who leaves before that is told of the change', async () => {
    const { perform, portal } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    portal.fault('enableIpWhitelist', late)
    await perform({ type: 'whitelist.enable' })
    expect((await perform({ type: 'step.finish' })).output).toMatchObject({
      outcome: 'done',
      aimHolds: false,
      ipWhitelistEnabled: null,
      unconfirmedChange: { before: { enabled: false }, after: { enabled: true, entries: [here] }, confirmBy: null },
    })
  })

  test('a save of an enforced list is waited for, so that it cannot overwrite a newer one that was kept', async () => {
    const { place, perform, waitOut, portal, inForce } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', { landsAfterMs: 8_000, answer: 502 })
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    await perform({ type: 'entries.replace', values: [here, '192.0.2.9'] })
    await perform({ type: 'whitelist.save' })
    expect(portal.processed('replaceIpWhitelist')).toBe(0)
    await waitOut()
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.keep' })
    expect(inForce()).toEqual({ enabled: true, entries: [here, office] })
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('a page that is lost in the write, and restored at once, sends it no second time', async () => {
    const { place, send, reaches, close, reopen, perform, waitOut, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    portal.fault('enableIpWhitelist', { landsAfterMs: 700, answer: 'never' })
    send({ type: 'whitelist.enable' })
    await reaches('making.enabling.sending')
    while (portal.requests.at(-1)?.operation !== 'enableIpWhitelist') await turn()
    await reopen(close())
    expect(place()).toBe('halted.coolingDown')
    await perform({ type: 'whitelist.enable' })
    await waitOut()
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(inForce().enabled).toBe(true)
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })

  test('an undo that lands late is waited for before it is made again', async () => {
    const { state, perform, waitOut, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', late)
    await perform({ type: 'change.undo' })
    expect(state()).toMatchObject({ notice: 'undoPending', unconfirmedChange: { before: { enabled: false } } })
    await waitOut()
    expect(state()).toMatchObject({ notice: 'changeUndone', unconfirmedChange: null })
    expect(inForce()).toEqual({ enabled: false, entries: [] })
    expect(portal.processed('disableIpWhitelist')).toBe(1)
  })
})

describe('keeping a change', () => {
  test('that does not cover the user is refused, even in one click: undo and edit are offered', async () => {
    const setting = enforced()
    setting.portal.configure({
      storesEntries: (entries) => entries.filter((entry) => entry !== here),
      echoesEntries: 'sent',
    })
    const { place, state, perform, inForce } = await extend(setting, [here, office])
    expect(inForce()).toEqual({ enabled: true, entries: [office] })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().failure).toMatchObject({ code: 'client.keepLocksOut', effect: 'none', field: 'entries' })
    setting.portal.configure({ storesEntries: null })
    await perform({ type: 'entries.replace', values: [here, office, '192.0.2.9'] })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.keep' })
    expect(state()).toMatchObject({ unconfirmedChange: null, failure: null })
    expect(inForce()).toEqual({ enabled: true, entries: [here, office, '192.0.2.9'] })
  })

  test('that emptied the list is refused', async () => {
    const setting = enforced()
    setting.portal.configure({ storesEntries: () => [], echoesEntries: 'sent' })
    const { state, perform, pass, inForce } = await extend(setting, [here, office])
    await perform({ type: 'change.keep' })
    expect(state().failure?.code).toBe('client.keepLocksOut')
    setting.portal.configure({ storesEntries: null })
    await pass(MINUTE)
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })

  test('an empty list is refused although the address is not known: it lets nobody in', async () => {
    const setting = nameless({ ipWhitelist: { enabled: true, entries: [here] } })
    setting.portal.configure({ storesEntries: () => [], echoesEntries: 'sent' })
    const editor = await openEditor(setting)
    await editor.perform({ type: 'entry.add', value: office })
    await editor.perform({ type: 'whitelist.save' })
    await editor.perform({ type: 'risk.accept' })
    await editor.perform({ type: 'change.keep' })
    expect(editor.state().failure?.code).toBe('client.keepLocksOut')
  })

  test('is judged by the list that is in force then', async () => {
    const setting = enforced()
    const { place, state, perform, portal } = await extend(setting, [here, office])
    portal.update((account) => {
      account.ipWhitelist.entries = [office]
    })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state()).toMatchObject({ failure: { code: 'client.keepLocksOut' }, whitelist: { entries: [office] } })
  })

  test('is judged by the address that the user has then', async () => {
    const { state, perform, portal } = await extend(enforced(), [here, office])
    portal.moveTo('192.0.2.77')
    await perform({ type: 'change.keep' })
    expect(state().failure?.code).toBe('client.keepLocksOut')
    portal.moveTo('198.51.100.4')
    await perform({ type: 'change.keep' })
    expect(state()).toMatchObject({ failure: null, unconfirmedChange: null })
  })

  test('is no question any more once someone else has switched the list off', async () => {
    const { place, state, perform, portal, pass, inForce } = await extend(enforced(), [here, office])
    portal.update((account) => {
      account.ipWhitelist.enabled = false
    })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({
      notice: 'changedElsewhere',
      whitelist: { enabled: false },
      unconfirmedChange: null,
    })
    await pass(2 * MINUTE)
    expect(inForce()).toEqual({ enabled: false, entries: [here, office] })
  })

  test('from an unknown address goes through the risk question, unless the risk was taken for just that list', async () => {
    const { place, state, perform, portal } = await extend(enforced(), [here, office])
    portal.fault('listSessions', { status: 403 }, { times: Number.POSITIVE_INFINITY })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.confirmingRisk')
    await perform({ type: 'risk.decline' })
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.keep' })
    await perform({ type: 'risk.accept' })
    expect(place()).toBe('drafting.editing')
    expect(state().unconfirmedChange).toBeNull()
  })

  test('asks for no risk twice', async () => {
    const { place, perform } = await openEditor(nameless())
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    await perform({ type: 'risk.accept' })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('drafting.editing')
  })

  test('asks again where the list is not the one that the risk was taken for', async () => {
    const setting = nameless()
    const { place, perform, portal } = await openEditor(setting)
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    await perform({ type: 'risk.accept' })
    portal.update((account) => {
      account.ipWhitelist.entries = [office]
    })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.confirmingRisk')
  })

  test('waits for a read that does not get through, and the window runs on', async () => {
    const { place, state, perform, portal, pass, inForce } = await extend(enforced(), [here, office])
    portal.fault('getIpWhitelist', 'loseRequest', { times: 3 })
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().failure?.kind).toBe('network')
    await pass(MINUTE)
    expect(inForce().entries).toEqual([here])
  })
})

describe('what is in force is never left unreported', () => {
  test('the portal shows all entries in its reply, and has kept fewer', async () => {
    const setting = enforced()
    setting.portal.configure({ storesEntries: (entries) => entries.slice(1), echoesEntries: 'sent' })
    const { state, perform } = await extend(setting, [here, office])
    expect(state()).toMatchObject({ notice: 'changedElsewhere', whitelist: { enabled: true, entries: [office] } })
    setting.portal.configure({ storesEntries: null })
    expect((await perform({ type: 'step.finish' })).output).toMatchObject({
      ipWhitelistEnabled: true,
      unconfirmedChange: null,
    })
    expect(setting.portal.account.ipWhitelist.entries).toEqual([here])
  })

  test('a list of which the portal kept too little is not enabled', async () => {
    const setting = createSetting()
    setting.portal.configure({ storesEntries: (entries) => entries.slice(1), echoesEntries: 'sent' })
    const { place, state, perform, inForce } = await openEditor(setting)
    await perform({ type: 'entries.replace', values: [here, office] })
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(state().failure?.code).toBe('client.notAsAsked')
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
  })

  test('an admin enables the list between our read and our save', async () => {
    const setting = settingWith({ ipWhitelist: { entries: [here] } })
    const { place, state, perform, portal, inForce } = await openEditor(setting)
    portal.interject('replaceIpWhitelist', (account) => {
      account.ipWhitelist.enabled = true
    })
    await perform({ type: 'entries.replace', values: [office] })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().unconfirmedChange).toMatchObject({ after: { enabled: true, entries: [office] } })
    await perform({ type: 'change.keep' })
    expect(state().failure?.code).toBe('client.keepLocksOut')
    await perform({ type: 'change.undo' })
    expect(inForce()).toEqual({ enabled: true, entries: [here] })
  })
})

describe('a foreign edit in the window', () => {
  test('leaves what is separable to the undo: our switch is turned off, their entries stay', async () => {
    const { state, pass, portal, inForce } = await enable(settingWith({ ipWhitelist: { entries: [office] } }))
    portal.update((account) => {
      account.ipWhitelist.entries.push('192.0.2.0/24')
    })
    await pass(MINUTE)
    expect(state().notice).toBe('ownPartUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [office, '192.0.2.0/24'] })
  })

  test('an undo restores no enforced list that does not cover the user: it asks, and leaving reports it', async () => {
    const setting = settingWith({ ipWhitelist: { enabled: true, entries: [office] } })
    const { place, state, perform, pass, inForce } = await extend(setting, [here, office])
    await pass(MINUTE)
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state()).toMatchObject({ confirmBy: null, failure: { code: 'client.undoLocksOut' } })
    expect(inForce().entries).toEqual([here, office])
    expect((await perform({ type: 'step.finish' })).output).toMatchObject({
      outcome: 'done',
      unconfirmedChange: { before: { entries: [office] }, after: { entries: [here, office] }, confirmBy: null },
    })
  })

  test('a switch that we turned on and failed to turn off again is still to be confirmed, whoever wrote the list', async () => {
    const { place, state, perform, waitOut, portal } = await enable()
    portal.fault('disableIpWhitelist', 'loseRequest')
    await perform({ type: 'whitelist.disable' })
    portal.update((account) => {
      account.ipWhitelist.entries = [office]
    })
    await waitOut()
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state()).toMatchObject({
      unconfirmedChange: { before: { enabled: false }, after: { enabled: true, entries: [office] } },
      notice: 'changedElsewhere',
    })
  })

  test('what was asked about so can still be kept, however late', async () => {
    const setting = settingWith({ ipWhitelist: { enabled: true, entries: [office] } })
    const { place, state, perform, pass, inForce } = await extend(setting, [here, office])
    await pass(60 * MINUTE)
    await perform({ type: 'change.keep' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ unconfirmedChange: null, failure: null })
    expect(inForce().entries).toEqual([here, office])
  })

  test('an undo from an unknown address asks whoever wants it, and nobody else', async () => {
    const { place, perform, pass, portal, inForce } = await extend(enforced(), [here, office])
    portal.moveTo('10.0.0.9')
    await pass(MINUTE)
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'change.undo' })
    expect(place()).toBe('undoing.confirmingRisk')
    await perform({ type: 'risk.accept' })
    expect(place()).toBe('drafting.editing')
    expect(inForce().entries).toEqual([here])
  })
})

test('an undo does not go by where the user was, once the portal does not tell that any more', async () => {
  const { place, perform, portal, inForce } = await extend(enforced(), [here, '192.0.2.77'])
  portal.moveTo('192.0.2.77')
  portal.fault('listSessions', { status: 403 }, { times: Number.POSITIVE_INFINITY })
  await perform({ type: 'change.undo' })
  expect(place()).toBe('undoing.confirmingRisk')
  await perform({ type: 'risk.decline' })
  expect(inForce().entries).toEqual([here, '192.0.2.77'])
})

test('looking at it again and again does not put the end of the settling time off', async () => {
  const { place, perform, portal, clock } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
  portal.fault('enableIpWhitelist', { status: 504 })
  await perform({ type: 'whitelist.enable' })
  for (let seconds = 0; seconds < 16; seconds += 4) {
    await clock.advance(4_000)
    if (place() === 'halted.coolingDown') await perform({ type: 'retry' })
  }
  expect(place()).toBe('drafting.editing')
})

test('a change of which nothing left is not reported', async () => {
  const { perform, portal } = await openEditor()
  portal.fault('replaceIpWhitelist', { status: 401 }, { times: 9 })
  await perform({ type: 'entry.add', value: here })
  const { output } = await perform({ type: 'whitelist.enable' })
  expect(output).toMatchObject({ outcome: 'signedOut', unconfirmedChange: null })
})

test('a list that was not switched off, and edited by someone else, is not said to be off', async () => {
  const { place, state, perform, portal } = await openEditor(enforced())
  portal.fault('disableIpWhitelist', { status: 409 })
  portal.interject('getIpWhitelist', (account) => {
    account.ipWhitelist.entries.push(office)
  })
  await perform({ type: 'whitelist.disable' })
  expect(place()).toBe('drafting.editing')
  expect(state()).toMatchObject({
    failure: { status: 409, effect: 'none' },
    notice: 'changedElsewhere',
    whitelist: { enabled: true, entries: [here, office] },
  })
})

describe('a restored flow', () => {
  test.each(['making.checking', 'making.saving.sending', 'making.confirmingRisk'])(
    'in %s writes nothing that nobody asked for since',
    async (there) => {
      const setting = there === 'making.confirmingRisk' ? nameless() : createSetting()
      const { send, perform, reaches, close, reopen, waitOut, clock, portal, inForce } = await openEditor(setting)
      await perform({ type: 'entry.add', value: here })
      if (there === 'making.saving.sending') portal.fault('replaceIpWhitelist', 'hang')
      send({ type: 'whitelist.enable' })
      if (there === 'making.checking') await turn()
      else await reaches(there)
      const text = close()
      await clock.advance(26 * 60 * MINUTE)
      await reopen(text)
      await waitOut()
      expect(portal.processed('replaceIpWhitelist') + portal.processed('enableIpWhitelist')).toBe(0)
      expect(inForce()).toEqual({ enabled: false, entries: [] })
    },
  )

  test('goes no further than the write that was under way', async () => {
    const { place, send, perform, reaches, close, reopen, waitOut, portal, inForce } = await openEditor()
    await perform({ type: 'entry.add', value: here })
    portal.fault('replaceIpWhitelist', 'hangReply')
    send({ type: 'whitelist.enable' })
    await reaches('making.saving.sending')
    while (portal.processed('replaceIpWhitelist') === 0) await turn()
    await reopen(close())
    await waitOut()
    expect(place()).toBe('drafting.editing')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
  })

  test('has forgotten the risk that was taken', async () => {
    const { place, perform, close, reopen } = await openEditor(nameless())
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.enable' })
    await perform({ type: 'risk.accept' })
    const text = close()
    expect(text).toContain('"consent":null')
    await reopen(text)
    await perform({ type: 'change.keep' })
    expect(place()).toBe('confirming.deciding.confirmingRisk')
  })

  test('does not go on keeping by itself', async () => {
    const { place, state, send, reaches, close, reopen } = await extend(enforced(), [here, office])
    send({ type: 'change.keep' })
    await reaches('confirming.reading')
    await reopen(close())
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().unconfirmedChange).not.toBeNull()
  })

  test('undoes all the same', async () => {
    const { state, close, reopen, clock, pass, inForce } = await extend(enforced(), [here, office])
    const text = close()
    await clock.advance(26 * 60 * MINUTE)
    await reopen(text)
    await pass(0)
    expect(state().notice).toBe('changeUndone')
    expect(inForce().entries).toEqual([here])
  })
})

describe('clocks', () => {
  test('one that is set back by three hours does not keep the window open', async () => {
    const { state, clock, pass, inForce } = await extend(enforced(), [here, office])
    clock.setBack(3 * 60 * MINUTE)
    await pass(MINUTE)
    expect(state().notice).toBe('changeUndone')
    expect(inForce().entries).toEqual([here])
  })

  test('nor does one that is set back while the page is closed', async () => {
    const { state, clock, close, reopen, pass } = await extend(enforced(), [here, office])
    const text = close()
    clock.setBack(3 * 60 * MINUTE)
    await reopen(text)
    await pass(MINUTE)
    expect(state().notice).toBe('changeUndone')
  })

  test('after eight hours of sleep the change cannot be kept any more, and is undone within five seconds', async () => {
    const { state, clock, perform, pass, inForce } = await extend(enforced(), [here, office])
    clock.sleep(8 * 60 * MINUTE)
    await perform({ type: 'change.keep' })
    expect(state().unconfirmedChange).toBeNull()
    expect(inForce().entries).toEqual([here])
    await pass(0)
  })

  test('a machine that slept notices it by itself within five seconds', async () => {
    const { state, clock, pass } = await extend(enforced(), [here, office])
    clock.sleep(8 * 60 * MINUTE)
    await pass(5_000)
    expect(state().notice).toBe('changeUndone')
  })
})

describe('locked out at once', () => {
  const strict = (account: AccountOverrides = {}) => createSetting({ portal: { account, enforceOnEveryRequest: true } })

  test('what the portal refuses right after the change is undone by itself, and the user is told what happened', async () => {
    const { place, state, perform, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    refuseReadsAfter(portal, 'enableIpWhitelist')
    await perform({ type: 'whitelist.enable' })
    expect(place()).toBe('drafting.editing')
    expect(state()).toMatchObject({ failure: { code: 'client.lockoutSuspected' }, notice: 'changeUndone' })
    expect(inForce().enabled).toBe(false)
  })

  test('so on a portal that stores another list than it echoes and enforces it at once; a refused undo is told as such', async () => {
    const setting = strict({ ipWhitelist: { enabled: true, entries: [here] } })
    setting.portal.configure({ storesEntries: () => [office], echoesEntries: 'sent' })
    const { tag, state, perform } = await openEditor(setting)
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(tag('failed')).toBe(true)
    expect(state()).toMatchObject({
      failure: { code: 'client.lockedOut', status: 403 },
      notice: 'lockoutSuspected',
      unconfirmedChange: { before: { entries: [here] } },
    })
    setting.portal.moveTo('198.51.100.7')
    await perform({ type: 'retry' })
    expect(state().unconfirmedChange).not.toBeNull()
  })

  test('another list in the place of one whose undo would lock the user out as well, refused too: still reported', async () => {
    const setting = strict({ ipWhitelist: { enabled: true, entries: [here, office] } })
    setting.portal.configure({ marksCurrent: 'none', storesEntries: () => [] })
    const { place, perform } = await openEditor(setting)
    await perform({ type: 'entries.replace', values: [here] })
    await perform({ type: 'whitelist.save' })
    await perform({ type: 'risk.accept' })
    expect(place()).toBe('confirming.deciding.awaiting')
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect((await perform({ type: 'step.finish' })).output).toMatchObject({
      unconfirmedChange: { before: { entries: [here, office] }, confirmBy: null },
    })
  })

  test('an undo that does not get through is tried again by itself', async () => {
    const { state, perform, waitOut, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    refuseReadsAfter(portal, 'enableIpWhitelist', 2)
    portal.fault('disableIpWhitelist', 'loseRequest')
    await perform({ type: 'whitelist.enable' })
    expect(state().notice).toBe('lockoutSuspected')
    await waitOut()
    expect(state().unconfirmedChange).toBeNull()
    expect(inForce().enabled).toBe(false)
  })

  test('an enabling that lands after its undo is undone once more', async () => {
    const { state, perform, waitOut, portal, inForce } = await openEditor(
      settingWith({ ipWhitelist: { entries: [here] } }),
    )
    portal.fault('enableIpWhitelist', { landsAfterMs: 3_000, answer: 504 })
    refuseReadsAfter(portal, 'enableIpWhitelist')
    await perform({ type: 'whitelist.enable' })
    expect(inForce().enabled).toBe(false)
    expect(state().unconfirmedChange).not.toBeNull()
    await waitOut()
    expect(inForce().enabled).toBe(false)
    expect(state().unconfirmedChange).toBeNull()
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })

  test('a try of the undo that fails in between does not make it forget that the change may still land', async () => {
    const { state, perform, waitOut, portal, inForce } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', { landsAfterMs: 12_000, answer: 'lost' })
    refuseReadsAfter(portal, 'replaceIpWhitelist')
    portal.fault(
      ({ operation }) => operation === 'getIpWhitelist' && portal.requests.at(-2)?.status === 403,
      'loseRequest',
      {
        times: 3,
      },
    )
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    await waitOut()
    expect(portal.processed('replaceIpWhitelist')).toBe(2)
    expect(inForce().entries).toEqual([here])
    expect(state()).toMatchObject({ notice: 'changeUndone', unconfirmedChange: null })
  })

  test('what was put back unseen, and stays unseen, is not put back again and again', async () => {
    const { state, perform, waitOut, portal } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    refuseReadsAfter(portal, 'enableIpWhitelist', 99)
    await perform({ type: 'whitelist.enable' })
    await waitOut()
    expect(portal.processed('disableIpWhitelist')).toBe(1)
    expect(state().unconfirmedChange).not.toBeNull()
  })

  test('a save that was refused, and a list that is not shown, is no lockout', async () => {
    const { place, state, perform, portal, inForce } = await openEditor(enforced())
    portal.fault('replaceIpWhitelist', { status: 403 })
    refuseReadsAfter(portal, 'replaceIpWhitelist')
    await perform({ type: 'entry.add', value: office })
    await perform({ type: 'whitelist.save' })
    expect(place()).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ status: 403, code: 'ACCESS.PERMISSION_DENIED' })
    expect(inForce().entries).toEqual([here])
  })
})

test.each([
  ['nothing', undefined, 'whitelist'],
  ['no list', { wish: { enabled: true, entries: [] } }, 'whitelist'],
  ['a list of other things', { whitelist: { enabled: true, entries: [7] } }, 'whitelist'],
  ['no wish', { whitelist: { enabled: true, entries: [here] }, wish: 'on' }, 'wish'],
])('given %s, it is an error at once', (_, input, field) => {
  const { machines } = createSetting()
  const snapshot = createActor(machines.whitelistChange, { input: input as never }).getSnapshot()
  expect(snapshot.error).toMatchObject({ failure: { code: 'client.input', field } })
})
