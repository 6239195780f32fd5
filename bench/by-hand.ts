/**
 * The floor: the same sunny day as somebody would write it for one page, with ky, `zod/mini` and WebCrypto, who trusts the network, the
 * clock and the user. It asks the same endpoints, checks each reply as strictly, speaks the same secure channel, and draws a screen
 * a step. What it leaves out is what the library is for: retries, lost replies, read-backs, expired codes, lockouts, reloads.
 */
import ky from 'ky'
import * as z from 'zod/mini'

interface Options {
  readonly baseUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string
  readonly accessToken: () => string
  readonly secureChannel: 'off' | 'binary'
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  readonly render: (screen: Screen) => void
}

const id = z.string().check(z.minLength(1), z.maxLength(256))
const text = z.nullish(z.string())
const flag = z.nullish(z.boolean())
const enumCode = z.object({ code: z.string().check(z.minLength(1)) })

const envelope = z.object({ code: z.string(), data: z.optional(z.unknown()) })
const invitation = z.object({
  bizId: id,
  workspaceBizId: z.nullish(id),
  workspaceName: text,
  inviterName: text,
  invitationStatus: enumCode,
  expiresAt: text,
  canAccept: flag,
})
const acceptance = z.object({ workspaceBizId: id, becameDefaultWorkspace: flag, nextAction: z.nullish(enumCode) })
const mfaMethod = z.object({ mfaMethod: enumCode, isEnabled: flag, isPrimary: flag })
const otpSetup = z.object({ secret: id, qrCodeUri: z.string(), issuer: z.string(), accountName: text })
const whitelist = z.object({ enabled: z.boolean(), entries: z.array(z.string()) })
const session = z.object({ sessionId: id, clientIp: text, isCurrent: flag, deviceInfo: text, lastActiveAt: text })
const workspace = z.object({ workspaceBizId: id, workspaceName: text, isDefault: flag, enterable: flag })
const channelKey = z.object({ keyId: id, publicKey: z.string() })
const channelSession = z.object({ sessionId: id })

type Of<Schema extends z.ZodMiniType> = z.output<Schema>
type Busy = { readonly busy: boolean }
export type Screen =
  | ({ readonly step: 'invitations'; readonly rows: readonly Of<typeof invitation>[] } & Busy)
  | ({ readonly step: 'mfa'; readonly methods: readonly Of<typeof mfaMethod>[] } & Busy)
  | ({ readonly step: 'otp'; readonly setup: Of<typeof otpSetup> } & Busy)
  | ({ readonly step: 'ipWhitelist'; readonly list: Of<typeof whitelist>; readonly ownAddress: string } & Busy)
  | ({ readonly step: 'sessions'; readonly rows: readonly Of<typeof session>[] } & Busy)
  | { readonly step: 'done'; readonly workspaceBizId: string | null }

const SECURITY = 'web/v1/system/security'
const INVITATIONS = 'web/v1/system/profile/invitations'
const CHANNEL = 'web/v1/secure-channel'
const IV_BYTES = 12

