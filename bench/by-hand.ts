/**
 * The floor: the same sunny day as a front-end developer would write it for one page, with ky, `zod/mini` and WebCrypto. It makes the
 * same requests as the flow, checks each reply, speaks the same secure channel, and draws a screen a step; its state is a
 * few variables. It trusts the network, the clock and the user: what else can happen is left out, and is what the library is for.
 */
import ky from 'ky'
import * as z from 'zod/mini'

const id = z.string().check(z.minLength(1), z.maxLength(256))
const text = z.nullish(z.string())
const flag = z.nullish(z.boolean())
const time = z.nullish(z.pipe(z.string(), z.transform(Date.parse)))
const enumCode = z.object({ code: z.string().check(z.minLength(1)) })
const nothing = z.unknown()

const envelope = z.object({ code: z.string(), success: z.nullish(z.boolean()), data: z.optional(z.unknown()) })
const invitations = z.array(
  z.object({
    bizId: id,
    workspaceBizId: id,
    workspaceName: text,
    inviterName: text,
    invitationStatus: enumCode,
    expiresAt: time,
    canAccept: flag,
  }),
)
const acceptance = z.object({ workspaceBizId: id, becameDefaultWorkspace: flag, nextAction: enumCode })
const methods = z.array(z.object({ mfaMethod: enumCode, isEnabled: z.boolean(), isPrimary: flag }))
const otpSetup = z.object({ secret: id, qrCodeUri: z.string(), issuer: z.string(), accountName: text })
const whitelist = z.object({ enabled: z.boolean(), entries: z.array(z.string()) })
const sessions = z.array(
  z.object({
    sessionId: id,
    clientIp: z.string(),
    isCurrent: flag,
    deviceInfo: text,
    location: text,
    lastActiveAt: time,
  }),
)
const workspaces = z.array(
  z.object({ workspaceBizId: id, workspaceName: text, isDefault: flag, enterable: flag, defaultEligible: flag }),
)
const channelKey = z.object({ keyId: z.string(), publicKey: z.string() })
const channelSession = z.object({ sessionId: z.string() })

interface Page {
  readonly baseUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string
  readonly accessToken: string
  readonly secureChannel: 'off' | 'binary'
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  render(screen: object): void
}

const SECURITY = 'web/v1/system/security'
const INVITATIONS = 'web/v1/system/profile/invitations'
const WORKSPACES = 'web/v1/system/workspaces/mine'
const CHANNEL = 'web/v1/secure-channel'

/** `S`, `C`, version, type of a request. */
const ENVELOPE_HEAD = [0x53, 0x43, 2, 2]
const IV_BYTES = 12

