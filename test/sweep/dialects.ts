import { type FakePortalOptions, fakeInvitation } from 'postlogin/testing'
import { defaultBehavior, dialectValues } from '../../src/testing/behavior.ts'

const defaults = new Map<string, unknown>(Object.entries(defaultBehavior.dialect))

/** Listed as pending, and refused whatever is done with it, beside those that every run begins with. */
export const ghost = 'WS_GHOST_003'
const haunted = (refusedWith: number): FakePortalOptions => ({
  account: {
    invitations: [
      fakeInvitation(),
      fakeInvitation({ invitationBizId: 'b2c3d4e5-f6a7-4901-bcde-f12345678901', workspaceBizId: 'WS_GLOBEX_002' }),
      fakeInvitation({ invitationBizId: 'c3d4e5f6-a7b8-4012-8def-123456789012', workspaceBizId: ghost, refusedWith }),
    ],
  },
})

/** Portals that a complete onboarding is carried through at, by what is said of each. */
export const dialects: Readonly<Record<string, FakePortalOptions>> = {
  ...Object.fromEntries(
    Object.entries(dialectValues).flatMap(([name, values]) =>
      values
        .filter((value) => value !== defaults.get(name))
        .map((value) => [`dialect.${name}: ${value}`, { dialect: { [name]: value } }]),
    ),
  ),
  'no optional field, nothing around the data': { dialect: { optionalFields: false, envelopeExtras: false } },
  'the whitelist enforced on every request': { enforceOnEveryRequest: true },
  'sessions listed with their last address': { sessionAddress: 'request' },
  'no session marked as the one in use': { marksCurrent: 'none' },
  'codes of SHA256 and 60 s': { totp: { algorithm: 'SHA256', period: 60 } },
  'a channel that is over at once': { channelLifetimeMs: 1 },
  'the channel’s header on every POST': { channelHeaderOn: 'securityPosts' },
  'plain replies to sealed requests': { encryptsReplies: false },
  'a sealed reply to a setup': { encryptsSetupReply: true },
  'plain refusals of sealed requests': { encryptsErrors: false },
  'timestamps in seconds alone': { dialect: { timestamp: 'seconds', dateHeader: false } },
  'absurd timestamps alone': { dialect: { timestamp: 'absurd', dateHeader: false } },
  'sessions that are listed for a while after they ended': { listsEndedForMs: 10_000 },
  'terminate-all that counts none': { terminatedCount: 0 },
  ...Object.fromEntries(
    [400, 403, 404, 409, 410].map((status) => [`a ghost in the inbox, refused with ${status}`, haunted(status)]),
  ),
}
