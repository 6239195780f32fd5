import type { AccountOverrides } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { openEditor } from '../support/editor.ts'
import { createSetting, type Setting } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const here = '203.0.113.10'
const office = '198.51.100.0/24'
const MINUTE = 60_000

const settingWith = (account: AccountOverrides = {}) => createSetting({ portal: { account } })
const enforced = () => settingWith({ ipWhitelist: { enabled: true, entries: [here] } })
/** A portal that does not say where this session comes from. */
const _nameless = () => {
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

describe('the confirmation window', () => {
  async function enable(setting = createSetting(), input?: object) {
    const editor = await openEditor(setting, input)
    await editor.tell({ type: 'entry.add', value: here })
    await editor.tell({ type: 'whitelist.enable' })
    expect(editor.place()).toBe('confirming.deciding.awaiting')
    editor.requestsSince()
    return editor
  }

  test('a change that nobody keeps is undone: list and switch as before', async () => {
    const { place, state, inForce, clock, rest, requestsSince } = await enable(
      settingWith({ ipWhitelist: { entries: [office] } }),
    )
    await clock.advance(MINUTE)
    await rest()
    expect(place()).toBe('editing')
    expect(state()).toMatchObject({ notice: 'changeUndone', wish: null, unconfirmedChange: null })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
    expect(requestsSince()).toEqual(['getIpWhitelist', 'disableIpWhitelist', 'replaceIpWhitelist', 'getIpWhitelist'])
  })

  test('its length can be set', async () => {
    const { place, state, clock, rest } = await enable(createSetting(), { confirmWithinMs: 5_000 })
    await clock.advance(5_000)
    await rest()
    expect(state().notice).toBe('changeUndone')
  })

  test.each(['step.finish', 'step.skip'] as const)('%s inside it undoes the change, then leaves', async (type) => {
    const { tell, inForce } = await enable()
    const { output } = await tell({ type })
    expect(output).toMatchObject({ ipWhitelistEnabled: false, unconfirmedChange: null })
    expect(inForce().enabled).toBe(false)
  })

  test('a required step is not left in it: the change is kept first', async () => {
    const { place, state, tell } = await enable(createSetting(), { policy: 'require' })
    expect((await tell({ type: 'step.finish' })).status).toBe('active')
    expect(state().failure?.code).toBe('client.unconfirmed')
    expect(place()).toBe('confirming.deciding.awaiting')
    await tell({ type: 'change.keep' })
    expect((await tell({ type: 'step.finish' })).output).toMatchObject({ outcome: 'done', aimHolds: true })
  })

  test('what someone else wrote meanwhile is told, and the undo takes back the switch and our own entry', async () => {
    const setting = createSetting()
    const { place, state, tell, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 3, { enabled: true, entries: [here, office] })
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state()).toMatchObject({
      change: { readBack: { enabled: true, entries: [here, office] } },
      draft: [{ value: here }, { value: office }],
      failure: null,
      notice: 'changedElsewhere',
    })
    await tell({ type: 'change.undo' })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
    expect(state().notice).toBe('ownPartUndone')
  })

  test('an enforced list in which ours may have been lost, by the portal or by someone else, is to be confirmed', async () => {
    const setting = enforced()
    const { place, state, tell, inForce } = await openEditor(setting)
    changeBeforeRead(setting, 2, { enabled: true, entries: [here, '192.0.2.4'] })
    await tell({ type: 'entry.add', value: office })
    await tell({ type: 'whitelist.save' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(state().notice).toBe('changedElsewhere')
    await tell({ type: 'change.keep' })
    expect(inForce().entries).toEqual([here, '192.0.2.4'])
    expect(state().unconfirmedChange).toBeNull()
  })

  test('an undo that the portal accepts without carrying it out is not taken for done', async () => {
    const { place, state, tell, portal, inForce } = await openEditor(settingWith({ ipWhitelist: { entries: [here] } }))
    await tell({ type: 'whitelist.enable' })
    portal.fault('disableIpWhitelist', emptySuccess)
    await tell({ type: 'change.undo' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure).toMatchObject({
      kind: 'protocol',
      code: 'client.notDone',
      effect: 'none',
      retryable: true,
    })
    await tell({ type: 'retry' })
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
  })

  test('an undo that does not get through says why, and is tried again', async () => {
    const { place, state, tag, pass, tell, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', 'loseRequest')
    await tell({ type: 'change.undo' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure).toMatchObject({ kind: 'network', effect: 'none' })
    while (tag('coolingDown')) await pass(20_000)
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('what another tab added meanwhile stays, while our entry and the switch are taken back', async () => {
    const { place, state, tell, portal, inForce } = await enable()
    portal.update((account) => {
      account.ipWhitelist.entries = [here, office]
    })
    await tell({ type: 'change.undo' })
    expect(place()).toBe('editing')
    expect(state()).toMatchObject({ notice: 'ownPartUndone', failure: null })
    expect(inForce()).toEqual({ enabled: false, entries: [office] })
  })

  test('what another tab has undone already is not undone twice', async () => {
    const { place, state, tell, portal, requestsSince } = await enable()
    portal.update((account) => {
      account.ipWhitelist = { enabled: false, entries: [] }
    })
    await tell({ type: 'change.undo' })
    expect(state().notice).toBe('changeUndone')
    expect(requestsSince()).toEqual(['getIpWhitelist'])
  })

  test('when the read before the undo is refused, the undo is tried all the same', async () => {
    const { place, state, tell, portal, inForce } = await enable()
    portal.fault('getIpWhitelist', { status: 403 })
    await tell({ type: 'change.undo' })
    expect(state().notice).toBe('changeUndone')
    expect(inForce()).toEqual({ enabled: false, entries: [] })
  })

  test('an undo that is refused rests in failed with client.lockedOut, and can be tried again', async () => {
    const { tag, state, tell, portal, inForce } = await enable()
    portal.fault('disableIpWhitelist', { status: 403 })
    await tell({ type: 'change.undo' })
    expect(tag('failed')).toBe(true)
    expect(state().failure).toMatchObject({ code: 'client.lockedOut', status: 403 })
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
      const { tag, state, tell, portal, inForce } = await enable()
      portal.fault(operation, 'loseReply')
      await tell({ type: 'change.undo' })
      while (tag('coolingDown')) await tell({ type: 'retry' })
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
      const { place, state, clock, rest, tell, portal, inForce } = await enable()
      const offline = portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
      for (let minutes = 0; minutes < 60; minutes++) {
        await clock.advance(MINUTE)
        await rest()
      }
      expect(place()).toBe('halted.failed')
      expect(inForce().enabled).toBe(true)
      offline()
      await tell({ type: 'retry' })
      expect(state().notice).toBe('changeUndone')
    })

    test('the page is loaded anew in the middle of the undo', async () => {
      const { state, send, reaches, close, reopen, pass, inForce } = await enable()
      send({ type: 'change.undo' })
      await reaches('undoing.disabling')
      await reopen(close())
      await pass(20_000)
      expect(state().notice).toBe('changeUndone')
      expect(inForce().enabled).toBe(false)
    })

    test('enabled, and not to be read back: the window opens once it can be', async () => {
      const { place, state, tell, portal, clock, rest } = await openEditor()
      let reads = 0
      portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 2, 'loseRequest', { times: 3 })
      await tell({ type: 'entry.add', value: here })
      await tell({ type: 'whitelist.enable' })
      expect(place()).toBe('halted.coolingDown')
      await clock.advance(5_000)
      await rest()
      expect(place()).toBe('confirming.deciding.awaiting')
    })
  })

  test('a reload keeps the deadline: past it, the change is undone at once', async () => {
    const { place, state, send, close, reopen, pass, clock, inForce } = await enable()
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
    const { place, state, tell, portal } = await openEditor()
    portal.fault(operation, fault)
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed(operation)).toBe(1)
  })

  test.each(['loseRequest', { status: 500 }] as const)(
    'enabling with %o: it is not in force, and offered again',
    async (fault) => {
      const { place, state, tell, portal, inForce } = await openEditor()
      portal.fault('enableIpWhitelist', fault)
      await tell({ type: 'entry.add', value: here })
      await tell({ type: 'whitelist.enable' })
      expect(place()).toBe('editing')
      expect(state().failure).toMatchObject({ code: 'client.savedNotEnabled' })
      await tell({ type: 'whitelist.enable' })
      expect(place()).toBe('confirming.deciding.awaiting')
      expect(inForce().enabled).toBe(true)
    },
  )

  test('the save before the enabling is lost: nothing is enabled unseen', async () => {
    const { place, state, tell, portal, inForce } = await openEditor()
    portal.fault('replaceIpWhitelist', 'loseReply')
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(place()).toBe('editing')
    expect(inForce()).toEqual({ enabled: false, entries: [here] })
    await tell({ type: 'whitelist.enable' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed('replaceIpWhitelist')).toBe(1)
  })

  test('enabled, but not to be read back: retry reads, and the window opens then', async () => {
    const { place, state, tell, portal } = await openEditor()
    let reads = 0
    portal.fault(({ operation }) => operation === 'getIpWhitelist' && ++reads > 2, { status: 500 }, { times: 3 })
    await tell({ type: 'entry.add', value: here })
    await tell({ type: 'whitelist.enable' })
    expect(place()).toBe('halted.coolingDown')
    expect(state().failure?.effect).toBe('done')
    await tell({ type: 'retry' })
    expect(place()).toBe('confirming.deciding.awaiting')
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })
})
