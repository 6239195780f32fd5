import { describe, expect, it } from 'vitest'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { isSealed } from '../../../src/domain/sealed.ts'
import { createSetting, failureOf, NOON, success } from '../stub-portal.ts'

const iso = (at: number) => new Date(at).toISOString()
const HOUR_MS = 60 * 60_000

const resultOf = <Result>(data: unknown, run: (api: Required<PortalApi>) => Promise<Result>) =>
  run(createSetting(success(data)).api)

describe('MFA', () => {
  const list = (api: Required<PortalApi>) => api.listMfaMethods()

  it('reads the documented rows', async () => {
    const data = [
      { mfaMethod: { code: 'EMAIL', value: 10011001, label: 'Email' }, isEnabled: true },
      { mfaMethod: { code: 'OTP', value: 10011002, label: 'OTP' }, isEnabled: false },
    ]
    expect(await resultOf(data, list)).toEqual([
      { method: 'EMAIL', isEnabled: true, isPrimary: false },
      { method: 'OTP', isEnabled: false, isPrimary: false },
    ])
  })

  it('reads what newer pages add, and enums of other pages and codes', async () => {
    const data = [
      {
        mfaMethod: { code: 'PASSKEY', value: 1, name: 'Passkey', description: 'x' },
        isEnabled: true,
        isPrimary: true,
        verifiedAt: null,
      },
      { mfaMethod: { code: 'OTP' }, isEnabled: true, isPrimary: null, extra: 1 },
    ]
    expect(await resultOf(data, list)).toEqual([
      { method: 'PASSKEY', isEnabled: true, isPrimary: true },
      { method: 'OTP', isEnabled: true, isPrimary: false },
    ])
  })

  it.each([
    [{ remainingCount: 8, totalCount: 10 }, 10],
    [{ remainingCount: 8 }, null],
    [{ remainingCount: 8, totalCount: 'ten' }, null],
  ])('reads backup codes: %j', async (data, totalCount) => {
    expect(await resultOf(data, (api) => api.getBackupCodeStatus())).toEqual({ remainingCount: 8, totalCount })
  })
})

describe('OTP setup', () => {
  const secret = 'JBSWY3DPEHPK3PXP'
  const qrCodeUri = `otpauth://totp/SlaunchX:me%2Bx@example.com?secret=${secret}&issuer=SlaunchX`
  const run = (data: unknown) => resultOf(data, (api) => api.setupOtp())

  it('seals the secrets', async () => {
    const setup = await run({ secret, qrCodeUri, issuer: 'SlaunchX', accountName: 'me@example.com' })
    expect(isSealed(setup.secret) && isSealed(setup.qrCodeUri)).toBe(true)
    expect(setup.secret.reveal()).toBe(secret)
    expect(setup.qrCodeUri.reveal()).toBe(qrCodeUri)
    expect(JSON.stringify(setup)).not.toContain(secret)
    expect(setup).toMatchObject({ issuer: 'SlaunchX', accountName: 'me@example.com' })
  })

  it.each([
    [qrCodeUri, 'me+x@example.com'],
    [`otpauth://totp/SlaunchX%3Ame@example.com?secret=${secret}&issuer=SlaunchX`, 'me@example.com'],
    [`otpauth://totp/SlaunchX:%20me@example.com?secret=${secret}`, 'me@example.com'],
    [`otpauth://totp/me@example.com?secret=${secret}&issuer=SlaunchX`, 'me@example.com'],
    [`otpauth://TOTP/Acme%20GmbH%3A%20%20me@example.com?Secret=${secret}`, 'me@example.com'],
    [`otpauth://totp/CORP:maya?secret=${secret}&issuer=SlaunchX`, 'maya'],
  ])('takes the account’s name from the label of %s', async (uri, accountName) => {
    expect((await run({ secret, qrCodeUri: uri, issuer: 'SlaunchX' })).accountName).toBe(accountName)
    expect((await run({ secret, qrCodeUri: uri, issuer: 'SlaunchX', accountName: null })).accountName).toBe(accountName)
  })

  it.each(['jbsw-y3dp-ehpk-3pxp', 'JBSW Y3DP EHPK 3PXP', `${secret}==`])(
    'gives the key %j as every app takes it, and the QR code as it is',
    async (written) => {
      const uri = `otpauth://totp/me?SECRET=${encodeURIComponent(written)}`
      const setup = await run({ secret: written, qrCodeUri: uri, issuer: 'SlaunchX' })
      expect([setup.secret.reveal(), setup.qrCodeUri.reveal()]).toEqual([secret, uri])
    },
  )

  it.each([
    ['secret', { secret: 'KRSXG5CTMVRXEZLU', qrCodeUri, issuer: 'SlaunchX' }],
    ['qrCodeUri', { secret, qrCodeUri: `${qrCodeUri.replace('totp', 'hotp')}&counter=1`, issuer: 'SlaunchX' }],
    ['qrCodeUri', { secret, qrCodeUri: 'https://phish.example/qr', issuer: 'SlaunchX' }],
  ])('refuses one whose parts do not agree: %s', async (field, data) => {
    const failure = await failureOf(run(data))
    expect(failure).toMatchObject({
      kind: 'protocol',
      code: 'client.otpSetupMismatch',
      field: `data.${field}`,
      effect: 'done',
      status: 200,
    })
  })

  it('never tells a secret in a failure', async () => {
    const thrown = await run({ secret, qrCodeUri, issuer: 7 }).catch((error: unknown) => error)
    expect(`${(thrown as Error).stack}${JSON.stringify(thrown)}`).not.toContain(secret)
    expect(thrown).not.toHaveProperty('cause')
  })
})

