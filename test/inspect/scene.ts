/**
 * The whole flow with every failure, watched: by a user who makes each mistake, in front of a portal that talks too much, inside a
 * host that is careless with its secrets. Runs in Node and, bundled, in a browser.
 */
import { activeStep, createMachines, fromStorage, isSealed, toStorage } from 'postlogin'
import type { FakePortal, Fault } from 'postlogin/testing'
import { type AnyActorRef, createActor } from 'xstate'
import type { Secrets } from '../support/leaks.ts'
import { createSetting, REQUEST_TIME_OUT_MS } from '../support/setting.ts'
import { carryThrough, eagerPolicy } from '../support/user.ts'

/** Each in turn hits each operation, as the runs go by. */
export const faults: readonly Fault[] = [
  'loseRequest',
  'loseReply',
  'resent',
  'malformed',
  'wrongShape',
  'hang',
  'hangReply',
  'stallBody',
  { delayMs: REQUEST_TIME_OUT_MS + 1 },
  { retryAfter: 30 },
  ...[400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503].map((status) => ({ status })),
  { status: 500, process: true },
  { status: 502, body: '<html>Bad gateway</html>' },
]

const operations = [
  'listMfaMethods',
  'setupOtp',
  'verifyOtp',
  'getIpWhitelist',
  'replaceIpWhitelist',
  'enableIpWhitelist',
  'listSessions',
  'terminateSession',
  'terminateOtherSessions',
  'listInvitations',
  'acceptInvitation',
  'declineInvitation',
  'listWorkspaces',
  'getChannelKey',
  'openChannel',
] as const

const ACCESS_TOKEN = 'at+9fQ/7c.b2_Zk~0Yx==Lw'
const REFRESH_TOKEN = 'rt:55d1/ea+77.c0a8'
const ACCESS_CODE = 'PORTAL-ACCESS "7Q"'
const CLIENT_HASH = 'fp-3f9a/88+1b.20c4'

export type Watch = (actor: AnyActorRef, secrets: () => string[]) => { stop(): void }

export interface Run {
  readonly name: string
  readonly secrets: Secrets
  readonly actorIds: readonly string[]
  readonly outcome: unknown
  readonly stored: readonly string[]
}

export interface Conditions {
  /** Which fault hits which operation; none at all where it is left out. */
  readonly rotation?: number
  /** Does a secret turn up where it does not belong? Default true. */
  readonly isCareless?: boolean
}

export async function onboard(watch: Watch, { rotation, isCareless = true }: Conditions): Promise<Run> {
  const notes = createNotes()
  const setting = createSetting({
    quietMs: 60,
    portal: { account: { ...notes.account } },
    api: {
      portalAccessCode: notes.account.portalAccessCode,
      clientHash: notes.account.clientHash,
      refreshAccessToken: async () => notes.noteHosts(setting.portal.refreshAccessToken()),
    },
  })
  const { machines } = setting
  const portal = noting(setting.portal, notes)
  if (isCareless) talkTooMuch(portal)
  if (rotation !== undefined) {
    for (const [index, operation] of operations.entries()) {
      const fault = faults[(index + rotation) % faults.length]
      if (fault !== undefined) portal.fault(operation, fault)
    }
  }

  const stored: string[] = []
  const subject = 'maya@example.com'
  const actorIds: string[] = []
  const watched = (flow: ReturnType<typeof createActor<typeof machines.onboarding>>) => {
    actorIds.push(flow.sessionId)
    watch(flow, () => [...notes.hosts])
    flow.subscribe(() => {
      stored.push(toStorage(flow, { subject }))
      if (isCareless) blunder(flow, portal, notes)
    })
    return flow
  }

  const userLeft = new AbortController()
  const first = watched(createActor(machines.onboarding, { input: { policy: eagerPolicy } }))
  first.subscribe((snapshot) => {
    // The page is reloaded in the middle of an enrollment, its secret on the screen.
    if (userLeft.signal.aborted || activeStep(snapshot)?.name !== 'otpEnrollment') return
    if (!activeStep(snapshot)?.actor.getSnapshot().hasTag('resting')) return
    userLeft.abort()
  })
  first.start()
  await carryThrough({ ...setting, portal }, first, userLeft.signal)
  const text = toStorage(first, { subject })
  first.stop()
  // What is forgotten by the host, nobody can recognize in the new page.
  notes.revealed.clear()
  const anew = createMachines(setting.api, { clock: setting.clock })
  const flow = watched(createActor(anew.onboarding, { snapshot: fromStorage(anew.onboarding, text, { subject }) }))
  await carryThrough({ ...setting, portal }, flow.start())
  await setting.whileTimePasses(setting.api.close())
  notes.gather(portal)
  return {
    name: rotation === undefined ? 'no fault' : `rotation ${rotation}`,
    secrets: notes.secrets(),
    actorIds,
    outcome: flow.getSnapshot().output,
    stored,
  }
}

