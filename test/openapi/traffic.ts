import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import type { FakePortal } from 'postlogin/testing'
import { parse } from 'yaml'

/** The messages between an adapter and a portal, held against docs/openapi.yaml. */

interface Operation {
  readonly operationId: string
  readonly parameters: readonly { readonly $ref?: string; readonly name?: string }[]
  readonly requestBody?: { readonly required: boolean }
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly parameters: Readonly<Record<string, { readonly required?: boolean }>>
    readonly responses: Readonly<Record<string, unknown>>
  }
}

export const FILE = new URL('../../docs/openapi.yaml', import.meta.url)
export const document: Document = parse(readFileSync(FILE, 'utf8'))

// Its own words, such as `example` and `x-inferred`, are none of JSON Schema's.
const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addSchema({ $id: 'portal', ...document })

const pointer = (...steps: readonly string[]) =>
  `portal#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

/** What is wrong with a value by the schema at this place of the file. */
function problemsBy(place: readonly string[], value: unknown): readonly string[] {
  const validate = ajv.getSchema(pointer(...place))
  if (validate === undefined) throw new Error(`There is no schema at ${place.join('/')}`)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** One message that is not as the file says. */
export interface Deviation {
  /** The `X-Request-Id`. */
  readonly requestId: string
  readonly operation: string
  readonly message: 'request' | 'reply'
  readonly problems: readonly string[]
}

const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation,
    pattern: new RegExp(`/prometheus${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  })),
)

const JSON_BODY = ['content', 'application/json', 'schema'] as const
const JSON_ENVELOPE = ['components', 'schemas', 'JsonEnvelope'] as const
const BINARY_REQUEST = Buffer.from([0x53, 0x43, 2, 2])
const BINARY_REPLY = Buffer.from([0x53, 0x43, 2, 129])
const isBinary = (bytes: Buffer, head: Buffer) => bytes.subarray(0, head.length).equals(head)

/** A `fetch` that looks at each message on its way. */
export function watched(fetch: FakePortal['fetch']) {
  const deviations: Deviation[] = []
  const seen = new Set<string>()

  return { deviations, seen, fetch: watchedFetch }

  async function watchedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const requestId = request.headers.get('X-Request-Id') ?? ''
    const { pathname } = new URL(request.url)
    const route = routes.find(
      ({ method, pattern }) => method === request.method.toLowerCase() && pattern.test(pathname),
    )
    const operation = route?.operation.operationId ?? `${request.method} ${pathname}`
    const note = (message: Deviation['message'], problems: readonly string[]) => {
      seen.add(`${operation} ${message}`)
      if (problems.length > 0) deviations.push({ requestId, operation, message, problems })
    }
    if (route === undefined) note('request', ['is not in the file'])
    else note('request', problemsOfRequest(route, request.headers, Buffer.from(await request.clone().arrayBuffer())))
    const reply = await fetch(request)
    if (route !== undefined) {
      // A copy may never end; it is looked at when it does.
      const copy = reply.clone()
      copy.arrayBuffer().then(
        (bytes) => {
          const namesSession = request.headers.has('X-Secure-Channel-Session-Id')
          note('reply', problemsOfReply(route, reply.status, Buffer.from(bytes), namesSession))
        },
        () => {},
      )
    }
    return reply
  }
}

type Route = (typeof routes)[number]

function problemsOfRequest({ path, method, operation }: Route, headers: Headers, bytes: Buffer): readonly string[] {
  const problems = operation.parameters.flatMap(({ $ref = '' }) => {
    const name = $ref.split('/').at(-1) ?? ''
    if (name === '') return []
    const value = headers.get(name)
    if (value === null) return document.components.parameters[name]?.required ? [`lacks ${name}`] : []
    return problemsBy(['components', 'parameters', name, 'schema'], value).map((problem) => `${name}${problem}`)
  })
  const body = ['paths', path, method, 'requestBody'] as const
  if (operation.requestBody === undefined) return bytes.length > 0 ? [...problems, 'has a body'] : problems
  if (bytes.length === 0) return operation.requestBody.required ? [...problems, 'has no body'] : problems
  if (headers.get('Content-Type') !== 'application/json') return [...problems, ...problemsOfEnvelope(bytes)]
  return [...problems, ...problemsBy([...body, ...JSON_BODY], JSON.parse(bytes.toString()))]
}

/** Of a body that cannot be looked into. */
const problemsOfEnvelope = (bytes: Buffer) =>
  isBinary(bytes, BINARY_REQUEST) ? [] : problemsBy(JSON_ENVELOPE, JSON.parse(bytes.toString()))

function problemsOfReply(
  { path, method, operation }: Route,
  status: number,
  bytes: Buffer,
  mayBeEncrypted: boolean,
): readonly string[] {
  const listed = [String(status), `${String(status)[0]}XX`].find((key) => key in operation.responses)
  if (listed === undefined) return [`has the status ${status}`]
  const { $ref, content } = operation.responses[listed] ?? {}
  const shared = $ref?.split('/').at(-1)
  if (shared === undefined && content === undefined) return bytes.length > 0 ? ['has a body'] : []
  const place =
    shared === undefined ? ['paths', path, method, 'responses', listed] : ['components', 'responses', shared]
  if (mayBeEncrypted && isBinary(bytes, BINARY_REPLY)) return []
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return ['is not JSON']
  }
  if (mayBeEncrypted && problemsBy(JSON_ENVELOPE, value).length === 0) return []
  return problemsBy([...place, ...JSON_BODY], value)
}
