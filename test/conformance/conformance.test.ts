import { createPortalApi, type PortalApiOptions } from 'postlogin'
import {
  type ConformanceReport,
  checkConformance,
  createFakePortal,
  type FakePortal,
  type FakePortalOptions,
  type Unseen,
} from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { inferredChoices } from '../../src/api/inferred-choices.ts'
import { finders } from '../../src/conformance/findings.ts'
import { dialectValues } from '../../src/testing/behavior.ts'

/** A portal is compared with the contract: what differs is named, and nothing else. */

const account = { ipWhitelist: { enabled: true, entries: ['203.0.113.0/24'] } }

function optionsOf(portal: FakePortal, change: Change = (reply) => reply): PortalApiOptions {
  const { portalAccessCode, clientHash, accessToken } = portal.account
  return {
    baseUrl: 'https://portal.example.com/prometheus',
    portalAccessCode,
    clientHash,
    accessToken: () => accessToken,
    fetch: throughGateway(portal, change),
  }
}

/** A reply and what it answers, `path` from behind `/web/v1/` on. Gives the reply that arrives. */
type Change = (reply: Response, path: string) => Response | Promise<Response>

const throughGateway =
  (portal: FakePortal, change: Change): FakePortal['fetch'] =>
  async (input, init) => {
    return change(await portal.fetch(input, init), urlOf(input).split('/web/v1/')[1] ?? '')
  }

const urlOf = (input: string | URL | Request) => (input instanceof Request ? input.url : String(input))

/** Rewrites the data of the replies from one path. */
const withData =
  (at: string, rewrite: (data: never) => unknown): Change =>
  async (reply, path) => {
    if (path !== at || !reply.ok) return reply
    const envelope = await reply.json()
    return Response.json({ ...envelope, data: rewrite(envelope.data as never) })
  }

const withRows = (at: string, rewrite: (row: Record<string, unknown>) => object): Change =>
  withData(at, (rows: Record<string, unknown>[]) => rows.map(rewrite))

const refusal = (status: number, code: string) => Response.json({ code, success: false, data: null }, { status })

const idsOf = (report: ConformanceReport, verdict: string) =>
  report.choices.filter((choice) => choice.verdict === verdict).map(({ id }) => id)

const differences = (report: ConformanceReport) => [
  ...idsOf(report, 'differs'),
  ...report.deviations.map(({ operation, field }) => `${operation}.${field ?? '*'}`),
]

test('each inferred choice is looked for', () => {
  expect(Object.keys(finders).toSorted()).toEqual(inferredChoices.map(({ id }) => id).toSorted())
})

describe('a portal of each dialect', () => {
  /** What a dialect shows of the choices beside what each does. */
  const shown: Readonly<Record<string, readonly string[]>> = {
    'noContent literal': ['literal-no-content'],
    'optionalFields false': ['is-primary-if-unstated', 'can-accept-if-unstated'],
    'dates seconds': ['time-as-a-number'],
    'dates outOfRange': ['time-as-a-number'],
  }
  /** Not documented, and yet sent. */
  const strange: Readonly<Record<string, readonly string[]>> = {
    'rows besideStrays': [
      'listMfaMethods.mfaMethod',
      'listSessions.sessionId',
      'listInvitations.bizId',
      'listWorkspaces.workspaceBizId',
    ],
    'dates list': ['listSessions.lastActiveAt', 'listInvitations.expiresAt'],
  }
  const dialects = Object.entries(dialectValues).flatMap(([name, values]) =>
    values.map((value) => [`${name} ${value}`, { [name]: value }] as const),
  )

  test.each(dialects)('%s', async (name, dialect) => {
    const portal = createFakePortal({
      account,
      dialect: dialect as FakePortalOptions['dialect'] & object,
    })
    const report = await checkConformance({ ...optionsOf(portal), allowWrites: true })
    expect(differences(report)).toEqual(strange[name] ?? [])
    expect(report.result).toBe(strange[name] === undefined ? 'nothingDiffers' : 'differs')
    expect(idsOf(report, 'holds')).toEqual(expect.arrayContaining([...(shown[name] ?? [])]))
    expect(report.problem).toBeNull()
  })
})

