import { clientFailure, type Failure, PortalError, toFailure } from '../domain/failure.ts'
import { loadPart } from '../domain/load-part.ts'
import { randomUuid } from '../domain/uuid.ts'
import { type ChannelSession, channelFailure, type SecureChannel } from '../secure-channel/index.ts'
import type { Bearer, Renewal } from './auth/bearer.ts'
import { type StepUp, stepUpCode } from './auth/step-up.ts'
import { type Endpoint, fillPath, isWrite, mayRetryQuickly } from './endpoints.ts'
import type { Settings } from './options/options.ts'
import { type Attempt, type OpenedReply, understand } from './reply/understand.ts'
import { requestHeaders } from './request/request-headers.ts'
import type { PortalTime } from './time/portal-time.ts'
import { isTransient, QUICK_RETRIES, waitBeforeRetry } from './transport/quick-retry.ts'
import { emitTrace } from './transport/trace.ts'
import { aborted, type HttpReply, mayLeadToSignIn, type Transport } from './transport/transport.ts'

/** What all calls of one api share. */
export interface CallParts {
  readonly settings: Settings
  readonly transport: Transport
  readonly bearer: Bearer
  readonly time: PortalTime
  /** Null: no channel, bodies go as they are. */
  readonly channel: SecureChannel | null
  /** Null: there is nobody to ask for more proof. */
  readonly stepUp: StepUp | null
}

/** How long a read waits for more proof: nothing shows that it waits, and it can be tried again. A write waits as long as its user. */
const READ_STEP_UP_MS = 60_000

/** The sessions in which the portal has encrypted its reply to an encrypted request: there it has to each time. */
const encryptingSessions = new WeakSet<ChannelSession>()

/** What differs from call to call, beside the input. */
export interface CallOptions {
  readonly signal?: AbortSignal
  readonly requestId?: string
  readonly onStepUp?: (isAsked: boolean) => void
  /** Headers of a channel session that the request is about, not one that it goes through. */
  readonly about?: Readonly<Record<string, string>>
  /** Aborted when the api is closed: from then on there is no channel session for this call, for nobody would close that. */
  readonly closed?: AbortSignal
}

/** What an attempt goes with. */
interface Prepared {
  readonly token: string | null
  readonly session: ChannelSession | null
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | null
  /** The body is not what it was: the channel has encrypted it. */
  readonly isEncrypted: boolean
}

/**
 * Calls one endpoint and makes sense of the reply. Repeats where that is safe, under the same `X-Request-Id`: a request that the
 * portal refused for its channel, its token or for want of more proof was not carried out, and a read changes nothing. Rejects with
 * `PortalError`.
 */