export function onboardByHand({ baseUrl, portalAccessCode, clientHash, accessToken, secureChannel, ...host }: Options) {
  const http = ky.create({
    fetch: (input, init) => host.fetch(input, init),
    timeout: 10_000,
    retry: 0,
    throwHttpErrors: false,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
  })
  let channel: ReturnType<typeof openChannel> | null = null
  let screen: Screen | null = null
  let accepted: Of<typeof acceptance> | null = null

  const show = (next: Screen) => {
    screen = next
    host.render(next)
  }
  const showBusy = () => {
    if (screen !== null && screen.step !== 'done') show({ ...screen, busy: true })
  }

  /** One request. `body` undefined: none; `inChannel`: by the session of the secure channel, if there is one. */
  async function send<Schema extends z.ZodMiniType>(
    schema: Schema,
    method: 'GET' | 'POST',
    path: string,
    { body, inChannel = false, signedIn = true }: { body?: object; inChannel?: boolean; signedIn?: boolean } = {},
  ): Promise<Of<Schema>> {
    const session = inChannel && secureChannel !== 'off' ? await theChannel() : null
    const plain = body === undefined ? null : new TextEncoder().encode(JSON.stringify(body))
    const sent = plain === null || session === null ? plain : await session.encrypt(plain)
    const response = await http(`${baseUrl}/${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        'Content-Type': session === null || body === undefined ? 'application/json' : 'application/json;charset=UTF-8',
        'X-PORTAL-ACCESS-CODE': portalAccessCode,
        'X-Client-Hash': clientHash,
        'X-Request-Id': crypto.randomUUID(),
        'X-LOCALE': 'en',
        ...(signedIn ? { Authorization: `Bearer ${accessToken()}` } : {}),
        ...session?.headers,
      },
      ...(sent === null ? {} : { body: sent }),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.ok && bytes.length === 0) return z.parse(schema, undefined)
    const isEncrypted = bytes[0] === 0x53 && bytes[1] === 0x43
    const opened = isEncrypted && session !== null ? await session.decrypt(bytes) : bytes
    const { code, data } = z.parse(envelope, JSON.parse(new TextDecoder().decode(opened)))
    if (!response.ok || !/^2\d{3}$/.test(code)) throw new Error(code)
    return z.parse(schema, data)
  }

  const get = <Schema extends z.ZodMiniType>(schema: Schema, path: string) => send(schema, 'GET', path)
  const post = <Schema extends z.ZodMiniType>(schema: Schema, path: string, body?: object) =>
    send(schema, 'POST', path, { inChannel: path.startsWith(SECURITY), ...(body === undefined ? {} : { body }) })

  function theChannel() {
    channel ??= openChannel()
    return channel
  }

  async function openChannel() {
    const outside = { signedIn: false }
    const { keyId, publicKey } = await send(channelKey, 'GET', `${CHANNEL}/public-key`, outside)
    const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' }
    const portalKey = await crypto.subtle.importKey('spki', fromBase64(publicKey), rsa, false, ['encrypt'])
    const raw = [32, 32].map((length) => crypto.getRandomValues(new Uint8Array(length)))
    const [requestKey, responseKey] = await Promise.all(
      raw.map((key) => crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])),
    )
    const [encReqKey, encRespKey] = await Promise.all(
      raw.map(async (key) => toBase64(await crypto.subtle.encrypt(rsa, portalKey, key))),
    )
    for (const key of raw) key.fill(0)
    if (requestKey === undefined || responseKey === undefined) throw new Error('no keys')
    const body = { keyId, encReqKey, encRespKey }
    const { sessionId } = await send(channelSession, 'POST', `${CHANNEL}/session`, { ...outside, body })
    return {
      headers: { 'X-Secure-Channel-Session-Id': sessionId, 'X-SC-Session-Id': sessionId, 'X-SC-Version': '2' },
      async encrypt(plain: Uint8Array<ArrayBuffer>) {
        const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
        const payload = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, requestKey, plain)
        return new Uint8Array([0x53, 0x43, 2, 2, ...iv, ...new Uint8Array(payload)])
      },
      async decrypt(bytes: Uint8Array<ArrayBuffer>) {
        const gcm = { name: 'AES-GCM', iv: bytes.slice(4, 4 + IV_BYTES) }
        return new Uint8Array(await crypto.subtle.decrypt(gcm, responseKey, bytes.slice(4 + IV_BYTES)))
      },
    }
  }

  const showInvitations = async () =>
    show({ step: 'invitations', rows: await get(z.array(invitation), INVITATIONS), busy: false })
  const showMfa = async () =>
    show({ step: 'mfa', methods: await get(z.array(mfaMethod), `${SECURITY}/mfa`), busy: false })
  const showSessions = async () =>
    show({ step: 'sessions', rows: await get(z.array(session), `${SECURITY}/sessions`), busy: false })
  const showWhitelist = (list: Of<typeof whitelist>, ownAddress: string) =>
    show({ step: 'ipWhitelist', list, ownAddress, busy: false })

  return {
    start: showInvitations,
    async accept(bizId: string) {
      showBusy()
      accepted = await post(acceptance, `${INVITATIONS}/${encodeURIComponent(bizId)}/accept`)
      await showInvitations()
    },
    finishInvitations: showMfa,
    async enroll() {
      showBusy()
      show({ step: 'otp', setup: await post(otpSetup, `${SECURITY}/mfa/otp/setup`), busy: false })
    },
    async verify(code: string) {
      if (!/^\d{6}$/.test(code)) throw new Error('Six digits')
      showBusy()
      await post(z.unknown(), `${SECURITY}/mfa/otp/verify`, { code })
      await showMfa()
    },
    async finishMfa() {
      const [list, sessions] = await Promise.all([
        get(whitelist, `${SECURITY}/ip-whitelist`),
        get(z.array(session), `${SECURITY}/sessions`),
      ])
      showWhitelist(list, sessions.find(({ isCurrent }) => isCurrent)?.clientIp ?? '')
    },
    async enableWhitelist(entries: readonly string[], ownAddress: string) {
      showBusy()
      showWhitelist(await post(whitelist, `${SECURITY}/ip-whitelist`, { entries }), ownAddress)
      await post(z.unknown(), `${SECURITY}/ip-whitelist/enable`)
      showWhitelist(await get(whitelist, `${SECURITY}/ip-whitelist`), ownAddress)
    },
    finishWhitelist: showSessions,
    async terminateOthers() {
      showBusy()
      await post(z.number(), `${SECURITY}/sessions/terminate-all`)
      await showSessions()
    },
    async finishSessions() {
      const workspaces = await get(z.array(workspace), 'web/v1/system/workspaces/mine')
      const toAccepted = accepted?.nextAction?.code === 'ENTER_ACCEPTED_WORKSPACE' ? accepted.workspaceBizId : null
      const standard = workspaces.find(({ isDefault }) => isDefault)?.workspaceBizId ?? null
      show({ step: 'done', workspaceBizId: toAccepted ?? standard })
    },
    /** Ends the session of the channel. */
    async close() {
      if (channel === null) return
      await send(z.unknown(), 'POST', `${CHANNEL}/session/close`, { inChannel: true, signedIn: false })
    },
  }
}

const toBase64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