describe('a portal that differs: named, and nothing beside it', () => {
  const SECURITY = 'system/security'
  const asLetter = (value: unknown) => (value === true ? 'Y' : 'N')
  const planted: readonly (readonly [string, Change, readonly string[]])[] = [
    [
      'a list comes as a page',
      withData(`${SECURITY}/sessions`, (rows: unknown[]) => ({ content: rows, totalPages: 1 })),
      ['listSessions.*'],
    ],
    [
      'flags are letters',
      withRows('system/workspaces/mine', (row) => ({ ...row, isDefault: asLetter(row.isDefault) })),
      ['forms-of-a-flag'],
    ],
    [
      'dates are those of a country',
      withRows('system/profile/invitations', (row) => ({ ...row, expiresAt: '29.11.2026 05:31' })),
      ['listInvitations.expiresAt'],
    ],
    [
      'the id has another name',
      withRows(`${SECURITY}/sessions`, ({ sessionId, ...row }) => ({ ...row, id: sessionId })),
      ['listSessions.sessionId'],
    ],
    [
      'the inbox has another row',
      withRows('system/profile/invitations', ({ bizId, ...row }) => ({ ...row, code: bizId })),
      ['inbox-rows'],
    ],
    [
      'the backup codes are elsewhere',
      (reply, path) => (path === `${SECURITY}/mfa/backup-codes` ? refusal(404, '4040') : reply),
      ['path-getBackupCodeStatus'],
    ],
    [
      'a success has the code 0',
      async (reply) => (reply.ok ? Response.json({ ...(await reply.json()), code: '0' }) : reply),
      ['success-codes'],
    ],
    ['an enum is a number', withRows(`${SECURITY}/mfa`, (row) => ({ ...row, mfaMethod: 10030201 })), ['bare-enum']],
    [
      'an id has a space in it',
      withRows('system/workspaces/mine', (row) => ({ ...row, workspaceBizId: `WS ${row.workspaceBizId}` })),
      ['form-of-an-id'],
    ],
    [
      'no session is marked as the one in use',
      withRows(`${SECURITY}/sessions`, ({ isCurrent, ...row }) => row),
      ['is-current-if-unstated'],
    ],
    [
      'two sessions are',
      withRows(`${SECURITY}/sessions`, (row) => ({ ...row, isCurrent: true })),
      ['listSessions.isCurrent'],
    ],
    [
      'the public key is of another kind',
      withData('secure-channel/public-key', (key: object) => ({ ...key, publicKey: 'bm8ga2V5' })),
      ['public-key-format'],
    ],
    [
      'the keys are not opened',
      (reply, path) => (path === 'secure-channel/session' ? refusal(400, '4000') : reply),
      ['oaep-hash'],
    ],
    [
      'what does not exist is a conflict',
      (reply, path) => (path.endsWith('/accept') ? refusal(409, 'WORKSPACE.NO_SUCH_INVITATION') : reply),
      ['unknown-id'],
    ],
    [
      'the default workspace is set elsewhere',
      (reply, path) => (path.endsWith('/default') ? refusal(404, '4040') : reply),
      ['path-setDefaultWorkspace'],
    ],
  ]

  test.each(planted)('%s', async (_, change, expected) => {
    const portal = createFakePortal({ account })
    const report = await checkConformance({ ...optionsOf(portal, change), allowWrites: true })
    expect(differences(report)).toEqual(expected)
    expect(report).toMatchObject({ result: 'differs', problem: null })
    for (const { verdict, remedy, seen } of report.choices)
      expect(verdict === 'differs').toBe(remedy !== null && seen !== null)
  })

  test('the whitelist is turned off elsewhere, so that nothing else is known of its switch', async () => {
    const change: Change = (reply, path) => (path.endsWith('/disable') ? refusal(404, '4040') : reply)
    const report = await checkConformance({ ...optionsOf(createFakePortal(), change), allowWrites: true })
    expect(differences(report)).toEqual(['path-disableIpWhitelist'])
    expect(idsOf(report, 'notSeen')).toEqual(
      expect.arrayContaining(['switch-without-a-body', 'session-named-without-a-body']),
    )
  })

  test('it encrypts its replies, but not its refusals', async () => {
    const portal = createFakePortal({ account, encryptsErrors: false })
    const report = await checkConformance({ ...optionsOf(portal), allowWrites: true })
    expect(differences(report)).toEqual(['replies-that-may-be-plain'])
  })

  test.each([
    ['none', 'No session says that it is the one in use.'],
    ['all', '3 sessions say that they are the one in use.'],
  ] as const)(
    'it marks %s of its sessions, and a flag that is a number marks one as well',
    async (marksCurrent, problem) => {
      for (const flags of ['boolean', 'number'] as const) {
        const portal = createFakePortal({ account, marksCurrent })
        const change = withRows(`${SECURITY}/sessions`, ({ isCurrent, ...row }) => ({
          ...row,
          isCurrent: flags === 'number' ? Number(isCurrent) : isCurrent,
        }))
        const report = await checkConformance(optionsOf(portal, change))
        expect(differences(report)).toEqual(['listSessions.isCurrent'])
        expect(report.deviations).toMatchObject([{ problem }])
      }
    },
  )

  test('it drops what it is sent to keep', async () => {
    const entries = ['203.0.113.0/24', '2001:db8::/32']
    const portal = createFakePortal({
      account: { ipWhitelist: { enabled: true, entries } },
      storesEntries: (sent) => sent.filter((entry) => !entry.includes(':')),
    })
    const report = await checkConformance({ ...optionsOf(portal), allowWrites: true })
    expect(differences(report)).toEqual(['replaceIpWhitelist.entries'])
    expect(report.removedEntries).toBe(1)
  })
})