/** The security center of one whose OTP is on; and in the end the session is over. */
export async function revoke(watch: Watch): Promise<Run> {
  const notes = createNotes()
  const otpSecret = 'KRSXG5CTMVRXEZLUKN2XAZLS'
  const setting = createSetting({
    quietMs: 60,
    portal: { account: { ...notes.account, otpSecret, mfaMethods: [{ method: 'OTP', isEnabled: true }] } },
    api: { portalAccessCode: notes.account.portalAccessCode, clientHash: notes.account.clientHash },
  })
  notes.texts.add(otpSecret)
  const portal = noting(setting.portal, notes)
  const actor = createActor(setting.machines.mfa, { input: { policy: 'show' } })
  watch(actor, () => [...notes.hosts])
  actor.start()
  await setting.rest(actor)
  await setting.perform(actor, { type: 'backupCodes.check' })
  await setting.perform(actor, { type: 'otp.revoke' })
  await setting.perform(actor, { type: 'revoke.confirm' })
  carelessly(actor, notes)
  portal.fault(() => true, { status: 401 }, { times: Number.POSITIVE_INFINITY })
  await setting.perform(actor, { type: 'retry' })
  notes.gather(portal)
  const outcome = actor.getSnapshot().output
  return { name: 'revocation', secrets: notes.secrets(), actorIds: [actor.sessionId], outcome, stored: [] }
}

function createNotes() {
  const hosts = new Set([ACCESS_TOKEN, REFRESH_TOKEN, ACCESS_CODE, CLIENT_HASH])
  const texts = new Set(hosts)
  const codes = new Set<string>()
  const keys = watchKeys()
  return {
    account: {
      accessToken: ACCESS_TOKEN,
      refreshToken: REFRESH_TOKEN,
      portalAccessCode: ACCESS_CODE,
      clientHash: CLIENT_HASH,
    },
    /** Known to the host, which lists them. */
    hosts,
    /** Came up in the flow, where the redactor has to recognize them by itself. */
    revealed: new Set<string>(),
    /** All that must not be seen. */
    texts,
    codes,
    noteHosts(text: string) {
      hosts.add(text)
      texts.add(text)
      return text
    },
    reveal(text: string) {
      this.revealed.add(text)
      texts.add(text)
    },
    secrets: (): Secrets => ({ texts, codes, keys }),
    gather({ account, requests }: FakePortal) {
      for (const { sessionId } of account.sessions) texts.add(sessionId)
      for (const { headers } of requests) {
        for (const [name, value] of Object.entries(headers)) if (/session-id$/i.test(name)) texts.add(value)
      }
      for (const text of [account.accessToken, account.refreshToken, account.otpSecret, account.otpSetup?.secret]) {
        if (typeof text === 'string') texts.add(text)
      }
    },
  }
}

type Notes = ReturnType<typeof createNotes>

/** The channel's keys as they are drawn. */
let drawn: Uint8Array[] | null = null
function watchKeys(): readonly Uint8Array[] {
  if (drawn === null) {
    const keys: Uint8Array[] = []
    const draw = crypto.getRandomValues.bind(crypto)
    const noting: typeof crypto.getRandomValues = (array) => {
      const filled = draw(array)
      if (filled instanceof Uint8Array && filled.length === 32) keys.push(filled.slice())
      return filled
    }
    Object.defineProperty(crypto, 'getRandomValues', { value: noting, configurable: true })
    drawn = keys
  }
  return drawn
}

/** The same portal; the codes that the phone shows are noted, and everything else that is secret. */
function noting(portal: FakePortal, notes: Notes): FakePortal {
  const authenticator = {
    ...portal.authenticator,
    async code(options?: { readonly skewMs?: number }) {
      const code = await portal.authenticator.code(options)
      notes.codes.add(code)
      notes.gather(portal)
      return code
    },
  }
  return Object.create(portal, { authenticator: { value: authenticator } }) as FakePortal
}