describe('whitelist', () => {
  it.each([
    [
      { enabled: true, entries: ['192.168.1.0/24'] },
      { enabled: true, entries: ['192.168.1.0/24'] },
    ],
    [
      { enabled: false, entries: null, updatedAt: 'x' },
      { enabled: false, entries: [] },
    ],
    [
      { enabled: true, entries: ['', '203.0.113.10', null, '  '] },
      { enabled: true, entries: ['203.0.113.10'] },
    ],
    [
      { enabled: 'true', entries: [{ cidr: '192.0.2.0/24' }, 3221226219, '203.0.113.10', ['192.0.2.1']] },
      { enabled: true, entries: ['{"cidr":"192.0.2.0/24"}', '3221226219', '203.0.113.10', '["192.0.2.1"]'] },
    ],
    [
      { enabled: true, entries: ['198.51.100.1-198.51.100.9', ' 198.51.100.* ', 'vpn.example.com'] },
      { enabled: true, entries: ['198.51.100.1-198.51.100.9', ' 198.51.100.* ', 'vpn.example.com'] },
    ],
  ])('%j', async (data, expected) => {
    expect(await resultOf(data, (api) => api.getIpWhitelist())).toEqual(expected)
    expect(await resultOf(data, (api) => api.replaceIpWhitelist({ entries: [] }))).toEqual(expected)
  })
})

describe('a whitelist entry that is no text', () => {
  it('goes back as what it was', async () => {
    const entries = [{ cidr: '192.0.2.0/24', note: null }, '203.0.113.10', ['192.0.2.1'], '{not JSON']
    const { api, sent } = createSetting(success({ enabled: true, entries }))
    const listed = await api.getIpWhitelist()
    await api.replaceIpWhitelist({ entries: listed.entries, asListed: true })
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({ entries })
  })
})

describe('sessions', () => {
  it('reads the documented rows', async () => {
    const data = [{ sessionId: 'SESS...C_001', clientIp: '127.0.0.10', isCurrent: true }]
    expect(await resultOf(data, (api) => api.listSessions())).toEqual(data)
  })

  it('reads the other name of the address, and the optional fields', async () => {
    const row = {
      sessionId: 'SESS...R_001',
      ipAddress: '127.0.0.11',
      isCurrent: false,
      deviceInfo: 'Windows 10 - Chrome 120',
      location: null,
      userAgent: 'x',
      createdAt: iso(NOON),
      lastActiveAt: iso(NOON),
    }
    expect(await resultOf([row], (api) => api.listSessions())).toEqual([
      {
        sessionId: 'SESS...R_001',
        clientIp: '127.0.0.11',
        isCurrent: false,
        deviceInfo: 'Windows 10 - Chrome 120',
        lastActiveAt: NOON,
      },
    ])
    const both = { ...row, clientIp: '127.0.0.12' }
    expect((await resultOf([both], (api) => api.listSessions()))[0]?.clientIp).toBe('127.0.0.12')
  })

  it('leaves out a detail of the wrong kind, rather than the list', async () => {
    const data = [
      {
        sessionId: 'S',
        clientIp: '127.0.0.10',
        isCurrent: true,
        deviceInfo: 7,
        location: {},
        lastActiveAt: 'yesterday',
      },
    ]
    expect(await resultOf(data, (api) => api.listSessions())).toEqual([
      { sessionId: 'S', clientIp: '127.0.0.10', isCurrent: true },
    ])
  })

  it('counts the sessions ended', async () => {
    expect(await resultOf(2, (api) => api.terminateOtherSessions())).toBe(2)
    expect(await resultOf(0, (api) => api.terminateOtherSessions())).toBe(0)
  })
})