describe('options that fit are found, and make the adapter work', () => {
  test.each([
    ['json', 'binary'],
    ['off', 'binary'],
    ['binary', 'json'],
  ] as const)('a channel that is %s, where %s was said', async (secureChannel, said) => {
    const portal = createFakePortal({ account, secureChannel })
    const options: PortalApiOptions = { ...optionsOf(portal), secureChannel: said }
    const report = await checkConformance({ ...options, allowWrites: true })
    expect(report).toMatchObject({ result: 'differs', options: { secureChannel }, isEnvelopeChecked: true })
    expect(differences(report)).toEqual([])
    const api = createPortalApi({ ...options, ...report.options })
    await expect(api.replaceIpWhitelist(account.ipWhitelist)).resolves.toEqual(account.ipWhitelist)
  })

  test('a base URL without its context path', async () => {
    const portal = createFakePortal({ account })
    const options = optionsOf(portal)
    const elsewhere: FakePortal['fetch'] = async (input, init) =>
      new URL(urlOf(input)).pathname.startsWith('/prometheus/')
        ? portal.fetch(input, init)
        : new Response('<html>Not found</html>', { status: 404, headers: { 'Content-Type': 'text/html' } })
    const given = { ...options, baseUrl: 'https://portal.example.com', fetch: elsewhere }
    const report = await checkConformance(given)
    expect(report).toMatchObject({ result: 'differs', problem: null, options: { baseUrl: options.baseUrl } })
    const api = createPortalApi({ ...given, ...report.options })
    await expect(api.listSessions()).resolves.not.toEqual([])
  })
})

