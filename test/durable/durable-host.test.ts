import {
  createPortalApi,
  isSealed,
  type OnboardingInput,
  type PortalApi,
  PortalError,
  type StepUpHook,
} from 'postlogin'
import {
  createDurableHost,
  type DurableHost,
  type DurableHostOptions,
  type Hop,
  type MaskedScreen,
  revealScreen,
} from 'postlogin/durable'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nextExpiry } from '../../src/domain/invitations.ts'
import { createSetting, type SettingOptions } from '../support/setting.ts'
import { turn } from '../support/test-clock.ts'

const HERE = '203.0.113.10'
const MINUTE = 60_000

type Named<Name> = Extract<MaskedScreen, { readonly name: Name }>

/** A host whose hops run while the simulated time passes, and what a server would keep of each. */
function createScene({
  setting: settingOptions = {},
  ...options
}: Partial<DurableHostOptions> & { setting?: SettingOptions } = {}) {
  const setting = createSetting(settingOptions)
  const { api, clock, whileTimePasses } = setting
  const host = createDurableHost({ api: () => api, clock, ...options })
  onTestFinished(() => whileTimePasses(host.close()))
  const step = (...args: Parameters<typeof host.step>) => whileTimePasses(host.step(...args))
  /** Stores whatever is announced. */
  async function advance(text: string | null, action?: Parameters<typeof host.step>[2]) {
    let hop = await step('maya', text, action)
    while (hop.mustStore) hop = await step('maya', hop.text)
    return hop
  }
  return { ...setting, host, step, advance }
}

const only = (step: 'invitations' | 'mfa' | 'ipWhitelist' | 'sessions'): OnboardingInput => ({
  order: [step],
  policy: { [step]: 'show' },
})

function shown<Name extends MaskedScreen['name']>(hop: Hop, name: Name): Named<Name> {
  expect(hop.screen.name).toBe(name)
  return hop.screen as Named<Name>
}

const failureOf = async (promise: Promise<unknown>) => {
  const thrown: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(thrown).toBeInstanceOf(PortalError)
  return (thrown as PortalError).failure
}

test('no write leaves before the text that announces it is stored', async () => {
  const { step, portal, requestsSince } = createScene({ input: only('invitations') })
  const begun = await step('maya', null)
  expect(begun).toMatchObject({ taken: true, mustStore: false, output: null })
  requestsSince()
  const [row] = shown(begun, 'invitations').rows
  const announced = await step('maya', begun.text, row?.accept)
  expect(announced).toMatchObject({ taken: true, mustStore: true })
  expect(announced.screen).toMatchObject({ status: 'busy' })
  expect(requestsSince()).toEqual([])
  const done = await step('maya', announced.text)
  expect(done).toMatchObject({ mustStore: false })
  expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
  expect(portal.processed('acceptInvitation')).toBe(1)
})

test('two in a row are announced one by one', async () => {
  const { step, requestsSince } = createScene({ input: only('invitations') })
  const begun = await step('maya', null)
  const [first, second] = shown(begun, 'invitations').rows
  const announced = await step('maya', begun.text, first?.accept)
  requestsSince()
  const both = await step('maya', announced.text, shown(announced, 'invitations').rows[1]?.decline)
  expect(second?.isQueued).toBe(false)
  expect(both).toMatchObject({ taken: true, mustStore: true })
  expect(requestsSince()).toEqual(['acceptInvitation', 'listInvitations'])
  await step('maya', both.text)
  expect(requestsSince()).toEqual(['declineInvitation', 'listInvitations'])
})

