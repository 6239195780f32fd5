/** What each screen tells a UI, beside what can be done there: see the tests of the actions for that. */
import {
  type InvitationsScreen,
  type IpWhitelistScreen,
  type Screen,
  type SessionsScreen,
  screenOf,
  type WorkspaceScreen,
} from 'postlogin'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createSetting, NOON } from '../support/setting.ts'
import { play, reload, type Scene, scenes } from './scenes.ts'
import { HERE, only, visit } from './visitor.ts'

const OFFICE = '198.51.100.0/24'

const scene = (name: string): Scene => {
  const found = scenes[name]
  if (found === undefined) throw new Error(`There is no scene ${name}`)
  return found
}

const onScreen = async <Name extends Screen['name']>(named: string, name: Name) => {
  const visitor = await play(scene(named))
  return { ...visitor, shown: visitor.on(name) }
}

describe('the inbox', () => {
  const standingsOf = ({ rows }: InvitationsScreen) => rows.map(({ standing }) => standing)

  test('says how each invitation stands, whatever the portal calls it', async () => {
    const { shown } = await onScreen('an inbox with every standing', 'invitations')
    expect(shown.rows.map(({ status, standing }) => [status, standing])).toEqual([
      ['PENDING', 'open'],
      ['PENDING', 'open'],
      ['ACCEPTED', 'accepted'],
      ['DECLINED', 'declined'],
      ['CANCELLED', 'cancelled'],
      ['EXPIRED', 'expired'],
      ['SUSPENDED', 'unknown'],
    ])
  })

  test('says of each why it cannot be accepted or declined', async () => {
    const { shown } = await onScreen('an inbox with every standing', 'invitations')
    const gone = 'invitationUnavailable'
    expect(shown.rows.map(({ accept, decline }) => [accept.blocked, decline.blocked])).toEqual([
      [null, null],
      [gone, null],
      ...Array(5).fill([gone, gone]),
    ])
  })

  test('says that one was handled elsewhere, where the portal does not say how', async () => {
    const { shown } = await onScreen('an inbox whose invitation was handled elsewhere', 'invitations')
    expect(standingsOf(shown)).toEqual(['handled', 'open'])
    expect(shown.failure?.code).toBe('WORKSPACE.INVITATION_ALREADY_PROCESSED')
  })

  test('says of one that the portal refuses both ways why nothing can be done with it, and lets the user go on', async () => {
    const { shown } = await onScreen('an inbox with a ghost', 'invitations')
    const gone = 'invitationUnavailable'
    expect(shown.rows).toMatchObject([
      { standing: 'refused', refusal: { status: 410 }, accept: { blocked: gone }, decline: { blocked: gone } },
    ])
    expect(shown).toMatchObject({ aimHolds: true, finish: { blocked: null } })
  })

  test('takes an invitation that expires on screen for expired once the portal does', async () => {
    const { portal, clock, rest, flow, on } = await visit({ input: only('invitations') })
    await clock.advance(2 * 24 * 3_600_000)
    await rest(flow)
    expect(standingsOf(on('invitations'))).toEqual(['open', 'expired'])
    expect(portal.account.invitations[1]?.status).toBe('PENDING')
  })

  test.each(['accepted', 'declined'])('shows which invitation is being %s', async (what) => {
    const { shown } = await onScreen(`an inbox while an invitation is ${what}`, 'invitations')
    expect(shown.status).toBe('busy')
    expect(shown.rows.map(({ isPending }) => isPending)).toEqual([true, false])
    expect(shown.rows.map(({ accept }) => accept.blocked)).toEqual(['busy', null])
    expect(shown).toMatchObject({ isLeaving: false, finish: { blocked: null }, skip: { blocked: null } })
  })

  test('shows which invitation waits, and lets it be taken back', async () => {
    const { shown, press, on } = await onScreen('an inbox in which one waits until another is accepted', 'invitations')
    expect(shown.rows.map(({ isPending, isQueued }) => [isPending, isQueued])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(shown.rows.map(({ decline }) => decline.blocked)).toEqual(['busy', 'busy'])
    expect(press(shown.rows[1]?.dequeue ?? shown.retry)).toBe(true)
    expect(on('invitations').rows.map(({ isQueued, decline }) => [isQueued, decline.blocked])).toEqual([
      [false, 'busy'],
      [false, null],
    ])
  })

  test('shows that the user has left, and takes nothing more', async () => {
    const { shown } = await onScreen('an inbox that the user has left while an invitation is accepted', 'invitations')
    expect(shown).toMatchObject({ isLeaving: true, finish: { blocked: 'busy' }, skip: { blocked: 'busy' } })
    expect(shown.rows.map(({ accept }) => accept.blocked)).toEqual(['busy', 'busy'])
  })

  test('cannot be left in a pause while something waits', async () => {
    const { shown } = await onScreen('an inbox that has to wait, and one invitation with it', 'invitations')
    expect(shown.rows.map(({ isQueued }) => isQueued)).toEqual([false, true])
    expect(shown).toMatchObject({ status: 'coolingDown', finish: { blocked: 'rateLimited' } })
  })

  test('shows none as being accepted once that came to nothing', async () => {
    const { shown } = await onScreen('an inbox after an acceptance of which nothing is known', 'invitations')
    expect(shown).toMatchObject({ status: 'coolingDown', failure: { effect: 'unknown' } })
    expect(shown.rows.map(({ isPending }) => isPending)).toEqual([false, false])
    expect(shown.rows.map(({ accept }) => accept.blocked)).toEqual(['unsettled', 'unsettled'])
  })

  test('tells an empty inbox from one that could not be read', async () => {
    const { shown: empty } = await onScreen('an inbox with nothing in it', 'invitations')
    expect(empty).toMatchObject({ isRead: true, rows: [], aimHolds: true, status: 'resting' })
    const { shown: unread } = await onScreen('an inbox that cannot be read', 'invitations')
    expect(unread).toMatchObject({ isRead: false, rows: [], aimHolds: false, status: 'failed' })
  })

  test('that has to wait says until when, and offers not to', async () => {
    const { shown, click, on } = await onScreen('an inbox that has to wait', 'invitations')
    expect(shown).toMatchObject({ status: 'coolingDown', failure: { retryAt: NOON + 30_000 } })
    expect(shown.refresh.blocked).toBe('rateLimited')
    await click(shown.retry)
    expect(on('invitations')).toMatchObject({ status: 'resting', failure: null, isRead: true })
  })

  test('says which policy it is under, and whether it may be left', async () => {
    const { shown } = await onScreen('an inbox that is required', 'invitations')
    expect(shown).toMatchObject({ policy: 'require', aimHolds: false })
    expect([shown.finish.blocked, shown.skip.blocked]).toEqual(['stepRequired', 'stepRequired'])
  })
})

describe('the factors', () => {
  test('without OTP are there to enroll', async () => {
    const { shown } = await onScreen('factors without OTP', 'mfa')
    expect(shown).toMatchObject({ isRead: true, isOtpEnabled: false, aimHolds: false, question: null })
    expect(shown.methods.map(({ method, isEnabled }) => [method, isEnabled])).toEqual([
      ['EMAIL', true],
      ['OTP', false],
    ])
    expect([shown.enroll, shown.revoke, shown.checkBackupCodes].map((action) => action?.blocked)).toEqual([
      null,
      'alreadyOff',
      'alreadyOff',
    ])
  })

  test('with OTP are there to revoke, and to count the backup codes', async () => {
    const { shown } = await onScreen('factors with OTP', 'mfa')
    expect(shown).toMatchObject({ isOtpEnabled: true, aimHolds: true, backupCodes: null })
    expect([shown.enroll, shown.revoke, shown.checkBackupCodes].map((action) => action?.blocked)).toEqual([
      'alreadyOn',
      null,
      null,
    ])
    expect((await onScreen('factors with the backup codes', 'mfa')).shown.backupCodes).toEqual({
      remainingCount: 8,
      totalCount: 10,
    })
  })

  test('ask before OTP is revoked, and wait for the answer', async () => {
    const { shown, on, click, portal } = await onScreen('the question whether OTP is to be revoked', 'mfa')
    expect(shown).toMatchObject({ status: 'resting', question: { kind: 'revoke' } })
    expect([shown.enroll, shown.revoke, shown.retry].map(({ blocked }) => blocked)).toEqual([
      'questionOpen',
      'questionOpen',
      'questionOpen',
    ])
    await click(shown.question?.cancel ?? shown.retry)
    expect(on('mfa')).toMatchObject({ question: null, isOtpEnabled: true })
    await click(on('mfa').revoke)
    await click(on('mfa').question?.confirm ?? shown.retry)
    expect(on('mfa')).toMatchObject({ question: null, isOtpEnabled: false })
    expect(portal.processed('revokeOtp')).toBe(1)
  })
})

describe('the setup of an authenticator', () => {
  test('has what to scan and what to type', async () => {
    const { shown, portal } = await onScreen('a setup', 'otpEnrollment')
    expect(shown).toMatchObject({ isSetUp: true, codeHint: null, notice: null, refusedCodes: 0 })
    expect(shown.otpSetup?.secret.reveal()).toBe(portal.account.otpSetup?.secret)
    expect(shown.otpSetup?.qrCodeUri.reveal()).toMatch(/^otpauth:\/\/totp\//)
    expect(shown.otpSetup?.accountName).toBe('maya@example.com')
  })

  test('under way can be left already, and nothing else', async () => {
    const { shown } = await onScreen('a setup under way', 'otpEnrollment')
    expect(shown).toMatchObject({ status: 'busy', otpSetup: null, isSetUp: false })
    expect([shown.submit, shown.restart, shown.finish, shown.cancel].map(({ blocked }) => blocked)).toEqual([
      'busy',
      'busy',
      'busy',
      null,
    ])
  })

  test('that is required can be cancelled, but not passed', async () => {
    const { shown, on, click } = await onScreen('a setup that is required', 'otpEnrollment')
    expect(shown).toMatchObject({ policy: 'require', aimHolds: false })
    expect([shown.finish.blocked, shown.skip.blocked]).toEqual(['stepRequired', 'stepRequired'])
    await click(shown.cancel)
    expect(on('mfa')).toMatchObject({ status: 'resting', isOtpEnabled: false })
  })

  test('counts only the codes that the portal refused', async () => {
    const { on, click } = await onScreen('a setup', 'otpEnrollment')
    await click(on('otpEnrollment').submit, { code: '12 34' })
    expect(on('otpEnrollment')).toMatchObject({ codeHint: { kind: 'malformed' }, refusedCodes: 0 })
    await click(on('otpEnrollment').submit, { code: '000000' })
    expect(on('otpEnrollment')).toMatchObject({ codeHint: { kind: 'wrong' }, refusedCodes: 0 })
    await click(on('otpEnrollment').submit, { code: '000000' })
    expect(on('otpEnrollment')).toMatchObject({ codeHint: { kind: 'refused' }, refusedCodes: 1 })
    await click(on('otpEnrollment').submit, { code: '111111', force: true })
    expect(on('otpEnrollment')).toMatchObject({ codeHint: { kind: 'refused', doubt: null }, refusedCodes: 2 })
  })

  test('says how far the phone’s clock is off', async () => {
    const { on, click, portal } = await onScreen('a setup', 'otpEnrollment')
    await click(on('otpEnrollment').submit, { code: await portal.authenticator.code({ skewMs: 600_000 }) })
    expect(on('otpEnrollment').codeHint).toEqual({ kind: 'skewed', offsetMs: 600_000 })
  })

  test('says that the app ignores what the QR code asks for', async () => {
    const { on, click, portal } = await onScreen('a setup with codes of its own', 'otpEnrollment')
    await click(on('otpEnrollment').submit, { code: await portal.authenticator.code({ ignores: ['algorithm'] }) })
    expect(on('otpEnrollment')).toMatchObject({ codeHint: { kind: 'parametersIgnored' }, refusedCodes: 0 })
  })

  test('says that a new one has replaced it', async () => {
    const { shown, on, click } = await onScreen('a setup', 'otpEnrollment')
    await click(shown.restart)
    const { otpSetup, notice } = on('otpEnrollment')
    expect(notice).toBe('setupReplaced')
    expect(otpSetup?.secret.reveal()).not.toBe(shown.otpSetup?.secret.reveal())
  })

  test('has no secret any more in a new page, and takes codes all the same', async () => {
    const { on, click, portal } = await reload(await play(scene('a setup')))
    expect(on('otpEnrollment')).toMatchObject({ otpSetup: null, isSetUp: true, submit: { blocked: null } })
    await click(on('otpEnrollment').submit, { code: await portal.authenticator.code() })
    expect(on('mfa').isOtpEnabled).toBe(true)
  })
})

describe('the whitelist', () => {
  const blockedOn = ({ add, addCurrentAddress, replace, reset, save, enable, disable }: IpWhitelistScreen) =>
    Object.fromEntries(
      Object.entries({ add, addCurrentAddress, replace, reset, save, enable, disable }).map(([name, { blocked }]) => [
        name,
        blocked,
      ]),
    )
  const free = { add: null, addCurrentAddress: null, replace: null }

  test.each<[string, object]>([
    [
      'a whitelist with nothing in it',
      { ...free, reset: 'unchanged', save: 'unchanged', enable: 'entriesMissing', disable: 'alreadyOff' },
    ],
    [
      'a draft that lets the user in',
      { ...free, addCurrentAddress: 'addressCovered', reset: null, save: null, enable: null, disable: 'alreadyOff' },
    ],
    [
      'a draft that does not let the user in',
      { ...free, reset: null, save: null, enable: 'lockout', disable: 'alreadyOff' },
    ],
    [
      'a draft with an entry that cannot be saved',
      {
        ...free,
        addCurrentAddress: 'addressCovered',
        reset: null,
        save: 'entriesInvalid',
        enable: 'entriesInvalid',
        disable: 'alreadyOff',
      },
    ],
    [
      'a whitelist with entries, off',
      {
        ...free,
        addCurrentAddress: 'addressCovered',
        reset: 'unchanged',
        save: 'unchanged',
        enable: null,
        disable: 'alreadyOff',
      },
    ],
    [
      'a whitelist in force',
      {
        ...free,
        addCurrentAddress: 'addressCovered',
        reset: 'unchanged',
        save: 'unchanged',
        enable: 'alreadyOn',
        disable: null,
      },
    ],
    [
      'a whitelist in force that does not let the user in',
      { ...free, reset: 'unchanged', save: 'unchanged', enable: 'alreadyOn', disable: null },
    ],
    [
      'a whitelist in force, an entry taken out',
      { ...free, addCurrentAddress: 'addressCovered', reset: null, save: null, enable: null, disable: null },
    ],
    [
      'a whitelist in force, its user taken out',
      { ...free, reset: null, save: 'lockout', enable: 'lockout', disable: null },
    ],
    [
      'a whitelist in force, all entries taken out',
      { ...free, reset: null, save: 'emptyEnforced', enable: 'emptyEnforced', disable: null },
    ],
    [
      'a whitelist of a user without an address',
      {
        ...free,
        addCurrentAddress: 'addressUnknown',
        reset: 'unchanged',
        save: 'unchanged',
        enable: null,
        disable: 'alreadyOff',
      },
    ],
    [
      'a whitelist of a user whose address is masked',
      {
        ...free,
        addCurrentAddress: 'addressUnknown',
        reset: 'unchanged',
        save: 'unchanged',
        enable: 'entriesMissing',
        disable: 'alreadyOff',
      },
    ],
  ])('says why something is not possible: %s', async (named, blocked) => {
    const { shown } = await onScreen(named, 'ipWhitelist')
    expect(blockedOn(shown)).toEqual(blocked)
  })

  test('shows what is in force beside what is typed', async () => {
    const { shown } = await onScreen('a whitelist in force, an entry taken out', 'ipWhitelist')
    expect(shown).toMatchObject({
      isRead: true,
      isChanged: true,
      whitelist: { enabled: true, entries: [HERE, OFFICE] },
      assessment: { lockout: 'covered', currentAddress: HERE, validCount: 1 },
    })
    expect(shown.rows.map(({ value, verdict }) => [value, verdict])).toEqual([[HERE, 'address']])
  })

  test('lets each row be taken out, and the user’s own address be put in', async () => {
    const { on, click } = await onScreen('a draft that lets the user in', 'ipWhitelist')
    const values = () => on('ipWhitelist').rows.map(({ value }) => value)
    await click(on('ipWhitelist').rows[0]?.remove ?? on('ipWhitelist').reset)
    expect(values()).toEqual([OFFICE])
    await click(on('ipWhitelist').addCurrentAddress)
    expect(values()).toEqual([OFFICE, HERE])
    await click(on('ipWhitelist').reset)
    expect(on('ipWhitelist')).toMatchObject({ rows: [], isChanged: false })
  })

  test('offers a user who comes over IPv6 the network and the address, each until the list holds it', async () => {
    const { on, click } = await onScreen('a draft without the network of a user who comes over IPv6', 'ipWhitelist')
    const offers = () => {
      const { addCurrentNetwork, addCurrentAddress } = on('ipWhitelist')
      return [addCurrentNetwork, addCurrentAddress].map((offer) => offer && [offer.event.value, offer.blocked])
    }
    expect(offers()).toEqual([
      ['2600::/64', null],
      ['2600::7', null],
    ])
    await click(on('ipWhitelist').addCurrentAddress)
    expect(on('ipWhitelist').rows.at(-1)).toMatchObject({ value: '2600::7', verdict: 'temporary' })
    expect(on('ipWhitelist').assessment).toMatchObject({ lockout: 'covered', warnings: ['temporaryAddress'] })
    expect(offers()).toEqual([
      ['2600::/64', null],
      ['2600::7', 'addressCovered'],
    ])
    await click(on('ipWhitelist').addCurrentNetwork ?? on('ipWhitelist').reset)
    expect(on('ipWhitelist').rows.slice(1)).toMatchObject([
      { value: '2600::7', verdict: 'covered' },
      { value: '2600::/64', verdict: 'range' },
    ])
    expect(on('ipWhitelist').assessment).toMatchObject({ lockout: 'covered', warnings: [] })
    expect(offers()).toEqual([
      ['2600::/64', 'addressCovered'],
      ['2600::7', 'addressCovered'],
    ])
  })

  test.each([
    'a whitelist with nothing in it',
    'a whitelist of a user without an address',
    'a whitelist of a user whose address is masked',
    'a whitelist of a user who seems to come from the portal’s own proxy',
  ])('offers no network: %s', async (named) => {
    const { shown } = await onScreen(named, 'ipWhitelist')
    expect(shown.addCurrentNetwork).toBeNull()
  })

  test('does not take the portal’s own proxy for the user', async () => {
    const { shown } = await onScreen(
      'a whitelist of a user who seems to come from the portal’s own proxy',
      'ipWhitelist',
    )
    expect(shown.assessment).toMatchObject({ lockout: 'unknown', currentAddress: '10.0.0.2' })
    expect(shown.addCurrentAddress.blocked).toBe('addressUnknown')
    expect(shown.rows.map(({ verdict }) => verdict)).toEqual(['private'])
  })

  test('says it where the pieces let everybody in', async () => {
    const { shown } = await onScreen('a draft that lets everybody in, in pieces', 'ipWhitelist')
    expect(shown.rows.map(({ verdict }) => verdict)).toEqual(['everything', 'everything'])
    expect(shown.assessment.warnings).toEqual(['everybody'])
    expect(shown.enable.blocked).toBeNull()
  })

  test('does not save an entry that may be meant in two ways', async () => {
    const { shown } = await onScreen('a draft with an entry that may be meant in two ways', 'ipWhitelist')
    expect(shown.rows.map(({ verdict }) => verdict)).toEqual(['address', 'ambiguous'])
    expect([shown.save.blocked, shown.enable.blocked]).toEqual(['entriesInvalid', 'entriesInvalid'])
  })

  test('shows an entry that nobody here can read, and lets it be taken out and the list be saved', async () => {
    const { shown, on, click, portal } = await onScreen(
      'a whitelist with an entry that nobody here can read',
      'ipWhitelist',
    )
    const odd = shown.rows.find(({ verdict }) => verdict === 'unreadable')
    const { enabled, entries } = portal.account.ipWhitelist
    expect(odd).toMatchObject({ value: odd?.normalized, remove: { blocked: null } })
    expect([shown.save.blocked, shown.disable.blocked]).toEqual(['unchanged', enabled ? null : 'alreadyOff'])
    await click(odd?.remove ?? shown.reset)
    expect(on('ipWhitelist').isChanged).toBe(true)
    expect(on('ipWhitelist').rows.map(({ value }) => value)).toEqual(entries.filter((entry) => entry !== odd?.value))
    await click(on('ipWhitelist').reset)
    expect(on('ipWhitelist')).toMatchObject({ isChanged: false, rows: shown.rows.map(({ value }) => ({ value })) })
  })

  test('asks whether the risk is taken where nobody can tell it', async () => {
    const { shown, on, click, portal } = await onScreen('the question whether the risk is taken', 'ipWhitelist')
    expect(shown).toMatchObject({ status: 'resting', question: { kind: 'risk' }, assessment: { lockout: 'unknown' } })
    expect(blockedOn(shown)).toEqual(
      Object.fromEntries(Object.keys(blockedOn(shown)).map((name) => [name, 'questionOpen'])),
    )
    expect(shown.rows.map(({ remove }) => remove.blocked)).toEqual(['questionOpen'])
    expect(shown.retry.blocked).toBe('questionOpen')
    const { question } = shown
    await click(question?.kind === 'risk' ? question.cancel : shown.retry)
    expect(on('ipWhitelist')).toMatchObject({ question: null, isChanged: true })
    await click(on('ipWhitelist').enable)
    const again = on('ipWhitelist').question
    await click(again?.kind === 'risk' ? again.confirm : shown.retry)
    expect(on('ipWhitelist').question?.kind).toBe('keep')
    expect(portal.account.ipWhitelist).toEqual({ enabled: true, entries: [HERE] })
  })

  test('asks until when the change is kept, and undoes it where that is not answered', async () => {
    const { shown, on, clock, rest, flow } = await onScreen('the question whether the change is kept', 'ipWhitelist')
    expect(shown.question).toMatchObject({
      kind: 'keep',
      confirmBy: NOON + 60_000,
      list: { enabled: true, entries: [HERE] },
      lockout: 'covered',
    })
    expect([shown.finish.blocked, shown.skip.blocked, shown.save.blocked]).toEqual([null, null, 'unchanged'])
    await clock.advance(60_000)
    await rest(flow)
    expect(on('ipWhitelist')).toMatchObject({
      question: null,
      notice: 'changeUndone',
      whitelist: { enabled: false, entries: [] },
    })
  })

  test('leaves the question on screen, and nothing to click, while it is looked into what would be kept', async () => {
    const { shown } = await onScreen(
      'the question whether the change is kept, while that is looked into',
      'ipWhitelist',
    )
    expect(shown).toMatchObject({ status: 'busy', question: { kind: 'keep', confirmBy: NOON + 60_000 } })
    const { question, save, rows, finish } = shown
    const actions = [question?.confirm, question?.cancel, save, rows[0]?.remove, finish]
    expect(actions.map((action) => action?.blocked)).toEqual(Array(5).fill('busy'))
  })

  test('says why the list is not kept, and stays open for the other answers', async () => {
    const failed = 'the question whether the change is kept, which could not be looked into'
    const { shown } = await onScreen(failed, 'ipWhitelist')
    expect(shown).toMatchObject({ question: { kind: 'keep' }, failure: { kind: 'server', effect: 'none' } })

    const refused = 'the question whether a change is kept that does not let the user in'
    const { shown: locked } = await onScreen(refused, 'ipWhitelist')
    expect(locked).toMatchObject({
      question: { kind: 'keep', lockout: 'notCovered', confirm: { blocked: null }, cancel: { blocked: null } },
      failure: { code: 'client.keepLocksOut' },
      addCurrentAddress: { blocked: null },
    })
  })

  test('is let in by the list that is saved in the place of one that locks out', async () => {
    const refused = 'the question whether a change is kept that does not let the user in'
    const { on, click, portal } = await onScreen(refused, 'ipWhitelist')
    await click(on('ipWhitelist').addCurrentAddress)
    await click(on('ipWhitelist').save)
    expect(on('ipWhitelist')).toMatchObject({ question: { kind: 'keep', lockout: 'covered' }, failure: null })
    await click(on('ipWhitelist').question?.confirm ?? on('ipWhitelist').retry)
    expect(on('ipWhitelist')).toMatchObject({ question: null, unconfirmedChange: null, notice: null })
    expect(portal.login().ok).toBe(true)
  })

  test.each([
    ['another list in the place of a change, from where nobody knows', 'change', [HERE, OFFICE, '192.0.2.0/24']],
    ['the question whether a change is kept from where nobody knows', 'keep', [HERE, OFFICE]],
    ['the question whether a change is undone from where nobody knows', 'undo', [HERE]],
  ])('asks about a risk, and says which list it is: %s', async (named, about, entries) => {
    const { shown, on, click } = await onScreen(named, 'ipWhitelist')
    expect(shown.question).toMatchObject({ kind: 'risk', about, list: { enabled: true, entries } })
    await click(shown.question?.cancel ?? shown.retry)
    expect(on('ipWhitelist')).toMatchObject({ question: { kind: 'keep' }, whitelist: { entries: [HERE, OFFICE] } })
  })

  test('takes the consent to a risk for that list only', async () => {
    const { on, click } = await onScreen('the question whether a change is kept from where nobody knows', 'ipWhitelist')
    await click(on('ipWhitelist').question?.cancel ?? on('ipWhitelist').retry)
    await click(on('ipWhitelist').add, { value: '192.0.2.0/24' })
    await click(on('ipWhitelist').save)
    expect(on('ipWhitelist').question).toMatchObject({ kind: 'risk', about: 'change' })
    await click(on('ipWhitelist').question?.confirm ?? on('ipWhitelist').retry)
    expect(on('ipWhitelist').question).toMatchObject({ kind: 'keep', lockout: 'unknown' })
    await click(on('ipWhitelist').question?.confirm ?? on('ipWhitelist').retry)
    expect(on('ipWhitelist')).toMatchObject({ question: null, unconfirmedChange: null })
  })

  test('asks what becomes of a change that cannot be undone without locking the user out, without a time limit', async () => {
    const asks = 'a change that is not undone by itself, for that would lock the user out'
    const { shown, on, click } = await onScreen(asks, 'ipWhitelist')
    expect(shown).toMatchObject({
      question: { kind: 'keep', confirmBy: null, lockout: 'covered', list: { entries: [OFFICE, HERE] } },
      failure: { code: 'client.undoLocksOut' },
    })
    await click(shown.finish)
    expect(on('completed').output.unconfirmedChange).toMatchObject({ after: { entries: [OFFICE, HERE] } })
  })

  test('says what has just become of a change, not what the editor refused before that', async () => {
    const { on, click, flow, rest, portal } = await onScreen('the question whether the change is kept', 'ipWhitelist')
    await click(on('ipWhitelist').add, { value: 'nonsense' })
    flow.getSnapshot().children.ipWhitelist?.send({ type: 'whitelist.save' })
    expect(on('ipWhitelist')).toMatchObject({ failure: { code: 'client.entriesInvalid' }, question: { kind: 'keep' } })
    portal.moveTo('192.0.2.77')
    await click(on('ipWhitelist').question?.confirm ?? on('ipWhitelist').retry)
    await rest(flow)
    expect(on('ipWhitelist').failure?.code).toBe('client.keepLocksOut')
  })

  test('says that a change is in force still, where it cannot be undone yet, and when that is tried again', async () => {
    const { on, clock, rest, flow, portal } = await onScreen('the question whether the change is kept', 'ipWhitelist')
    expect(on('ipWhitelist').unconfirmedChange).toMatchObject({ after: { enabled: true, entries: [HERE] } })
    portal.fault(() => true, 'loseRequest', { times: Number.POSITIVE_INFINITY })
    await clock.advance(60_000)
    await rest(flow)
    expect(on('ipWhitelist')).toMatchObject({
      status: 'coolingDown',
      question: null,
      notice: 'undoPending',
      failure: { kind: 'network', retryAt: clock.now() + 5_000 },
      unconfirmedChange: { after: { enabled: true, entries: [HERE] } },
      finish: { blocked: null },
    })
  })

  test('says that another one changed it', async () => {
    const { on, click, portal } = await onScreen('a draft that lets the user in', 'ipWhitelist')
    portal.update((draft) => {
      draft.ipWhitelist.entries = ['192.0.2.1']
    })
    await click(on('ipWhitelist').save)
    expect(on('ipWhitelist')).toMatchObject({
      notice: 'changedElsewhere',
      failure: { code: 'client.changedElsewhere' },
      whitelist: { entries: ['192.0.2.1'] },
    })
  })

  test('that is required cannot be left before the change is kept', async () => {
    const { shown, on, click } = await onScreen(
      'the question whether the change is kept, in a required step',
      'ipWhitelist',
    )
    expect([shown.finish.blocked, shown.skip.blocked]).toEqual(['unconfirmed', 'unconfirmed'])
    const { question } = shown
    await click(question?.kind === 'keep' ? question.confirm : shown.retry)
    expect(on('ipWhitelist')).toMatchObject({ question: null, aimHolds: true, finish: { blocked: null } })
  })
})

describe('the sessions', () => {
  test('say which of them the portal lists although it said that it ended them', async () => {
    const { shown } = await onScreen('sessions that are listed although they were ended', 'sessions')
    expect(shown.rows.map(({ isCurrent, isNotEnded }) => [isCurrent, isNotEnded])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(shown).toMatchObject({ failure: { code: 'client.sessionNotEnded' }, sessionsTerminated: 1 })
  })

  const blockedOn = ({ rows }: SessionsScreen) => rows.map(({ terminate }) => terminate.blocked)

  test('can be ended, but for the one in use', async () => {
    const { shown } = await onScreen('sessions with others', 'sessions')
    expect(blockedOn(shown)).toEqual(['sessionCurrent', null, null])
    expect(shown).toMatchObject({
      isRead: true,
      question: null,
      sessionsTerminated: 0,
      terminateOthers: { blocked: null },
    })
  })

  test('that look alike can only be ended together', async () => {
    const { shown } = await onScreen('sessions that look alike', 'sessions')
    expect(blockedOn(shown)).toEqual(Array(4).fill('sessionAmbiguous'))
    expect(shown.terminateOthers.blocked).toBeNull()
  })

  test('of which there is no other leave nothing to end', async () => {
    const { shown } = await onScreen('no other session', 'sessions')
    expect(shown).toMatchObject({ aimHolds: true, terminateOthers: { blocked: 'noOtherSession' } })
  })

  test('are named in the question whether one is to end', async () => {
    const { shown, on, click } = await onScreen('the question whether a session is to end', 'sessions')
    expect(shown.question).toMatchObject({ kind: 'terminate', scope: 'one', sessions: [{ sessionId: 'SESS...R_001' }] })
    expect(blockedOn(shown)).toEqual(['questionOpen', 'questionOpen', 'questionOpen'])
    await click(shown.question?.cancel ?? shown.retry)
    expect(on('sessions')).toMatchObject({ question: null, sessionsTerminated: 0 })
  })

  test('are named in the question whether all others are to end, and then counted', async () => {
    const { shown, on, click } = await onScreen(
      'the question whether all other sessions are to end, where none may be left',
      'sessions',
    )
    expect(shown.question).toMatchObject({ scope: 'others' })
    expect(shown.question?.sessions.map(({ sessionId }) => sessionId)).toEqual(['SESS...R_001', 'SESS...S_002'])
    expect(shown.finish.blocked).toBe('stepRequired')
    await click(shown.question?.confirm ?? shown.retry)
    expect(on('sessions')).toMatchObject({ sessionsTerminated: 2, aimHolds: true, finish: { blocked: null } })
  })

  test('show which one is being ended', async () => {
    const { shown } = await onScreen('sessions while one is ended', 'sessions')
    expect(shown.rows.map(({ isPending }) => isPending)).toEqual([false, true, false])
    expect(shown).toMatchObject({ status: 'busy', question: null })
  })
})

describe('the workspaces', () => {
  const blockedOn = ({ rows }: WorkspaceScreen) =>
    rows.map(({ choose, chooseAsDefault }) => [choose.blocked, chooseAsDefault?.blocked])

  test('say which can be chosen, and which can be made the default', async () => {
    const { shown } = await onScreen('workspaces to choose from', 'workspace')
    expect(blockedOn(shown)).toEqual([
      [null, null],
      ['workspaceClosed', 'workspaceClosed'],
      ['workspaceClosed', 'workspaceClosed'],
      [null, 'workspaceNotEligible'],
    ])
    expect(shown).toMatchObject({ isRead: true, route: null, aimHolds: false, finish: { blocked: 'stepRequired' } })
  })

  test('say where the user goes who chooses nothing', async () => {
    const { shown } = await onScreen('workspaces with a default one', 'workspace')
    expect(shown.route).toEqual({ to: 'workspace', workspaceBizId: 'WS_HOME_001', reason: 'default' })
    expect(blockedOn(shown)).toEqual([
      [null, 'alreadyDefault'],
      [null, null],
    ])
    expect((await onScreen('no workspace', 'workspace')).shown.route).toEqual({ to: 'noWorkspace' })
  })

  test('show which one is being made the default', async () => {
    const { shown } = await onScreen('workspaces while one is made the default', 'workspace')
    expect(shown.rows.map(({ isPending }) => isPending)).toEqual([false, true])
  })

  test('show none as being made the default once that came to nothing', async () => {
    const { shown } = await onScreen('workspaces of which none could be made the default', 'workspace')
    expect(shown.status).toBe('coolingDown')
    expect(shown.rows.map(({ isPending }) => isPending)).toEqual([false, false])
  })

  test('lead where the user chose', async () => {
    const { shown, on, click } = await onScreen('workspaces with a default one', 'workspace')
    await click(shown.rows[1]?.chooseAsDefault ?? shown.retry)
    expect(on('completed').output.route).toEqual({ to: 'workspace', workspaceBizId: 'WS_LAB_001', reason: 'chosen' })
  })
})

describe('between the steps and at the end', () => {
  test('it loads until the portal has told what the first step needs', async () => {
    const { machines, rest } = createSetting({ portal: { secureChannel: 'off' } })
    const flow = createActor(machines.onboarding).start()
    expect(screenOf(flow.getSnapshot())).toMatchObject({ name: 'loading', cancelFlow: { blocked: null } })
    await rest(flow)
    expect(screenOf(flow.getSnapshot()).name).toBe('invitations')
    flow.stop()
  })

  test('a step that broke down is named, can be tried again and be passed', async () => {
    const { shown, on, click } = await onScreen('a step that is out of order', 'broken')
    expect(shown).toMatchObject({ step: 'mfa', failure: { code: 'client.unexpected' }, skip: { blocked: null } })
    await click(shown.retry)
    expect(on('broken').step).toBe('mfa')
    await click(on('broken').skip)
    expect(on('completed').output.skippedSteps).toEqual(['mfa'])
  })

  test('a required one that broke down cannot be passed', async () => {
    const { shown } = await onScreen('a required step that is out of order', 'broken')
    expect([shown.retry.blocked, shown.skip.blocked]).toEqual([null, 'stepRequired'])
  })

  test('a flow that cannot run at all says why', () => {
    const { machines } = createSetting({ portal: { secureChannel: 'off' } })
    const flow = createActor(machines.onboarding, { input: { order: ['nowhere'] } } as never)
    flow.subscribe({ error: () => undefined })
    flow.start()
    expect(screenOf(flow.getSnapshot())).toMatchObject({
      name: 'crashed',
      failure: { code: 'client.input', field: 'order[0]' },
    })
  })

  test('a session that has ended ends the flow, and says why', async () => {
    const { on, click, portal } = await visit({ input: only('sessions') })
    portal.fault('listSessions', { status: 401 }, { times: 9 })
    await click(on('sessions').refresh)
    expect(on('signedOut').output).toMatchObject({ outcome: 'signedOut', failure: { kind: 'unauthorized' } })
  })

  test('a flow that is cancelled says so', async () => {
    const { on, flow } = await visit()
    flow.send({ type: 'onboarding.cancel' })
    expect(on('cancelled').output).toMatchObject({ outcome: 'cancelled', failure: null, unconfirmedChange: null })
  })
})
