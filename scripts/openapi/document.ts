import { channelEndpoints, type Endpoint, endpoints } from '../../src/api/endpoints.ts'
import { type ChoicePlace, type InferredChoice, inferredChoices } from '../../src/api/inferred-choices.ts'
import { COUNTERPART, DOCUMENTED_STATUS } from '../../src/api/reply/codes.ts'
import { CODE } from '../../src/api/reply/envelope.ts'
import type { TracedOperation } from '../../src/api/transport/trace.ts'
import { ENCRYPTED_CONTENT_TYPE } from '../../src/secure-channel/choices.ts'
import { dataForms, type JsonSchema, sharedForms } from './forms.ts'
import { EXAMPLE_TIME, operationNotes, tags } from './operations.ts'

/** The contract as OpenAPI 3.1, made of the endpoints, the schemas and the register of inferred choices. */

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const all: readonly Endpoint<never, unknown>[] = [...Object.values(endpoints), ...Object.values(channelEndpoints)]

/** `x-inferred` for the choices that are about this place; nothing where there is none. */
function inferredAt(isHere: (place: ChoicePlace) => boolean): JsonSchema {
  const here = inferredChoices.filter(({ at }) => at.some(isHere)).map(asMark)
  return here.length === 0 ? {} : { 'x-inferred': here }
}

const asMark = ({ id, what, reason, option }: InferredChoice) => ({ id, what, reason, option })

/** A place that has nothing of its own in the file is marked at its operation, or at the file as a whole. */
const hasOwnMark = ({ operation, part, field }: ChoicePlace) => {
  if (field === undefined) return false
  if (operation === 'every') return (part === 'headers' && field in headers) || (part === 'reply' && field === 'code')
  return part === 'body' || part === 'reply'
}

