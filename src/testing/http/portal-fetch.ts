import type { Clock } from '../../domain/clock.ts'
import { untilAborted } from '../../domain/until-aborted.ts'
import { notFound, Refusal } from '../endpoints/refusal.ts'
import { findRoute, type Match, pathOf, type Route } from '../endpoints/routes.ts'
import { detailsOf, type Fault, type Faults, misshape, type StatusFault, usualCode } from '../faults/faults.ts'
import type { Interjections } from '../faults/interjections.ts'
import type { Result, World } from '../world.ts'
import type { ChannelServer } from './channel.ts'
import { callerAddress, checkHeaders, dispatch } from './gateway.ts'
import { type IncomingBody, plainBody } from './incoming-body.ts'
import { type Reply, replyRefusing, replyWith } from './reply.ts'
import type { OpenRequest } from './requests.ts'
import { delay, startIdly, untilGivenUp } from './waits.ts'

/** What the fetch works on. */
export interface PortalParts {
  readonly world: World
  readonly clock: Clock
  readonly faults: Faults
  /** Null: the channel is off. */
  readonly channel: ChannelServer | null
  readonly routes: readonly Route[]
  /** Requests are added in the order in which they are sent. */
  readonly log: OpenRequest[]
  /** What someone else does to the account as requests are dealt with. */
  readonly interjections: Interjections
}

/** A request on its way through the portal. */
interface Arrival {
  readonly request: Request
  readonly match: Match | 'otherMethod' | null
  readonly record: OpenRequest
  readonly body: IncomingBody
  readonly hasBody: boolean
  readonly fault: Fault | null
}

/** A reply with the channel session that it is encrypted for, if it is. */
interface Answer {
  readonly reply: Reply
  readonly encryptedFor: IncomingBody['replyTo']
}