describe('invitations', () => {
  const row = {
    bizId: 'INV_1',
    workspaceBizId: 'WS_1',
    workspaceName: 'Acme',
    inviterBizId: 'U_1',
    inviterName: 'Ada',
    inviteeEmail: null,
    invitationStatus: { code: 'PENDING', value: 1, label: 'Pending' },
    message: null,
    expiresAt: iso(NOON + HOUR_MS),
    acceptedAt: null,
    createdAt: iso(NOON),
    canAccept: true,
  }
  const list = async (...rows: object[]) => resultOf(rows, (api) => api.listInvitations())
  const standing = async (parts: object) => {
    const [invitation] = await list({ ...row, ...parts })
    return { status: invitation?.status, canAccept: invitation?.canAccept }
  }

  it('reads a row', async () => {
    expect(await list(row)).toEqual([
      {
        invitationBizId: 'INV_1',
        workspaceBizId: 'WS_1',
        workspaceName: 'Acme',
        inviterName: 'Ada',
        status: 'PENDING',
        expiresAt: NOON + HOUR_MS,
        canAccept: true,
      },
    ])
  })

  it('reads the alias of the id, and does without names and a limit', async () => {
    const { bizId: _, ...rest } = row
    const parts = { invitationBizId: 'INV_2', workspaceName: null, inviterName: undefined, expiresAt: null }
    expect(await list({ ...rest, ...parts })).toMatchObject([
      { invitationBizId: 'INV_2', workspaceName: '', inviterName: '', expiresAt: null },
    ])
  })

  it.each([
    [{ canAccept: false }, { status: 'PENDING', canAccept: false }],
    [{ canAccept: undefined }, { status: 'PENDING', canAccept: true }],
    [
      { canAccept: null, expiresAt: null },
      { status: 'PENDING', canAccept: true },
    ],
    [
      { canAccept: undefined, expiresAt: iso(NOON) },
      { status: 'EXPIRED', canAccept: false },
    ],
    [
      { canAccept: undefined, expiresAt: iso(NOON + 1) },
      { status: 'PENDING', canAccept: true },
    ],
    [
      { canAccept: false, expiresAt: iso(NOON - 1) },
      { status: 'EXPIRED', canAccept: false },
    ],
    [
      { canAccept: true, expiresAt: iso(NOON - 1) },
      { status: 'PENDING', canAccept: true },
    ],
    [
      { canAccept: undefined, invitationStatus: { code: 'ACCEPTED' } },
      { status: 'ACCEPTED', canAccept: false },
    ],
    [
      { canAccept: true, invitationStatus: { code: 'NEWER' } },
      { status: 'NEWER', canAccept: true },
    ],
    [
      { canAccept: undefined, invitationStatus: 'PENDING' },
      { status: 'PENDING', canAccept: true },
    ],
  ])('%j stands as %j', async (parts, expected) => {
    expect(await standing(parts)).toEqual(expected)
  })

  it.each([
    ['2026-11-24T13:00:00Z', NOON + HOUR_MS],
    ['2026-11-24T13:00:00', NOON + HOUR_MS],
    ['2026-11-24T13:00', NOON + HOUR_MS],
    ['2026-11-24T13:00:00.500Z', NOON + HOUR_MS + 500],
    ['2026-11-24T14:00:00+01:00', NOON + HOUR_MS],
    ['2026-11-24T14:00:00+0100', NOON + HOUR_MS],
    [NOON + HOUR_MS, NOON + HOUR_MS],
  ])('reads the time %s', async (expiresAt, expected) => {
    expect((await list({ ...row, expiresAt }))[0]?.expiresAt).toBe(expected)
  })

  it('reads an acceptance, with an action that nobody knows yet', async () => {
    const data = {
      invitationBizId: 'INV_1',
      workspaceBizId: 'WS_1',
      becameDefaultWorkspace: false,
      nextAction: { code: 'TAKE_A_TOUR', value: 10050499, label: 'Tour' },
    }
    expect(await resultOf(data, (api) => api.acceptInvitation({ invitationBizId: 'INV_1' }))).toEqual({
      workspaceBizId: 'WS_1',
      becameDefaultWorkspace: false,
      nextAction: 'TAKE_A_TOUR',
    })
  })
})

describe('workspaces', () => {
  const list = (...rows: object[]) => resultOf(rows, (api) => api.listWorkspaces())

  it('reads a row', async () => {
    const row = {
      userBizId: 'U',
      workspaceBizId: 'WS_1',
      workspaceName: 'Acme',
      isOwner: true,
      isDefault: true,
      enterable: false,
      defaultEligible: true,
    }
    expect(await list(row)).toEqual([
      { workspaceBizId: 'WS_1', workspaceName: 'Acme', isDefault: true, enterable: false, defaultEligible: true },
    ])
  })

  it.each([
    [{ bizId: 'WS_1' }, { isDefault: false, enterable: true, defaultEligible: true }],
    [
      { bizId: 'WS_1', enterable: false },
      { isDefault: false, enterable: false, defaultEligible: false },
    ],
    [
      { bizId: 'WS_1', isDefault: null, enterable: null },
      { isDefault: false, enterable: true, defaultEligible: true },
    ],
    [
      { bizId: 'OTHER', workspaceBizId: 'WS_1', enterable: true },
      { isDefault: false, enterable: true, defaultEligible: true },
    ],
  ])('%j', async (row, flags) => {
    expect(await list(row)).toEqual([{ workspaceBizId: 'WS_1', workspaceName: '', ...flags }])
  })
})