describe('an action', () => {
  test('is taken after it went through JSON, in whatever order its fields are', async () => {
    const { advance } = createScene({ input: only('invitations') })
    const begun = await advance(null)
    const { owner, event } = shown(begun, 'invitations').rows[0]?.accept ?? expect.fail()
    const reversed = Object.fromEntries(Object.entries(event).reverse()) as typeof event
    const hop = await advance(begun.text, JSON.parse(JSON.stringify({ event: reversed, owner })))
    expect(hop.taken).toBe(true)
    expect(shown(hop, 'invitations').rows[0]?.standing).toBe('accepted')
  })

  test.each([
    ['that the screen does not offer', { owner: 'sessions', event: { type: 'sessions.terminateOthers' } }],
    [
      'on a row that is not there',
      { owner: 'invitations', event: { type: 'invitation.accept', invitationBizId: 'x' } },
    ],
    ['that only a machine sends itself', { owner: 'invitations', event: { type: 'restored' } }],
    ['of XState', { owner: 'invitations', event: { type: 'xstate.done.actor.invitations.accept' } }],
    ['to a machine that is none', { owner: 'toString', event: { type: 'retry' } }],
  ])('%s is not taken, and nothing has changed', async (_, action) => {
    const { advance, requestsSince } = createScene({ input: only('invitations') })
    const begun = await advance(null)
    requestsSince()
    const hop = await advance(begun.text, action)
    expect(hop).toEqual({ ...begun, taken: false })
    expect(requestsSince()).toEqual([])
  })

  test('that is blocked is not taken', async () => {
    const { advance } = createScene({ input: { order: ['mfa'], policy: { mfa: 'require' } } })
    const begun = await advance(null)
    const { finish } = shown(begun, 'mfa')
    expect(finish.blocked).toBe('stepRequired')
    expect(await advance(begun.text, finish)).toMatchObject({ taken: false, output: null })
  })

  test.each([[{ owner: 'mfa' }], [{ owner: 'mfa', event: null }], ['mfa']])(
    '%o is none: that is an error',
    async (action) => {
      const { host } = createScene({ input: only('mfa') })
      expect(await failureOf(host.step('maya', null, action as never))).toMatchObject({
        code: 'client.input',
        field: 'action',
      })
    },
  )

  test('cannot be given another type by what comes with it', async () => {
    const { advance } = createScene({ input: only('ipWhitelist') })
    const begun = await advance(null)
    const { add } = shown(begun, 'ipWhitelist')
    const hop = await advance(begun.text, { ...add, more: { value: HERE, type: 'step.finish' } })
    expect(shown(hop, 'ipWhitelist').rows).toMatchObject([{ value: HERE }])
  })
})