export function createPortalFetch(
  parts: PortalParts,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const { world, clock, faults, channel, routes, log, interjections } = parts

  return portalFetch

  async function portalFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const { signal } = request
    signal.throwIfAborted()
    const path = pathOf(new URL(request.url))
    const match = findRoute(routes, request.method, path)
    const record: OpenRequest = {
      operation: match === null || match === 'otherMethod' ? null : match.route.operation,
      method: request.method,
      path,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: null,
      encrypted: false,
      status: null,
      processed: false,
      at: clock.now(),
    }
    log.push(record)
    const bytes = new Uint8Array(await untilAborted(request.arrayBuffer(), signal))
    const body = await untilAborted(readBody(match, request.headers, bytes), signal)
    record.body = body.value ?? null
    record.encrypted = body.encrypted
    const fault = faults.take(record)
    const arrival: Arrival = { request, match, record, body, hasBody: bytes.length > 0, fault }
    const answer = await untilAborted(answerThroughFault(arrival), signal)
    const response = await untilAborted(toResponse(answer, arrival), signal)
    record.status = response.status
    const location = response.headers.get('Location')
    if (location === null || response.status < 300 || response.status > 399) return response
    if (request.redirect === 'error') throw networkError()
    return request.redirect === 'manual' ? response : portalFetch(redirected(request, location))
  }

  async function readBody(
    match: Arrival['match'],
    headers: Headers,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<IncomingBody> {
    if (channel === null || match === null || match === 'otherMethod') return plainBody(bytes)
    return channel.open(match.route, headers, bytes)
  }

  async function answerThroughFault(arrival: Arrival): Promise<Answer> {
    const { fault, request } = arrival
    const { signal } = request
    if (fault === 'loseRequest') throw networkError()
    if (fault === 'hang') return untilGivenUp(signal)
    const { imposedStatus, lateness, lateLanding, rateLimit } = detailsOf(fault)
    if (lateLanding !== null) {
      startIdly(lateLanding.landsAfterMs, clock, () => void answerTo(arrival))
      if (lateLanding.answer === 'lost') throw networkError()
      if (lateLanding.answer === 'never') return untilGivenUp(signal)
      return plain(imposed({ status: lateLanding.answer }))
    }
    if (rateLimit !== null) {
      const headers = { 'Retry-After': String(rateLimit.retryAfter) }
      return plain(replyRefusing(world, new Refusal(429, usualCode(429), { headers })))
    }
    if (imposedStatus !== null && !imposedStatus.process) return plain(imposed(imposedStatus))
    if (lateness?.before === 'processing') await delay(lateness.delayMs, clock, signal)
    if (fault === 'resent') await answerTo(arrival)
    const answer = await answerTo(arrival)
    if (lateness !== null && lateness.before !== 'processing') await delay(lateness.delayMs, clock, signal)
    if (imposedStatus !== null) return plain(imposed(imposedStatus))
    if (fault === 'loseReply') throw networkError()
    if (fault === 'hangReply') return untilGivenUp(signal)
    if (fault === 'malformed') return plain(malformed)
    if (fault === 'unencrypted') return plain(answer.reply)
    return answer
  }

  function imposed({ status, code, headers = {}, body }: StatusFault): Reply {
    if (body !== undefined) return { status, headers, body }
    const reply =
      code === undefined && status < 300
        ? replyWith(world, { data: null })
        : replyRefusing(world, new Refusal(status, code ?? usualCode(status)))
    return { status, headers, body: reply.body }
  }

  /** What the portal answers when nothing goes wrong on the way. */
  async function answerTo({ request, match, record, body, hasBody, fault }: Arrival): Promise<Answer> {
    try {
      if (match === null) throw notFound()
      if (match === 'otherMethod') throw new Refusal(405, '4050')
      checkHeaders(world, request, hasBody)
      if (body.refusal !== null) throw body.refusal
      const { route, params } = match
      interjections.run('before', record)
      const result = await dispatch(world, route, {
        params,
        body: body.value,
        address: callerAddress(world, request.headers),
        header: (name) => request.headers.get(name),
      })
      record.processed = true
      interjections.run('after', record)
      const reply = fault === 'wrongShape' ? misshapenReply(result) : replyWith(world, result)
      return { reply, encryptedFor: body.replyTo }
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      return { reply: replyRefusing(world, thrown), encryptedFor: world.behavior.encryptsErrors ? body.replyTo : null }
    }
  }

  function misshapenReply(result: Result): Reply {
    if ('data' in result) return replyWith(world, { data: misshape(result.data) })
    return { status: 200, headers: {}, body: JSON.stringify(misshape(null)) }
  }

  async function toResponse({ reply, encryptedFor }: Answer, { request, fault }: Arrival): Promise<Response> {
    const { status } = reply
    const headers = new Headers()
    if (world.behavior.dialect.dateHeader) headers.set('Date', new Date(world.now()).toUTCString())
    for (const [name, value] of Object.entries(reply.headers)) headers.set(name, value)
    const isEmpty = reply.body === null || EMPTY_STATUSES.has(status)
    // There is no body to stall in.
    if (isEmpty && fault === 'stallBody') return untilGivenUp(request.signal)
    if (reply.body === null || isEmpty) return new Response(null, { status, headers })
    if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/json;charset=UTF-8')
    const bytes =
      channel !== null && encryptedFor !== null
        ? await channel.encrypt(encryptedFor, reply.body)
        : new TextEncoder().encode(reply.body)
    const sent = fault === 'stallBody' ? stalled(bytes, request.signal) : bytes
    return new Response(sent, { status, headers })
  }
}

const plain = (reply: Reply): Answer => ({ reply, encryptedFor: null })

const malformed: Reply = { status: 200, headers: {}, body: '<!doctype html><title>Bad gateway</title>' }

/** These have no body by the rules of HTTP. */
const EMPTY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304])

/** What a fetch sends next when it follows a redirect: a careless client is to be seen doing so in `requests`. */
const redirected = ({ url, headers, signal }: Request, location: string) =>
  new Request(new URL(location, url), { headers, signal })

/** What a fetch rejects with when the connection is lost. */
const networkError = () => new TypeError('fetch failed')

/** The first half of a body, and then nothing until the caller gives up. */
function stalled(bytes: Uint8Array, signal: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length >> 1))
      signal.addEventListener('abort', () => controller.error(signal.reason), { once: true })
    },
  })
}