export function onboardByHand({
  baseUrl,
  portalAccessCode,
  clientHash,
  accessToken,
  secureChannel,
  fetch,
  render,
}: Page) {
  const http = ky.create({
    fetch: (input, init) => fetch(input, init),
    headers: { 'X-PORTAL-ACCESS-CODE': portalAccessCode, 'X-Client-Hash': clientHash, 'X-LOCALE': 'en' },
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    throwHttpErrors: false,
  })

  async function send<Reply extends z.ZodMiniType>(
    method: 'GET' | 'POST',
    path: string,
    reply: Reply,
    body?: object,
    channel?: Awaited<ReturnType<typeof openChannel>>,
  ): Promise<z.output<Reply>> {
    const plain = body && new TextEncoder().encode(JSON.stringify(body))
    const response = await http(`${baseUrl}/${path}`, {
      method,
      headers: {
        'Content-Type': channel && body ? 'application/json;charset=UTF-8' : 'application/json',
        'X-Request-Id': crypto.randomUUID(),
        ...(path.startsWith(CHANNEL) ? {} : { Authorization: `Bearer ${accessToken}` }),
        ...channel?.headers,
      },
      ...(plain && { body: channel ? await channel.encrypt(plain) : plain }),
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.ok && bytes.length === 0) return z.parse(reply, null)
    const isEncrypted = bytes[0] === ENVELOPE_HEAD[0] && bytes[1] === ENVELOPE_HEAD[1]
    const opened = channel && isEncrypted ? await channel.decrypt(bytes) : bytes
    const { code, success, data } = z.parse(envelope, JSON.parse(new TextDecoder().decode(opened)))
    if (!response.ok || !/^2\d{3}$/.test(code) || success === false) throw new Error(code)
    return z.parse(reply, data)
  }

  async function openChannel() {
    const { keyId, publicKey } = await send('GET', `${CHANNEL}/public-key`, channelKey)
    const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' }
    const portalKey = await crypto.subtle.importKey('spki', fromBase64(publicKey), rsa, false, ['encrypt'])
    const makeKey = async () => {
      const raw = crypto.getRandomValues(new Uint8Array(32))
      const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
      return { key, encrypted: toBase64(await crypto.subtle.encrypt(rsa, portalKey, raw)) }
    }
    const [request, response] = await Promise.all([makeKey(), makeKey()])
    const keys = { keyId, encReqKey: request.encrypted, encRespKey: response.encrypted }
    const { sessionId } = await send('POST', `${CHANNEL}/session`, channelSession, keys)
    return {
      headers: { 'X-Secure-Channel-Session-Id': sessionId, 'X-SC-Session-Id': sessionId, 'X-SC-Version': '2' },
      async encrypt(plain: Uint8Array<ArrayBuffer>) {
        const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
        const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, request.key, plain)
        return new Uint8Array([...ENVELOPE_HEAD, ...iv, ...new Uint8Array(encrypted)])
      },
      decrypt(bytes: Uint8Array<ArrayBuffer>) {
        const payload = bytes.subarray(ENVELOPE_HEAD.length)
        const gcm = { name: 'AES-GCM', iv: payload.subarray(0, IV_BYTES) }
        return crypto.subtle.decrypt(gcm, response.key, payload.subarray(IV_BYTES))
      },
    }
  }

  let channel: ReturnType<typeof openChannel> | undefined
  const post = <Reply extends z.ZodMiniType>(path: string, reply: Reply) => send('POST', path, reply)
  /** For what changes the account's security. */
  async function postSecurely<Reply extends z.ZodMiniType>(path: string, reply: Reply, body?: object) {
    if (secureChannel !== 'off') channel ??= openChannel()
    return send('POST', `${SECURITY}/${path}`, reply, body, await channel)
  }

  const readInvitations = () => send('GET', INVITATIONS, invitations)
  const readMethods = () => send('GET', `${SECURITY}/mfa`, methods)
  const readWhitelist = () => send('GET', `${SECURITY}/ip-whitelist`, whitelist)
  const readSessions = () => send('GET', `${SECURITY}/sessions`, sessions)
  const readWorkspaces = () => send('GET', WORKSPACES, workspaces)

  const reads = {
    invitations: readInvitations(),
    methods: readMethods(),
    whitelist: readWhitelist(),
    sessions: readSessions(),
    workspaces: readWorkspaces(),
  }
  let accepted: z.output<typeof acceptance> | undefined
  let screen: object | undefined

  const draw = <Screen extends object>(next: Screen) => {
    screen = next
    render(next)
    return next
  }
  const drawBusy = () => draw({ ...screen, isBusy: true })
  const ownAddressIn = (rows: z.output<typeof sessions>) => rows.find(({ isCurrent }) => isCurrent)?.clientIp ?? ''

  return {
    start: async () => draw({ name: 'invitations', rows: await reads.invitations, isBusy: false }),
    async accept(bizId: string) {
      drawBusy()
      accepted = await post(`${INVITATIONS}/${encodeURIComponent(bizId)}/accept`, acceptance)
      return draw({ name: 'invitations', rows: await readInvitations(), isBusy: false })
    },
    finishInvitations: async () => draw({ name: 'mfa', methods: await reads.methods, isBusy: false }),
    async enroll() {
      drawBusy()
      return draw({ name: 'otpEnrollment', setup: await postSecurely('mfa/otp/setup', otpSetup), isBusy: false })
    },
    async submit(code: string) {
      if (!/^\d{6}$/.test(code)) throw new Error('Six digits')
      drawBusy()
      await postSecurely('mfa/otp/verify', nothing, { code })
      return draw({ name: 'mfa', methods: await readMethods(), isBusy: false })
    },
    async finishMfa() {
      const [list, rows] = await Promise.all([reads.whitelist, reads.sessions])
      return draw({ name: 'ipWhitelist', list, ownAddress: ownAddressIn(rows), isBusy: false })
    },
    async enableForOwnAddress() {
      drawBusy()
      const [{ entries }, rows] = await Promise.all([readWhitelist(), readSessions()])
      const ownAddress = ownAddressIn(rows)
      await postSecurely('ip-whitelist', whitelist, { entries: [...entries, ownAddress] })
      const saved = await readWhitelist()
      if (!saved.entries.includes(ownAddress)) throw new Error('This would lock you out')
      await postSecurely('ip-whitelist/enable', nothing)
      return draw({ name: 'ipWhitelist', list: await readWhitelist(), ownAddress, isBusy: false })
    },
    async finishWhitelist() {
      drawBusy()
      const [, rows] = await Promise.all([readWhitelist(), readSessions()])
      return draw({ name: 'sessions', rows, isBusy: false })
    },
    async terminateOthers() {
      drawBusy()
      await postSecurely('sessions/terminate-all', z.number())
      return draw({ name: 'sessions', rows: await readSessions(), isBusy: false })
    },
    async finishSessions() {
      const mine = await readWorkspaces()
      const standard = mine.find(({ isDefault }) => isDefault)?.workspaceBizId
      const isToAccepted = accepted?.nextAction.code === 'ENTER_ACCEPTED_WORKSPACE'
      return draw({ name: 'completed', workspaceBizId: isToAccepted ? accepted?.workspaceBizId : standard })
    },
    async close() {
      if (channel) await send('POST', `${CHANNEL}/session/close`, nothing, undefined, await channel)
    },
  }
}

const toBase64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const fromBase64 = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