describe('what was not seen is no pass', () => {
  const unseenOf = (report: ConformanceReport, reason: Unseen) =>
    report.choices.filter(({ unseen }) => unseen === reason).map(({ id }) => id)

  test('the envelope of the secure channel, which only writes show', async () => {
    const portal = createFakePortal({ account, secureChannel: 'json' })
    const report = await checkConformance(optionsOf(portal))
    expect(report).toMatchObject({ result: 'nothingDiffers', isEnvelopeChecked: false })
    expect(unseenOf(report, 'notUsed')).toEqual(['payload-layout'])
  })

  test.each(['binary', 'json', 'off'] as const)(
    'what writes would show is what they show, where the channel is %s',
    async (secureChannel) => {
      for (const enabled of [true, false]) {
        const options = {
          ...optionsOf(createFakePortal({ account: { ipWhitelist: { enabled, entries: [] } }, secureChannel })),
          secureChannel,
        }
        const [before, after] = [
          await checkConformance(options),
          await checkConformance({ ...options, allowWrites: true }),
        ]
        const shown = idsOf(after, 'holds').filter((id) => !idsOf(before, 'holds').includes(id))
        expect(unseenOf(before, 'noWrites')).toEqual(shown)
        expect(unseenOf(after, 'noWrites')).toEqual([])
        expect(after.isEnvelopeChecked).toBe(true)
      }
    },
  )

  test('of a channel that is off, nothing holds', async () => {
    const portal = createFakePortal({ account, secureChannel: 'off' })
    const report = await checkConformance({ ...optionsOf(portal), secureChannel: 'off', allowWrites: true })
    const ofChannel = inferredChoices.filter(({ section }) => section.startsWith('channel-')).map(({ id }) => id)
    expect(unseenOf(report, 'notUsed')).toEqual(ofChannel)
  })

  test.each([
    ['listSessions', 500],
    ['listSessions', 403],
    ['listInvitations', 429],
    ['getBackupCodeStatus', 403],
    ['getIpWhitelist', 503],
    ['openChannel', 503],
    ['openChannel', 429],
    ['replaceIpWhitelist', 403],
    ['terminateSession', 500],
    ['setDefaultWorkspace', 403],
  ] as const)('%s, always answered with %i', async (operation, status) => {
    const portal = createFakePortal({ account })
    portal.fault(operation, { status }, { times: Number.POSITIVE_INFINITY })
    const report = await checkConformance({ ...optionsOf(portal), allowWrites: true })
    expect(differences(report)).toEqual([])
    expect(report).toMatchObject({ result: 'notAnswered', outcomes: { [operation]: { status } } })
    expect(report.notAnswered).toContain(operation)
  })

  test('what differs besides is said first', async () => {
    const portal = createFakePortal({ account, marksCurrent: 'none' })
    const change: Change = (reply, path) => (path === 'system/profile/invitations' ? refusal(500, '5000') : reply)
    const report = await checkConformance(optionsOf(portal, change))
    expect(report).toMatchObject({ result: 'differs', notAnswered: ['listInvitations'] })
    expect(unseenOf(report, 'notAnswered')).toEqual(['inbox-rows', 'status-if-unstated', 'can-accept-if-unstated'])
  })

  test('what is so already may be a conflict: the path is right', async () => {
    const change: Change = (reply, path) => (/\/(default|disable)$/.test(path) ? refusal(409, '4090') : reply)
    const report = await checkConformance({ ...optionsOf(createFakePortal(), change), allowWrites: true })
    expect(report.result).toBe('nothingDiffers')
  })

  test('a number that is a time is shown with how it was read', async () => {
    const seconds = 1_795_000_000
    for (const [number, read] of [
      [seconds, 'seconds'],
      [seconds * 1e3, 'milliseconds'],
      [seconds * 1e6, 'microseconds'],
      [seconds * 1e9, 'nanoseconds'],
      [9_999_999_999_999, 'never'],
    ] as const) {
      const change = withRows('system/security/sessions', (row) => ({ ...row, lastActiveAt: number }))
      const { choices } = await checkConformance(optionsOf(createFakePortal({ account }), change))
      expect(choices.find(({ id }) => id === 'time-as-a-number')?.seen).toBe(
        `listSessions.lastActiveAt is a number of ${String(number).length} characters, read as ${read}`,
      )
    }
  })
})