describe('no content, in every form', () => {
  const writes: readonly [string, (api: Required<PortalApi>) => Promise<unknown>][] = [
    ['verifyOtp', (api) => api.verifyOtp({ code: '482916' })],
    ['revokeOtp', (api) => api.revokeOtp()],
    ['enableIpWhitelist', (api) => api.enableIpWhitelist()],
    ['disableIpWhitelist', (api) => api.disableIpWhitelist()],
    ['terminateSession', (api) => api.terminateSession({ sessionId: 'S' })],
    ['declineInvitation', (api) => api.declineInvitation({ invitationBizId: 'I' })],
    ['setDefaultWorkspace', (api) => api.setDefaultWorkspace({ workspaceBizId: 'W' })],
  ]
  const forms = [
    ['204', { status: 204 }],
    ['2040', { json: { success: true, code: '2040', message: 'NO_CONTENT', data: null } }],
    ['2000 with null', { json: { code: '2000', message: 'SUCCESS', data: null } }],
    ['2000 without data', { json: { code: '2000', message: 'SUCCESS' } }],
    ['2000 with something', { json: { code: '2000', data: { enabled: true, entries: [] } } }],
    ['2002', { status: 202, json: { code: '2002', data: null } }],
    ['the literal note', { json: { status: 204, body: null } }],
  ] as const

  describe.each(writes)('%s', (_, run) => {
    it.each(forms)('%s', async (_form, reply) => {
      await expect(run(createSetting(reply).api)).resolves.toBeUndefined()
    })
  })
})

describe('the wrong shape', () => {
  const session = { sessionId: 'S', clientIp: '127.0.0.10', isCurrent: true }
  const setup = { secret: 'JBSWY3DPEHPK3PXP', qrCodeUri: 'otpauth://totp/x', issuer: 'SlaunchX' }

  const reads: readonly [string, (api: Required<PortalApi>) => Promise<unknown>, unknown, string][] = [
    ['sessions: null', (api) => api.listSessions(), null, 'data'],
    ['sessions: a page', (api) => api.listSessions(), { content: [] }, 'data'],
    ['sessions: one of them', (api) => api.listSessions(), session, 'data'],
    ['mfa: a text', (api) => api.listMfaMethods(), 'OTP', 'data'],
    ['backup codes', (api) => api.getBackupCodeStatus(), { remainingCount: -1, totalCount: 10 }, 'data.remainingCount'],
    ['whitelist: no switch', (api) => api.getIpWhitelist(), { entries: [] }, 'data.enabled'],
    ['whitelist: no list', (api) => api.getIpWhitelist(), { enabled: true }, 'data.entries'],
    ['whitelist: nobody knows whether', (api) => api.getIpWhitelist(), { enabled: null, entries: [] }, 'data.enabled'],
    ['whitelist: one entry', (api) => api.getIpWhitelist(), { enabled: true, entries: '192.0.2.1' }, 'data.entries'],
    ['invitations: nothing', (api) => api.listInvitations(), undefined, 'data'],
    ['workspaces: by their ids', (api) => api.listWorkspaces(), { WS_1: {} }, 'data'],
  ]

  it.each(reads)('%s', async (_, run, data, field) => {
    expect(await failureOf(resultOf(data, run))).toMatchObject({
      kind: 'protocol',
      code: 'client.shape',
      status: 200,
      retryable: false,
      effect: 'none',
      field,
    })
  })

  const writes: typeof reads = [
    ['setup: nothing', (api) => api.setupOtp(), null, 'data'],
    ['setup: no secret', (api) => api.setupOtp(), { ...setup, secret: null }, 'data.secret'],
    ['setup: no issuer', (api) => api.setupOtp(), { ...setup, issuer: undefined }, 'data.issuer'],
    ['terminate others: nothing', (api) => api.terminateOtherSessions(), null, 'data'],
    ['terminate others: half a session', (api) => api.terminateOtherSessions(), 1.5, 'data'],
    ['replace: nothing', (api) => api.replaceIpWhitelist({ entries: [] }), null, 'data'],
  ]

  it.each(writes)('of a write, which was done: %s', async (_, run, data, field) => {
    expect(await failureOf(resultOf(data, run))).toMatchObject({ code: 'client.shape', effect: 'done', field })
  })
})