const headers: Readonly<Record<string, JsonSchema>> = {
  'X-PORTAL-ACCESS-CODE': { required: true, description: 'The code of the SYSTEM portal.', example: 'SYSTEM-1' },
  'X-Client-Hash': { description: 'The fingerprint that the login used.', example: 'f1e2d3c4' },
  'X-Request-Id': {
    required: true,
    description: 'Attempts of one intent share it.',
    schema: { type: 'string', format: 'uuid', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    example: '0b9f8e64-33a5-4c2e-9f3a-6f4d1c2b7a10',
  },
  'X-LOCALE': {
    required: true,
    description: "The language of the portal's texts.",
    schema: { type: 'string', enum: ['en', 'zh', 'zh-Hant', 'ja', 'vi'] },
    example: 'en',
  },
  'Accept-Language': { description: 'The language that the host names.', example: 'en-GB' },
  'X-Secure-Channel-Session-Id': { description: 'The session of the secure channel.', example: 'sc-0002' },
  'X-SC-Session-Id': { description: 'The same, as newer pages call it.', example: 'sc-0002' },
  'X-SC-Version': { description: 'Beside `X-SC-Session-Id`.', schema: { type: 'string', const: '2' }, example: '2' },
}
const isOfSession = (name: string) => name.includes('-Session-Id') || name === 'X-SC-Version'

const parameterRef = (name: string) => ({ $ref: `#/components/parameters/${name}` })

const parameters = Object.fromEntries(
  Object.entries(headers).map(([name, { schema = { type: 'string', minLength: 1 }, ...rest }]) => [
    name,
    {
      name,
      in: 'header',
      schema,
      ...rest,
      ...inferredAt(({ operation, part, field }) => operation === 'every' && part === 'headers' && field === name),
    },
  ]),
)

/** What stands around every reply (docs/contract.md#replies). */
const envelope = (code: JsonSchema): Readonly<Record<string, JsonSchema>> => ({
  version: { type: 'string' },
  timestamp: {
    description: "Epoch ms, the portal's clock.",
    anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^[0-9]+$' }],
  },
  success: { type: 'boolean' },
  code,
  message: { type: 'string', description: 'Localized. Never shown, never branched on.' },
})

const successCode: JsonSchema = {
  type: 'string',
  pattern: '^2[0-9]{3}$',
  ...inferredAt(({ operation, part, field }) => operation === 'every' && part === 'reply' && field === 'code'),
}

const schemas: Readonly<Record<string, JsonSchema>> = {
  Success: {
    description: 'The envelope of a success.',
    type: 'object',
    required: ['code'],
    properties: { ...envelope(successCode), success: { const: true }, data: {} },
  },
  NoContent: {
    description: 'Nothing comes back that is looked at.',
    anyOf: [schemaRef('Success'), schemaRef('LiteralNoContent')],
  },
  LiteralNoContent: {
    description: 'A note of an empty reply, taken literally.',
    type: 'object',
    required: ['status', 'body'],
    properties: { status: { const: 204 }, body: { type: 'null' } },
    additionalProperties: false,
  },
  Refusal: {
    description: 'The envelope of a failure.',
    type: 'object',
    required: ['code'],
    properties: {
      ...envelope({
        type: 'string',
        pattern: CODE.source,
        not: { pattern: '^2[0-9]{3}$' },
        description: 'Codes that are not documented pass through.',
      }),
      success: { const: false },
      data: { description: 'With `VALIDATION.INVALID_PARAMETER`: texts by field.' },
    },
  },
  JsonEnvelope: {
    description:
      'An encrypted body in the format `json`, in either direction; `p` is base64 of IV, ciphertext and tag.',
    type: 'object',
    required: ['v', 'p'],
    properties: { v: { const: 2 }, p: { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 40 } },
    additionalProperties: false,
  },
  BinaryEnvelope: {
    description:
      'An encrypted body in the format `binary`: the bytes `S` and `C`, version 2, type (2 request, 129 reply), IV, ciphertext, tag.',
    type: 'string',
    contentMediaType: 'application/octet-stream',
  },
  ...sharedForms,
  ...Object.fromEntries(Object.entries(dataForms).map(([name, form]) => [name, withMarks(form, name)])),
}

/** The form with the marks of its fields. */
function withMarks(form: JsonSchema, name: string): JsonSchema {
  const { properties } = form as { readonly properties?: Readonly<Record<string, JsonSchema>> }
  if (properties === undefined) return form
  const owners = Object.entries(operationNotes).flatMap(([operation, { data }]) =>
    data?.form === name ? [operation] : [],
  )
  const marked = Object.entries(properties).map(([field, schema]) => [
    field,
    {
      ...schema,
      ...inferredAt((place) => place.part === 'reply' && place.field === field && owners.includes(place.operation)),
    },
  ])
  return { ...form, properties: Object.fromEntries(marked) }
}

const example = (fields: object) => ({ version: '2.0.0', timestamp: EXAMPLE_TIME, ...fields })
const json = (schema: JsonSchema, sample: unknown) => ({ 'application/json': { schema, example: sample } })

/** Codes by the status that they are documented with; the older family comes with 400. */
function codesOf(status: number): readonly string[] {
  const documented = [...DOCUMENTED_STATUS].filter(([code, of]) => of === status && code.includes('.'))
  return [...documented.map(([code]) => code), `${status}0`, ...(status === 400 ? COUNTERPART.keys() : [])]
}

const REFUSALS: Readonly<Record<string, string>> = {
  400: 'The request is not valid, or too late.',
  401: 'Not signed in, or the token is stale.',
  403: 'Not allowed, or the portal demands more proof.',
  404: 'Not found.',
  409: 'Too late.',
  429: 'Too many. `Retry-After` is honored where it comes.',
  500: 'The portal broke down.',
}

const refusals = Object.fromEntries(
  Object.entries(REFUSALS).map(([status, description]) => {
    const codes = codesOf(Number(status))
    const [code = ''] = codes
    return [
      `Refusal${status}`,
      {
        description: `${description} Documented: ${codes.map((one) => `\`${one}\``).join(', ')}.`,
        'x-codes': codes,
        content: json(schemaRef('Refusal'), example({ success: false, code, message: 'Refused', data: null })),
      },
    ]
  }),
)
const otherRefusals = {
  OtherRefusal: {
    description: 'Any other refusal. A status of 5xx proves nothing about a write. 410 is as 404.',
    content: json(schemaRef('Refusal'), example({ success: false, code: '4050', message: 'Refused', data: null })),
  },
}

function operationOf(endpoint: Endpoint<never, unknown>): JsonSchema {
  const { operation, path, method, access, channel } = endpoint
  const note = operationNotes[operation]
  const isNeeded = (name: string) => isOfSession(name) && (channel !== 'none' || operation === 'closeChannel')
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaRef('Id'),
    example: name === 'workspaceBizId' ? 'WS_HOME_001' : 'a1b2c3d4-e5f6-4890-abcd-ef1234567890',
  }))
  return {
    operationId: operation,
    tags: [note.tag],
    summary: note.summary,
    externalDocs: { url: `https://github.com/slaunchx/postlogin/blob/HEAD/docs/contract.md#${note.section}` },
    ...(access === 'public' ? { security: [] } : {}),
    'x-secure-channel': channel,
    ...inferredAt((place) => place.operation === operation && !hasOwnMark(place)),
    parameters: [
      ...ids,
      ...Object.keys(headers)
        .filter((name) => !isOfSession(name) || isNeeded(name))
        .map(parameterRef),
    ],
    ...(note.body === null ? {} : { requestBody: requestBodyOf(endpoint, note.body) }),
    responses: {
      200: success(note.data),
      ...(method === 'POST' && note.data === null ? { 204: { description: 'Done.' } } : {}),
      ...Object.fromEntries(
        Object.keys(REFUSALS).map((status) => [status, { $ref: `#/components/responses/Refusal${status}` }]),
      ),
      '4XX': { $ref: '#/components/responses/OtherRefusal' },
      '5XX': { $ref: '#/components/responses/OtherRefusal' },
    },
  }
}

/** What is sent in place of the body, which is inside it. */
const encrypted = {
  schema: { anyOf: [schemaRef('JsonEnvelope'), schemaRef('BinaryEnvelope')] },
  example: { v: 2, p: 'AAECAwQFBgcICQoLa2VlcCBvdXQhAAECAwQFBgcICQoLDA0ODw==' },
}

function requestBodyOf(
  { operation, channel }: Endpoint<never, unknown>,
  { schema, example: sample, isOptional }: NonNullable<Note['body']>,
) {
  const isEncrypted = channel === 'encrypted'
  const { properties, ...rest } = schema as { readonly properties: Readonly<Record<string, JsonSchema>> }
  const marked = Object.entries(properties).map(([field, form]) => [
    field,
    {
      ...form,
      ...inferredAt((place) => place.operation === operation && place.part === 'body' && place.field === field),
    },
  ])
  return {
    required: isOptional !== true,
    content: {
      ...json({ ...rest, properties: Object.fromEntries(marked) }, sample),
      ...(isEncrypted ? { [ENCRYPTED_CONTENT_TYPE]: encrypted } : {}),
    },
  }
}

type Note = (typeof operationNotes)[TracedOperation]

function success(data: Note['data']) {
  if (data === null) {
    const sample = example({ success: true, code: '2040', message: 'NO_CONTENT', data: null })
    return { description: 'Done.', content: json(schemaRef('NoContent'), sample) }
  }
  const form = schemaRef(data.form)
  const schema = {
    allOf: [
      schemaRef('Success'),
      { required: ['data'], properties: { data: data.isList ? { type: 'array', items: form } : form } },
    ],
  }
  const sample = example({ success: true, code: '2000', message: 'SUCCESS', data: data.example })
  return { description: 'As asked.', content: json(schema, sample) }
}

/** The whole file. */
export function openApiDocument(): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const endpoint of all) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'The SYSTEM portal of SlaunchX, as postlogin uses it',
      version: '1.0.0',
      description:
        'Generated by `npm run openapi`; docs/contract.md has the words. `x-inferred` marks what no page of the portal states, with the reason, and with the option of `createPortalApi` that makes the adapter fit a portal which differs (null: none).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // What is about every request, and has no place of its own below.
    ...inferredAt((place) => place.operation === 'every' && !hasOwnMark(place)),
    servers: [
      {
        url: 'https://{host}/prometheus',
        variables: { host: { default: 'portal.example' } },
        description: 'A context path may stand before each path.',
      },
    ],
    security: [{ accessToken: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } },
      parameters,
      responses: { ...refusals, ...otherRefusals },
      schemas,
    },
  }
}