describe('where nothing can be checked, it says why', () => {
  test.each([
    ['no reply', () => Promise.reject(new TypeError('fetch failed')), /No reply came/],
    [
      'a page',
      () => new Response('<html/>', { headers: { 'Content-Type': 'text/html' } }),
      /with a page.*context path/,
    ],
    [
      'a stale token, where the channel opens all the same',
      (reply, path) => (path.startsWith('secure-channel') ? reply : refusal(401, 'ACCESS.UNAUTHORIZED')),
      /does not take the access token/,
    ],
    ['another fingerprint', () => refusal(403, 'AUTH.FINGERPRINT_MISMATCH'), /client hash/],
    ['a pause', () => refusal(429, 'AUTH.TOO_MANY_ATTEMPTS'), /Try again later/],
    ['a breakdown', () => refusal(500, '5000'), /having problems/],
  ] as readonly (readonly [string, Change, RegExp])[])('%s', async (_, answer, problem) => {
    const report = await checkConformance(optionsOf(createFakePortal({ account }), answer))
    expect(report.problem).toMatch(problem)
    expect({ differences: differences(report), result: report.result }).toEqual({
      differences: [],
      result: 'notChecked',
    })
  })

  test('an option that cannot be used is refused before anything is sent', async () => {
    const portal = createFakePortal({ account })
    await expect(checkConformance({ ...optionsOf(portal), baseUrl: 'portal' })).rejects.toMatchObject({
      failure: { code: 'client.option', field: 'baseUrl' },
    })
    expect(portal.requests).toEqual([])
  })
})

describe('what it sends', () => {
  test('only reads, and the session of the channel, which it closes', async () => {
    const portal = createFakePortal({ account })
    await checkConformance(optionsOf(portal))
    const sent = portal.requests.filter(({ method }) => method === 'POST').map(({ operation }) => operation)
    expect(sent).toEqual(['openChannel', 'closeChannel'])
  })

  test('with writes: the account stays as it was', async () => {
    const portal = createFakePortal()
    const before = portal.account
    const report = await checkConformance({ ...optionsOf(portal), allowWrites: true })
    expect(portal.account).toEqual(before)
    expect(idsOf(report, 'holds')).toEqual(
      expect.arrayContaining(['termination-body', 'unknown-id', 'no-additional-data', 'path-disableIpWhitelist']),
    )
  })

  test('a number that cannot be read is shown by its form alone', async () => {
    const portal = createFakePortal({ account })
    const change = withRows('system/workspaces/mine', (row) => ({ ...row, workspaceBizId: 73519 }))
    const report = await checkConformance(optionsOf(portal, change))
    expect(differences(report)).toEqual(['form-of-an-id'])
    expect(JSON.stringify(report)).not.toContain('73519')
  })

  test('the report holds nothing of the account’s', async () => {
    const portal = createFakePortal()
    const text = JSON.stringify(await checkConformance({ ...optionsOf(portal), allowWrites: true }))
    const { accessToken, clientHash, invitations, sessions, workspaces } = portal.account
    const theirs = [
      accessToken,
      clientHash ?? '',
      ...invitations.flatMap(({ invitationBizId, workspaceName, inviterName }) => [
        invitationBizId,
        workspaceName,
        inviterName,
      ]),
      ...sessions.flatMap(({ sessionId, clientIp }) => [sessionId, clientIp]),
      ...workspaces.flatMap(({ workspaceBizId, workspaceName }) => [workspaceBizId, workspaceName]),
    ]
    expect(theirs.filter((value) => value !== '' && text.includes(value))).toEqual([])
  })
})