/** Secrets where nobody expects them: in names that the portal hands out, and in the code of a refusal. */
function talkTooMuch(portal: FakePortal) {
  portal.update((account) => {
    for (const workspace of account.workspaces) workspace.workspaceName += ` ${encodeURIComponent(ACCESS_TOKEN)}`
    for (const invitation of account.invitations) {
      invitation.inviterName = `${ACCESS_CODE} ${btoa(`${ACCESS_TOKEN}:${REFRESH_TOKEN}`)}`
    }
    for (const session of account.sessions) session.deviceInfo += ` ${masked(session.sessionId)} ${CLIENT_HASH}`
  })
  portal.fault('declineInvitation', { status: 400, code: ACCESS_TOKEN })
}

const masked = (sessionId: string) => `${sessionId.slice(0, 4)}...${sessionId.slice(-5)}`

const blunders = new WeakMap<AnyActorRef, string[]>()

/** Once for each step, when it rests: all that a user can get wrong, and a host. */
function blunder(flow: AnyActorRef, portal: FakePortal, notes: Notes) {
  const step = activeStep(flow.getSnapshot())
  const screen = step?.actor.getSnapshot()
  if (!step || !screen?.hasTag('resting')) return
  const done = blunders.get(flow) ?? []
  blunders.set(flow, done)
  if (done.includes(step.name)) return
  done.push(step.name)
  carelessly(step.actor, notes)
  switch (step.name) {
    case 'invitations':
      step.actor.send({ type: 'invitation.accept', invitationBizId: ACCESS_TOKEN })
      break
    case 'mfa':
      break
    case 'otpEnrollment': {
      const { otpSetup } = step.actor.getSnapshot().context
      if (isSealed(otpSetup?.qrCodeUri)) {
        notes.reveal(otpSetup.qrCodeUri.reveal())
        notes.reveal(otpSetup.secret.reveal())
        carelessly(step.actor, notes)
      }
      for (const code of ['12 34', '314 159', '314159']) step.actor.send({ type: 'code.submit', code })
      notes.codes.add('314159')
      notes.revealed.add('314159')
      void portal.authenticator
        .code({ skewMs: -600_000 })
        .then((code) => step.actor.send({ type: 'code.submit', code }))
      break
    }
    case 'ipWhitelist':
      step.actor.send({ type: 'entries.replace', values: [ACCESS_TOKEN, '10.0.0.0/8', '203.0.113.300'] })
      step.actor.send({ type: 'whitelist.save' })
      break
    case 'sessions': {
      const { sessions } = step.actor.getSnapshot().context
      for (const { sessionId } of sessions) {
        notes.texts.add(sessionId)
        step.actor.send({ type: 'session.terminate', sessionId })
      }
      break
    }
    case 'workspace':
      break
  }
}

/** A host that puts its secrets into events of its own; the machines take no notice, an inspector does. */
function carelessly(actor: AnyActorRef, { hosts, revealed, texts }: Notes) {
  const secrets = [...hosts, ...revealed]
  const utf8 = (text: string) => [...new TextEncoder().encode(text)]
  const base64 = (text: string) => btoa(String.fromCharCode(...utf8(text)))
  const hex = (text: string) =>
    utf8(text)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
  actor.send({
    type: 'host.note',
    plain: secrets,
    inside: secrets.map((secret) => `>${secret}<`),
    base64: secrets.map(base64),
    hex: secrets.map(hex),
    hexCapitals: secrets.map((secret) => hex(secret).toUpperCase()),
    url: secrets.map((secret) => `https://portal.example/?q=${encodeURIComponent(secret)}&x=1`),
    json: JSON.stringify({ stored: secrets }),
    keys: Object.fromEntries(secrets.map((secret, index) => [secret, index])),
    headers: { Authorization: `Bearer ${ACCESS_TOKEN}`, 'X-PORTAL-ACCESS-CODE': ACCESS_CODE },
    backupCodes: ['8f3k-22ma', '9d1x-70pq'],
    error: new Error(`refused: ${ACCESS_TOKEN}`),
  })
  texts.add('8f3k-22ma').add('9d1x-70pq')
}