export async function call<Input extends object, Result>(
  { settings, transport, bearer, time, channel, stepUp }: CallParts,
  endpoint: Endpoint<Input, Result>,
  input: Input,
  { signal, requestId = randomUuid(), onStepUp, about = {}, closed }: CallOptions = {},
): Promise<Result> {
  const left = {
    channelSessions: 1,
    stepUps: stepUp === null ? 0 : 1,
    changedTokens: 1,
    refreshes: 1,
    quickRetries: mayRetryQuickly(endpoint) ? QUICK_RETRIES : 0,
  }
  let attempts = 0
  let proof: Readonly<Record<string, string>> = {}
  const { reply } = endpoint
  const path = settings.paths[endpoint.operation] ?? endpoint.path
  const read = typeof reply === 'function' ? reply : await unsent(() => loadPart(reply.load))

  /** Runs what happens while no request is under way: a failure in it means that nothing was done. */
  async function unsent<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (thrown) {
      const failure = signal?.aborted ? aborted().failure : toFailure(thrown)
      const known = failure.requestId ?? (attempts > 0 ? requestId : null)
      throw new PortalError({ ...failure, effect: 'none', requestId: known })
    }
  }

  async function prepare(): Promise<Prepared> {
    signal?.throwIfAborted()
    const session = await findSession()
    const json = endpoint.body(input)
    const plain = json === undefined ? null : new TextEncoder().encode(JSON.stringify(json))
    const body = plain === null || session === null ? plain : await orChannelFailure(() => session.encrypt(plain))
    // Last, so that it is as fresh as can be.
    const token = endpoint.access === 'public' ? null : await bearer.token(signal)
    const headers = requestHeaders(settings, {
      requestId,
      token,
      proof,
      contentType: (body === null ? undefined : session?.contentType) ?? 'application/json',
      session: { ...about, ...session?.headers },
    })
    return { token, session, headers, body, isEncrypted: body !== plain }
  }

  async function findSession(): Promise<ChannelSession | null> {
    if (channel === null || endpoint.channel === 'none') return null
    return orChannelFailure(async () => {
      closed?.throwIfAborted()
      return channel.session(signal)
    })
  }

  async function send(prepared: Prepared): Promise<Attempt<Result>> {
    const { headers, body } = prepared
    const url = settings.baseUrl + fillPath(path, input)
    attempts++
    const startedAt = settings.clock.now()
    let status: number | null = null
    let attempt: Attempt<Result>
    try {
      const reply = await transport({ method: endpoint.method, url, headers, body, signal })
      status = reply.status
      attempt = understand(await decrypt(reply, prepared), endpoint, read, time)
    } catch (thrown) {
      // What became of a request whose reply did not come whole is not known.
      const failure = toFailure(thrown)
      status = failure.status
      attempt = { ok: false, failure: { ...failure, effect: isWrite(endpoint) ? 'unknown' : 'none' } }
    }
    emitTrace(settings.onRequest, {
      operation: endpoint.operation,
      method: endpoint.method,
      pathTemplate: path,
      status,
      startedAt,
      durationMs: Math.max(0, settings.clock.now() - startedAt),
      attempt: attempts,
      requestId,
      failureKind: attempt.ok ? null : attempt.failure.code === 'client.aborted' ? 'aborted' : attempt.failure.kind,
    })
    return attempt
  }

  async function decrypt(reply: HttpReply, { session, isEncrypted }: Prepared): Promise<OpenedReply> {
    const { bytes } = reply
    if (session === null) return { reply, json: bytes, lacksEncryption: false }
    try {
      const json = await session.decrypt(bytes)
      const isPlain = json === bytes
      if (isEncrypted && !isPlain) encryptingSessions.add(session)
      return { reply, json, lacksEncryption: isEncrypted && isPlain && encryptingSessions.has(session) }
    } catch {
      // Its keys are not the portal's: the next request needs another session.
      channel?.forget(session)
      return { reply, json: null, lacksEncryption: false }
    }
  }

  /** Makes what the failed attempt lacked: another session, more proof, another token, some time. The codes' word comes before the 401. */
  async function canRepeat(failure: Failure, { session, token }: Prepared): Promise<boolean> {
    if (failure.kind === 'secureChannel') {
      if (session === null || failure.effect !== 'none' || left.channelSessions === 0) return false
      left.channelSessions--
      channel?.forget(session)
      return true
    }
    const code = stepUpCode(failure)
    if (stepUp !== null && code !== null) {
      if (left.stepUps === 0) return false
      left.stepUps--
      onStepUp?.(true)
      try {
        const atMostMs = isWrite(endpoint) ? undefined : READ_STEP_UP_MS
        proof = await stepUp.headers({ operation: endpoint.operation, code }, { signal, atMostMs })
      } finally {
        onStepUp?.(false)
      }
      return true
    }
    if (token !== null && (failure.kind === 'unauthorized' || mayLeadToSignIn(failure))) {
      const renewal = await renewToken(token)
      if (renewal === 'signedOut' && failure.kind !== 'unauthorized') throw new PortalError(sessionOver(failure))
      return renewal === 'renewed'
    }
    if (!isTransient(failure) || left.quickRetries === 0) return false
    await waitBeforeRetry(QUICK_RETRIES - left.quickRetries, settings.clock, signal)
    left.quickRetries--
    return true
  }

  async function renewToken(refused: string): Promise<Renewal> {
    if (left.changedTokens > 0 && (await bearer.token(signal)) !== refused) {
      left.changedTokens--
      return 'renewed'
    }
    if (left.refreshes === 0) return 'unchanged'
    left.refreshes--
    return bearer.refresh(refused, signal)
  }

  for (;;) {
    const prepared = await unsent(prepare)
    const attempt = await send(prepared)
    if (attempt.ok) return attempt.result
    const failure = { ...attempt.failure, requestId }
    if (!(await unsent(() => canRepeat(failure, prepared)))) throw new PortalError(failure)
  }
}

/** A sign-in page was shown in place of the portal, and the host has no way back in. */
const sessionOver = ({ status }: Failure) => clientFailure('unauthorized', 'unauthorized', { status })

async function orChannelFailure<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (thrown) {
    throw channelFailure(thrown)
  }
}