describe('time', () => {
  test('wakeAt is the earliest deadline, and null where none is', async () => {
    const { advance } = createScene({ input: { order: ['invitations', 'mfa'], policy: { mfa: 'show' } } })
    const begun = await advance(null)
    const { rows, finish } = shown(begun, 'invitations')
    expect(begun.wakeAt).toBe(nextExpiry(rows, 0))
    const mfa = await advance(begun.text, finish)
    expect(mfa.screen.name).toBe('mfa')
    expect(mfa.wakeAt).toBeNull()
  })

  test('nothing happens between two hops, whatever the time; the next one makes up for it', async () => {
    const { advance, clock, requestsSince } = createScene({ input: only('invitations') })
    const begun = await advance(null)
    requestsSince()
    await clock.advance((begun.wakeAt ?? 0) - clock.now())
    expect(requestsSince()).toEqual([])
    const hop = await advance(begun.text, null)
    expect(requestsSince()).toEqual(['listInvitations'])
    expect(shown(hop, 'invitations').rows.map(({ standing }) => standing)).toContain('expired')
  })

  test('too early a call changes nothing', async () => {
    const { advance, requestsSince } = createScene({ input: only('invitations') })
    const begun = await advance(null)
    requestsSince()
    expect(await advance(begun.text, null)).toEqual(begun)
    expect(requestsSince()).toEqual([])
  })

  test.each([
    ['the same process', 100],
    ['another process', 0],
  ])('a change that nobody keeps is undone by the first hop past its time, in %s', async (_, maxLive) => {
    const { advance, clock, portal } = createScene({ input: only('ipWhitelist'), maxLive })
    const begun = await advance(null)
    const added = await advance(begun.text, { ...shown(begun, 'ipWhitelist').add, more: { value: HERE } })
    const asked = await advance(added.text, shown(added, 'ipWhitelist').enable)
    expect(shown(asked, 'ipWhitelist').question).toMatchObject({ kind: 'keep' })
    expect(asked.wakeAt).toBe(clock.now() + MINUTE)
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    await clock.advance(10 * MINUTE)
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    const undone = await advance(asked.text, null)
    expect(portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
    expect(shown(undone, 'ipWhitelist')).toMatchObject({ question: null, unconfirmedChange: null })
  })

  test('a retry does not shorten the time to keep a change, nor skip it', async () => {
    const { advance, step, clock, portal } = createScene({ input: only('ipWhitelist'), maxLive: 0 })
    const begun = await advance(null)
    const added = await advance(begun.text, { ...shown(begun, 'ipWhitelist').add, more: { value: HERE } })
    const asked = await advance(added.text, shown(added, 'ipWhitelist').enable)
    await clock.advance(MINUTE - 1)
    const again = await step('maya', asked.text)
    expect(again).toEqual(asked)
    const kept = await advance(asked.text, shown(asked, 'ipWhitelist').question?.confirm)
    expect(shown(kept, 'ipWhitelist')).toMatchObject({ question: null, unconfirmedChange: null })
    expect(portal.account.ipWhitelist.enabled).toBe(true)
  })
})

describe('secrets', () => {
  async function enrolling(options: Partial<DurableHostOptions> = {}) {
    const scene = createScene({ input: only('mfa'), ...options })
    const begun = await scene.advance(null)
    const hop = await scene.advance(begun.text, shown(begun, 'mfa').enroll)
    return { ...scene, hop }
  }

  test('the screen is JSON with each secret masked; whoever asked gets the QR code on purpose', async () => {
    const { hop } = await enrolling()
    const { otpSetup } = shown(hop, 'otpEnrollment')
    expect(otpSetup?.qrCodeUri).toEqual({ $sealed: true })
    expect(JSON.parse(JSON.stringify(hop))).toEqual(hop)
    const revealed = revealScreen(hop)
    const uri = revealed.name === 'otpEnrollment' ? revealed.otpSetup?.qrCodeUri : null
    expect(isSealed(uri) && uri.reveal()).toMatch(/^otpauth:\/\/totp\//)
    const plain = new URL(isSealed(uri) ? uri.reveal() : '').searchParams.get('secret') ?? ''
    expect(plain.length).toBeGreaterThan(15)
    expect(JSON.stringify(hop)).not.toContain(plain)
  })

  test('a copy of the hop has none', async () => {
    const { hop } = await enrolling()
    expect(() => revealScreen(JSON.parse(JSON.stringify(hop)))).toThrow('must be what step returned, not a copy')
  })

  test('in another process the QR code is gone; the code from the phone is still taken', async () => {
    const { hop, advance, portal } = await enrolling({ maxLive: 0 })
    const later = await advance(hop.text)
    const screen = shown(later, 'otpEnrollment')
    expect(screen).toMatchObject({ otpSetup: null, isSetUp: true, status: 'resting' })
    const code = await portal.authenticator.code()
    const verified = await advance(later.text, { ...screen.submit, more: { code } })
    expect(shown(verified, 'mfa').isOtpEnabled).toBe(true)
  })

  test('the code is in no text, not even in the one that announces it', async () => {
    const { hop, step, portal } = await enrolling()
    const code = await portal.authenticator.code()
    const announced = await step('maya', hop.text, { ...shown(hop, 'otpEnrollment').submit, more: { code } })
    expect(announced.mustStore).toBe(true)
    expect(JSON.stringify(announced)).not.toContain(code)
    expect(announced.text).toContain('otpEnrollment')
  })
})

describe('more proof', () => {
  const demanding = (stepUp: StepUpHook) => ({
    input: only('mfa'),
    setting: {
      portal: {
        account: { mfaMethods: [{ method: 'OTP' as const, isEnabled: true }] },
        stepUp: { operations: ['revokeOtp' as const], header: 'X-Mfa-Token', token: 'proof-1' },
      },
      api: { stepUp },
    },
  })

  async function asked(stepUp: StepUpHook) {
    const scene = createScene(demanding(stepUp))
    const begun = await scene.advance(null)
    const question = await scene.advance(begun.text, shown(begun, 'mfa').revoke)
    const hop = await scene.advance(question.text, shown(question, 'mfa').question?.confirm)
    return { ...scene, hop }
  }

  test('a hop does not wait for the user: it ends, and the next one can give up', async () => {
    const { hop, advance, portal } = await asked(() => new Promise(() => {}))
    const screen = shown(hop, 'mfa')
    expect(screen.status).toBe('steppingUp')
    const given = await advance(hop.text, screen.cancelStepUp)
    expect(shown(given, 'mfa')).toMatchObject({ isOtpEnabled: true, failure: { code: 'client.stepUpDeclined' } })
    expect(portal.processed('revokeOtp')).toBe(0)
  })

  test('what the user allowed meanwhile is read back by the next hop, not done twice', async () => {
    let allow: (headers: Record<string, string>) => void = () => {}
    const { hop, advance, portal, whileTimePasses } = await asked(() => new Promise((resolve) => (allow = resolve)))
    allow({ 'X-Mfa-Token': 'proof-1' })
    await whileTimePasses(
      (async () => {
        while (portal.processed('revokeOtp') === 0) await turn()
      })(),
    )
    const later = await advance(hop.text)
    expect(shown(later, 'mfa')).toMatchObject({ isOtpEnabled: false, failure: null })
    expect(portal.processed('revokeOtp')).toBe(1)
  })
})

describe('flows in memory', () => {
  /** Counts the apis that were made and closed. */
  function counted(setting: ReturnType<typeof createSetting>) {
    const counts = { made: 0, closed: 0 }
    const api = (): PortalApi => {
      counts.made++
      return { ...setting.api, close: async () => void counts.closed++ }
    }
    return { counts, api }
  }

  test('are a cache: an older text goes on from where it stood', async () => {
    const { advance } = createScene({
      input: { order: ['mfa', 'sessions'], policy: { mfa: 'show', sessions: 'show' } },
    })
    const begun = await advance(null)
    const later = await advance(begun.text, shown(begun, 'mfa').skip)
    expect(later.screen.name).toBe('sessions')
    expect(await advance(begun.text)).toEqual(begun)
  })

  test('are at most maxLive, those used last; each has an api of its own, closed once it is put aside', async () => {
    const setting = createSetting()
    const { counts, api } = counted(setting)
    const host = createDurableHost({ api, clock: setting.clock, maxLive: 2, input: only('sessions') })
    const texts = new Map<string, string>()
    for (const subject of ['ada', 'ben', 'cleo', 'ben', 'cleo', 'ada']) {
      const hop = await setting.whileTimePasses(host.step(subject, texts.get(subject) ?? null))
      texts.set(subject, hop.text)
    }
    expect(counts).toEqual({ made: 4, closed: 2 })
    await host.close()
    expect(counts).toEqual({ made: 4, closed: 4 })
  })

  test('that went on elsewhere go on with the api that they have here: its channel is open', async () => {
    const setting = createSetting()
    const { counts, api } = counted(setting)
    const [here, elsewhere] = [api, () => setting.api].map((each) =>
      createDurableHost({ api: each, clock: setting.clock, input: only('sessions') }),
    ) as [DurableHost, DurableHost]
    onTestFinished(() => setting.whileTimePasses(Promise.all([here.close(), elsewhere.close()])).then(() => {}))
    const begun = await setting.whileTimePasses(here.step('maya', null))
    const asked = await elsewhere.step('maya', begun.text, shown(begun, 'sessions').terminateOthers)
    expect(shown(await here.step('maya', asked.text), 'sessions').question).not.toBeNull()
    expect(counts).toEqual({ made: 1, closed: 0 })
  })

  test('are kept until what they announced is stored, whatever maxLive', async () => {
    const setting = createSetting()
    const { counts, api } = counted(setting)
    const host = createDurableHost({ api, clock: setting.clock, maxLive: 0, input: only('invitations') })
    onTestFinished(() => host.close())
    const begun = await setting.whileTimePasses(host.step('maya', null))
    expect(counts).toEqual({ made: 1, closed: 1 })
    const announced = await setting.whileTimePasses(
      host.step('maya', begun.text, shown(begun, 'invitations').rows[0]?.accept),
    )
    expect(counts).toEqual({ made: 2, closed: 1 })
    const done = await setting.whileTimePasses(host.step('maya', announced.text))
    expect(counts).toEqual({ made: 2, closed: 2 })
    expect(shown(done, 'invitations')).toMatchObject({ failure: null, rows: [{ standing: 'accepted' }, {}] })
  })

  test('what is announced never leaves once they are forgotten', async () => {
    const { step, host, portal } = createScene({ input: only('invitations') })
    const begun = await step('maya', null)
    await step('maya', begun.text, shown(begun, 'invitations').rows[0]?.accept)
    await host.close()
    await turn()
    expect(portal.processed('acceptInvitation')).toBe(0)
  })
})

test('one hop at a time for an account: a second one is refused, and the first is not disturbed', async () => {
  const { host, whileTimePasses } = createScene({ input: only('sessions') })
  const first = host.step('maya', null)
  const second = host.step('maya', null)
  expect(await failureOf(second)).toMatchObject({ code: 'client.input', field: 'subject' })
  expect((await whileTimePasses(first)).screen.name).toBe('sessions')
})

test('a hop that is given up leaves the text as it was; the next one goes on from it', async () => {
  const { host, step, portal, whileTimePasses } = createScene({ input: only('sessions') })
  const begun = await step('maya', null)
  const leaving = new AbortController()
  portal.fault('listSessions', 'hang')
  const refreshing = host.step('maya', begun.text, shown(begun, 'sessions').refresh, { signal: leaving.signal })
  while (portal.requests.filter(({ operation }) => operation === 'listSessions').length < 2) await turn()
  leaving.abort(new Error('shutting down'))
  await expect(whileTimePasses(refreshing)).rejects.toThrow('shutting down')
  expect(await step('maya', begun.text)).toEqual(begun)
})

test('a flow that has ended says so to whoever asks again, and takes nothing', async () => {
  const { advance } = createScene({ input: only('sessions') })
  const begun = await advance(null)
  const ended = await advance(begun.text, shown(begun, 'sessions').finish)
  expect(ended).toMatchObject({ output: { outcome: 'completed' }, screen: { name: 'completed' }, wakeAt: null })
  expect(await advance(ended.text)).toEqual(ended)
  expect(await advance(ended.text, shown(begun, 'sessions').finish)).toEqual({ ...ended, taken: false })
})

test.each([
  ['the text of another account', 'client.storageSubject', (text: string) => text.replace('"maya"', '"ben"')],
  [
    'the text of another version',
    'client.storageVersion',
    (text: string) => text.replace(/"format":\d+/, '"format":3'),
  ],
  [
    'the text of a chart with other states',
    'client.storageVersion',
    (text: string) => text.replace(/"states":"\w+"/, '"states":"0"'),
  ],
  ['half a text', 'client.storageText', (text: string) => text.slice(0, 900)],
])('%s is refused by its name', async (_, code, change) => {
  const { advance, host } = createScene({ input: only('sessions') })
  const begun = await advance(null)
  expect(await failureOf(host.step('maya', change(begun.text)))).toMatchObject({ code })
  expect(await advance(begun.text)).toEqual(begun)
})

describe('a flow that cannot go on here begins afresh', () => {
  async function halfway() {
    const scene = createScene({
      maxLive: 0,
      input: { order: ['invitations', 'ipWhitelist'], policy: { ipWhitelist: 'show' } },
    })
    const begun = await scene.advance(null)
    const { rows } = shown(begun, 'invitations')
    const accepted = await scene.advance(begun.text, rows[0]?.accept)
    return { ...scene, accepted }
  }
  const ofEarlierVersion = (text: string) =>
    text.replace(/"format":\d+/, '"format":3').replace(/"states":"\w+"/g, '"states":"0"')

  test('with what was accepted, which decides the route', async () => {
    const { accepted, host, advance, whileTimePasses } = await halfway()
    const afresh = await whileTimePasses(host.beginAfresh('maya', ofEarlierVersion(accepted.text)))
    const left = await advance(afresh.text, shown(afresh, 'invitations').skip)
    const ended = await advance(left.text, shown(left, 'ipWhitelist').skip)
    expect(ended.output).toMatchObject({
      outcome: 'completed',
      route: { to: 'workspace', workspaceBizId: 'WS_ACME_001', reason: 'accepted' },
      acceptedInvitations: [{ workspaceBizId: 'WS_ACME_001' }],
    })
  })

  test('with a change that nobody confirmed, which is reported until another one is kept', async () => {
    const { accepted, host, advance, whileTimePasses } = await halfway()
    const left = await advance(accepted.text, shown(accepted, 'invitations').skip)
    const added = await advance(left.text, { ...shown(left, 'ipWhitelist').add, more: { value: HERE } })
    const asked = await advance(added.text, shown(added, 'ipWhitelist').enable)
    const afresh = await whileTimePasses(host.beginAfresh('maya', ofEarlierVersion(asked.text)))
    const again = await advance(afresh.text, shown(afresh, 'invitations').skip)
    const change = { before: { enabled: false, entries: [] }, after: { enabled: true, entries: [HERE] } }
    expect(shown(again, 'ipWhitelist').unconfirmedChange).toMatchObject(change)
    const ended = await advance(again.text, shown(again, 'ipWhitelist').finish)
    expect(ended.output).toMatchObject({ outcome: 'completed', unconfirmedChange: change })
    const disabled = await advance(again.text, shown(again, 'ipWhitelist').disable)
    const confirmed = await advance(disabled.text, shown(disabled, 'ipWhitelist').question?.confirm)
    expect(shown(confirmed, 'ipWhitelist').unconfirmedChange).toBeNull()
  })

  test.each([
    ['no JSON'],
    ['{"snapshot":{}}'],
    ['{"subject":"maya","snapshot":{"context":{"acceptedInvitations":[5]}}}'],
  ])('with nothing, where nothing can be read of it: %s', async (text) => {
    const { host, whileTimePasses } = createScene({ input: only('sessions') })
    const beginning = whileTimePasses(host.beginAfresh('maya', text))
    if (text === '{"snapshot":{}}')
      return expect(await failureOf(beginning)).toMatchObject({ code: 'client.storageSubject' })
    expect((await beginning).screen.name).toBe('sessions')
  })

  test('but not with what belongs to another account', async () => {
    const { accepted, host } = await halfway()
    expect(await failureOf(host.beginAfresh('ben', accepted.text))).toMatchObject({ code: 'client.storageSubject' })
  })
})

test.each([
  [{ api: 5 }, 'api'],
  [{ clock: {} }, 'clock'],
  [{ maxLive: -1 }, 'maxLive'],
  [{ maxLive: 1.5 }, 'maxLive'],
])('%o is no option', (options, field) => {
  const api = () => createPortalApi({} as never)
  const create = () => createDurableHost({ api, ...options } as never)
  expect(create).toThrow(PortalError)
  expect(create).toThrow(`createDurableHost: ${field}: must`)
})

test('an input that is wrong is named by the first hop', async () => {
  const { host } = createScene({ input: { order: ['nonsense'] as never } })
  expect(await failureOf(host.step('maya', null))).toMatchObject({ kind: 'config', field: 'order[0]' })
  expect(await failureOf(host.step('', null))).toMatchObject({ kind: 'config' })
})
