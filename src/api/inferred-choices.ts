import type { TracedOperation } from './transport/trace.ts'

/**
 * The register of all that the adapter takes for granted although no text of the portal says it. The table in docs/contract.md#inferred,
 * the marks in docs/openapi.yaml and the conformance check are made of it. No bundle of a host's holds it.
 */

/** A part of the traffic that a choice is about. */
export interface ChoicePlace {
  /** `every`: whatever the operation. */
  readonly operation: TracedOperation | 'every'
  readonly part: 'path' | 'headers' | 'body' | 'reply' | 'refusal'
  /** The field of the body or of the reply's data, or the header; left out: the whole of it. */
  readonly field?: string
}

/** One choice of ours where the public texts are silent or contradict each other. */
export interface InferredChoice {
  /** Stable: reports name it. */
  readonly id: string
  /** What is taken for granted. */
  readonly what: string
  /** Why this and nothing else. */
  readonly reason: string
  /** The heading of docs/contract.md whose text marks it, as an anchor. */
  readonly section: string
  readonly at: readonly ChoicePlace[]
  /** The option of `createPortalApi` that meets a portal which differs; null: the line below has to be changed. */
  readonly option: string | null
  /** Where it stands in the code: the file and the names. */
  readonly line: { readonly file: string; readonly names: readonly string[] }
}

const INFERRED = 'src/api/inferred.ts'
const ENDPOINTS = 'src/api/endpoints.ts'
const CODES = 'src/api/reply/codes.ts'
const SCHEMAS = 'src/api/reply/schemas.ts'
const CHANNEL = 'src/secure-channel/choices.ts'

const inferredPath = (operation: TracedOperation, section: string): InferredChoice => ({
  id: `path-${operation}`,
  what: `The path of \`${operation}\`.`,
  reason: 'No page names it; it is formed after its neighbors and after a sibling portal.',
  section,
  at: [{ operation, part: 'path' }],
  option: `paths.${operation}`,
  line: { file: ENDPOINTS, names: [operation] },
})

const reply = (operation: TracedOperation, ...fields: readonly string[]): readonly ChoicePlace[] =>
  fields.map((field) => ({ operation, part: 'reply', field }))

const refusals: readonly ChoicePlace[] = [{ operation: 'every', part: 'refusal' }]

/** In the order of docs/contract.md. */
export const inferredChoices: readonly InferredChoice[] = [
  {
    id: 'locale-if-unstated',
    what: 'English is asked for where the host names no language.',
    reason: "The vendor's SDK sends it.",
    section: 'headers',
    at: [{ operation: 'every', part: 'headers', field: 'X-LOCALE' }],
    option: 'locale',
    line: { file: INFERRED, names: ['DEFAULT_LOCALE'] },
  },
  {
    id: 'success-codes',
    what: 'Every code of four digits that begins with 2 is a success.',
    reason: 'Four of them are listed, and nothing says that these are all.',
    section: 'replies',
    at: [{ operation: 'every', part: 'reply', field: 'code' }],
    option: null,
    line: { file: INFERRED, names: ['isSuccessCode'] },
  },
  {
    id: 'literal-no-content',
    what: '`{"status":204,"body":null}` is an empty reply.',
    reason: "It reads like a test runner's note, but costs nothing to take literally.",
    section: 'replies',
    at: [{ operation: 'every', part: 'reply' }],
    option: null,
    line: { file: INFERRED, names: ['isLiteralNoContent'] },
  },
  {
    id: 'bare-enum',
    what: 'An enum may come as its bare code.',
    reason: 'Pages show objects, under two names for the text; only the code is used.',
    section: 'replies',
    at: [
      ...reply('listMfaMethods', 'mfaMethod'),
      ...reply('listInvitations', 'invitationStatus'),
      ...reply('acceptInvitation', 'nextAction'),
    ],
    option: null,
    line: { file: SCHEMAS, names: ['enumCode'] },
  },
  {
    id: 'forms-of-a-flag',
    what: 'A yes or no may come as its text, or as 1 and 0.',
    reason: 'Databases and gateways write them so.',
    section: 'replies',
    at: [
      ...reply('listMfaMethods', 'isEnabled', 'isPrimary'),
      ...reply('getIpWhitelist', 'enabled'),
      ...reply('replaceIpWhitelist', 'enabled'),
      ...reply('listSessions', 'isCurrent'),
      ...reply('listInvitations', 'canAccept'),
      ...reply('acceptInvitation', 'becameDefaultWorkspace'),
      ...reply('listWorkspaces', 'isDefault', 'enterable', 'defaultEligible'),
    ],
    option: null,
    line: { file: INFERRED, names: ['flags'] },
  },
  {
    id: 'form-of-an-id',
    what: 'An id is a text of 1 to 256 characters without spaces.',
    reason: 'No page bounds it; this keeps out only what could be no id, or would change the path that it stands in.',
    section: 'replies',
    at: [
      ...reply('listSessions', 'sessionId'),
      ...reply('listInvitations', 'bizId', 'workspaceBizId'),
      ...reply('acceptInvitation', 'workspaceBizId'),
      ...reply('listWorkspaces', 'workspaceBizId'),
    ],
    option: null,
    line: { file: INFERRED, names: ['isId'] },
  },
  {
    id: 'time-without-a-zone',
    what: 'A time without a zone is UTC.',
    reason: 'All times are said to be UTC.',
    section: 'times',
    at: [...reply('listSessions', 'lastActiveAt'), ...reply('listInvitations', 'expiresAt')],
    option: null,
    line: { file: INFERRED, names: ['ZONE_IF_UNSTATED'] },
  },
  {
    id: 'time-before-2000',
    what: 'A time before the year 2000 means that none was set.',
    reason: 'Systems write 0, 1970-01-01 and 0001-01-01 into a field that was never set.',
    section: 'times',
    at: [...reply('listSessions', 'lastActiveAt'), ...reply('listInvitations', 'expiresAt')],
    option: null,
    line: { file: INFERRED, names: ['EARLIEST_TIME'] },
  },
  {
    id: 'time-as-a-number',
    what: 'A number is a time in s, ms, µs or ns; one beyond the year 2100 means never.',
    reason: 'The envelope has epoch ms, so a row may have them, or their like.',
    section: 'times',
    at: [...reply('listSessions', 'lastActiveAt'), ...reply('listInvitations', 'expiresAt')],
    option: null,
    line: { file: INFERRED, names: ['LATEST_TIME_AS_NUMBER'] },
  },
  {
    id: 'rate-window-if-unstated',
    what: 'A 429 that names no wait, of an operation without a documented window, is waited out for 60 s.',
    reason: 'A minute is the usual window.',
    section: 'rate-limits',
    at: refusals,
    option: null,
    line: { file: INFERRED, names: ['RATE_WINDOW_IF_UNSTATED_MS'] },
  },
  {
    id: 'shortest-wait',
    what: 'No wait is shorter than 5 s.',
    reason: 'The machines read again when it is over, and `Retry-After: 0` would never let them rest.',
    section: 'rate-limits',
    at: refusals,
    option: null,
    line: { file: INFERRED, names: ['SHORTEST_WAIT_MS'] },
  },
  {
    id: 'longest-wait',
    what: 'No wait is shown as longer than an hour.',
    reason: 'Nobody sits one out.',
    section: 'rate-limits',
    at: refusals,
    option: null,
    line: { file: INFERRED, names: ['LONGEST_WAIT_MS'] },
  },
  {
    id: 'older-codes',
    what: 'A code of the family `U10xx` means the same as its dotted counterpart.',
    reason: 'Two editions of the pages list the same events under both.',
    section: 'errors',
    at: refusals,
    option: null,
    line: { file: CODES, names: ['COUNTERPART'] },
  },
  {
    id: 'gone-is-not-found',
    what: '410 means the same as 404.',
    reason: 'Gone for good is gone.',
    section: 'errors',
    at: refusals,
    option: null,
    line: { file: 'src/api/reply/refusal.ts', names: ['KINDS'] },
  },
  {
    id: 'step-up-codes',
    what: 'A request that was refused with one of the four codes that demand more proof was not carried out.',
    reason: 'A check comes before the work.',
    section: 'step-up',
    at: refusals,
    option: null,
    line: { file: INFERRED, names: ['STEP_UP_CODES'] },
  },
  {
    id: 'step-up-request-id',
    what: 'The request is repeated with the same `X-Request-Id` once the proof is there.',
    reason: 'It is the same intent, and only one of the two was carried out.',
    section: 'step-up',
    at: [{ operation: 'every', part: 'headers', field: 'X-Request-Id' }],
    option: null,
    line: { file: 'src/api/call.ts', names: ['canRepeat'] },
  },
  {
    id: 'public-key-format',
    what: 'The public key is DER of the kind SPKI.',
    reason: "The SDK's page says so; the API's page says PKCS#8/X.509. PKCS#1, PEM and base64url are converted.",
    section: 'channel-key',
    at: reply('getChannelKey', 'publicKey'),
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['PUBLIC_KEY_FORMAT'] },
  },
  {
    id: 'oaep-hash',
    what: 'RSA-OAEP uses SHA-256, for its mask as well.',
    reason: 'The text names RSA-OAEP only; this is what WebCrypto makes of it.',
    section: 'channel-session',
    at: [
      { operation: 'openChannel', part: 'body', field: 'encReqKey' },
      { operation: 'openChannel', part: 'body', field: 'encRespKey' },
    ],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['OAEP_HASH'] },
  },
  {
    id: 'channel-renewal',
    what: 'A session is renewed 60 s before its end.',
    reason: 'No request is to be under way with one that has just ended.',
    section: 'channel-session',
    at: reply('openChannel', 'expiresAt'),
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['RENEW_BEFORE_MS'] },
  },
  {
    id: 'channel-lifetime-if-unstated',
    what: 'A session whose end is not stated lives for 10 minutes.',
    reason: 'Nothing is known of its lifetime, so this is short.',
    section: 'channel-session',
    at: reply('openChannel', 'expiresAt'),
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['LIFETIME_IF_UNSTATED_MS'] },
  },
  {
    id: 'payload-layout',
    what: 'The payload of the JSON envelope is IV, ciphertext and tag.',
    reason: 'That is stated for the binary one.',
    section: 'channel-envelopes',
    at: [{ operation: 'every', part: 'body' }],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['IV_BYTES', 'TAG_BYTES'] },
  },
  {
    id: 'no-additional-data',
    what: 'AES-GCM has a tag of 16 bytes and no additional data.',
    reason: "None is mentioned, although a function of the vendor's SDK has a third argument that might be some.",
    section: 'channel-envelopes',
    at: [{ operation: 'every', part: 'body' }],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['gcmParameters'] },
  },
  {
    id: 'message-types',
    what: 'A request is of type 2; type 1, which brings its keys along, is never sent.',
    reason: 'The portal has both keys since the session was opened.',
    section: 'channel-envelopes',
    at: [{ operation: 'every', part: 'body' }],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['MESSAGE_TYPE', 'CHANNEL_VERSION'] },
  },
  {
    id: 'encrypted-content-type',
    what: 'The content type of an encrypted body is `application/json;charset=UTF-8` in both formats.',
    reason: 'It is stated for the binary one.',
    section: 'channel-envelopes',
    at: [{ operation: 'every', part: 'headers', field: 'Content-Type' }],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['ENCRYPTED_CONTENT_TYPE'] },
  },
  {
    id: 'both-session-headers',
    what: 'Both pairs of headers that name the session may be sent.',
    reason: 'Pages disagree on the name, and an unknown header does no harm.',
    section: 'channel-headers',
    at: [
      { operation: 'every', part: 'headers', field: 'X-SC-Session-Id' },
      { operation: 'every', part: 'headers', field: 'X-SC-Version' },
    ],
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['SESSION_HEADER', 'sessionHeaders'] },
  },
  {
    id: 'terminate-session-encrypted',
    what: 'The body of `terminateSession` is encrypted.',
    reason: 'It is a change of the security center with a body, as the two that are stated.',
    section: 'channel-use',
    at: [{ operation: 'terminateSession', part: 'body' }],
    option: 'secureChannel',
    line: { file: ENDPOINTS, names: ['terminateSession'] },
  },
  {
    id: 'session-named-without-a-body',
    what: 'Every other POST of the security center names the session and has no body to encrypt.',
    reason: 'Pages disagree on which requests name the session; naming it does no harm.',
    section: 'channel-use',
    at: (['setupOtp', 'revokeOtp', 'enableIpWhitelist', 'disableIpWhitelist', 'terminateOtherSessions'] as const).map(
      (operation) => ({ operation, part: 'headers', field: 'X-Secure-Channel-Session-Id' }),
    ),
    option: 'secureChannel',
    line: { file: ENDPOINTS, names: ['session'] },
  },
  {
    id: 'replies-that-may-be-plain',
    what: 'Where replies are encrypted, those from before the body was opened may be plain: 401, 408, 413, 429, 5xx and an empty 204.',
    reason: 'They come from gateways and from the check of the token, which have no key.',
    section: 'channel-use',
    at: refusals,
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['mayBePlain'] },
  },
  {
    id: 'channel-codes',
    what: 'A request that was refused with a code of the family `SECURE_CHANNEL.*` was not carried out.',
    reason: 'The portal did not open it.',
    section: 'channel-failures',
    at: refusals,
    option: 'secureChannel',
    line: { file: CHANNEL, names: ['isChannelCode'] },
  },
  {
    id: 'is-enabled-if-unstated',
    what: 'A factor that does not say whether it is on is off.',
    reason: 'Some systems leave out what is false.',
    section: 'mfa-methods',
    at: reply('listMfaMethods', 'isEnabled'),
    option: null,
    line: { file: INFERRED, names: ['IS_ENABLED_IF_UNSTATED'] },
  },
  {
    id: 'is-primary-if-unstated',
    what: 'A factor that does not say whether it is the primary one is not.',
    reason: 'The field is an addition of newer pages.',
    section: 'mfa-methods',
    at: reply('listMfaMethods', 'isPrimary'),
    option: null,
    line: { file: INFERRED, names: ['IS_PRIMARY_IF_UNSTATED'] },
  },
  {
    id: 'setup-replaces-setup',
    what: 'A new setup makes the one before it void.',
    reason: 'The portal keeps one secret for an account.',
    section: 'otp-setup',
    at: [{ operation: 'setupOtp', part: 'reply' }],
    option: null,
    line: { file: 'machines/otp-enrollment.ts', names: ['noteReplacement'] },
  },
  {
    id: 'six-digits',
    what: 'A setup whose URI asks for codes of other than six digits cannot be used.',
    reason: 'The portal takes six, so an app that shows eight could never be right.',
    section: 'otp-setup',
    at: reply('setupOtp', 'qrCodeUri'),
    option: null,
    line: { file: 'src/domain/otp.ts', names: ['readOtpUri'] },
  },
  {
    id: 'backup-codes-of-a-setup',
    what: 'A setup may bring backup codes, which are shown once OTP is on.',
    reason: 'No page says where they come from, and other portals make them with the secret.',
    section: 'otp-setup',
    at: reply('setupOtp', 'backupCodes'),
    option: null,
    line: { file: SCHEMAS, names: ['otpSetupReply'] },
  },
  {
    id: 'code-one-step-off',
    what: 'A code that is one step early or late counts as right.',
    reason: 'Servers commonly take it, and the portal decides.',
    section: 'otp-verify',
    at: [{ operation: 'verifyOtp', part: 'body', field: 'code' }],
    option: null,
    line: { file: 'src/domain/otp.ts', names: ['STEPS_ACCEPTED'] },
  },
  inferredPath('revokeOtp', 'otp-revoke'),
  inferredPath('getBackupCodeStatus', 'backup-codes'),
  {
    id: 'entries-if-null',
    what: 'Entries that are null are an empty list.',
    reason: 'A list that was never written may come so.',
    section: 'whitelist-read',
    at: [...reply('getIpWhitelist', 'entries'), ...reply('replaceIpWhitelist', 'entries')],
    option: null,
    line: { file: INFERRED, names: ['ENTRIES_IF_NULL'] },
  },
  {
    id: 'entry-that-is-no-text',
    what: 'An entry that is no text is kept as its JSON, and goes back as what it was.',
    reason: 'No save may drop what is stored and cannot be read.',
    section: 'whitelist-read',
    at: [...reply('getIpWhitelist', 'entries'), ...reply('replaceIpWhitelist', 'entries')],
    option: null,
    line: { file: INFERRED, names: ['entryText', 'entryAsListed'] },
  },
  {
    id: 'switch-without-a-body',
    what: 'The switch of the whitelist takes no body, and whatever comes back is dropped.',
    reason: 'Pages show nothing and the whitelist as its reply; the state is read again.',
    section: 'whitelist-switch',
    at: [
      { operation: 'enableIpWhitelist', part: 'body' },
      { operation: 'enableIpWhitelist', part: 'reply' },
      { operation: 'disableIpWhitelist', part: 'body' },
      { operation: 'disableIpWhitelist', part: 'reply' },
    ],
    option: null,
    line: { file: ENDPOINTS, names: ['enableIpWhitelist'] },
  },
  inferredPath('disableIpWhitelist', 'whitelist-switch'),
  {
    id: 'is-current-if-unstated',
    what: 'A session that does not say whether it is the one in use is not.',
    reason: 'Some systems leave out what is false.',
    section: 'session-list',
    at: reply('listSessions', 'isCurrent'),
    option: null,
    line: { file: INFERRED, names: ['IS_CURRENT_IF_UNSTATED'] },
  },
  {
    id: 'termination-body',
    what: 'A session is ended by `{sessionId}`, the id as it is listed.',
    reason: 'The body was not found on any page; lists show ids masked.',
    section: 'session-terminate',
    at: [
      { operation: 'terminateSession', part: 'body', field: 'sessionId' },
      { operation: 'terminateSession', part: 'reply' },
    ],
    option: null,
    line: { file: INFERRED, names: ['terminationBody'] },
  },
  {
    id: 'inbox-rows',
    what: 'A row of the inbox has the fields of the list that an administrator sees; its id may be called `invitationBizId`.',
    reason: 'The reply of the inbox was not found on any page.',
    section: 'inbox',
    at: [{ operation: 'listInvitations', part: 'reply' }, ...reply('listInvitations', 'bizId', 'invitationBizId')],
    option: null,
    line: { file: SCHEMAS, names: ['invitationRow'] },
  },
  {
    id: 'name-if-unstated',
    what: 'A name that is missing is shown as nothing.',
    reason: 'An invitation without a name can be answered; one that is dropped cannot.',
    section: 'inbox',
    at: [...reply('listInvitations', 'workspaceName', 'inviterName'), ...reply('listWorkspaces', 'workspaceName')],
    option: null,
    line: { file: INFERRED, names: ['NAME_IF_UNSTATED'] },
  },
  {
    id: 'status-if-unstated',
    what: 'An invitation whose status cannot be read is open only where `canAccept` says so.',
    reason: 'The codes of the status are those of the list that an administrator sees.',
    section: 'inbox',
    at: reply('listInvitations', 'invitationStatus'),
    option: null,
    line: { file: INFERRED, names: ['STATUS_IF_UNSTATED'] },
  },
  {
    id: 'can-accept-if-unstated',
    what: 'Without `canAccept`, an invitation that is pending and not expired can be accepted.',
    reason: 'The portal refuses what it does not allow.',
    section: 'inbox',
    at: reply('listInvitations', 'canAccept', 'expiresAt'),
    option: null,
    line: { file: INFERRED, names: ['invitationStanding'] },
  },
  {
    id: 'next-action-if-unstated',
    what: 'A reply to an accept that does not say where to go means the workspace that was joined.',
    reason: 'That is what the user has just asked for.',
    section: 'accept',
    at: reply('acceptInvitation', 'nextAction'),
    option: null,
    line: { file: INFERRED, names: ['NEXT_ACTION_IF_UNSTATED'] },
  },
  {
    id: 'became-default-if-unstated',
    what: 'A reply to an accept that does not say whether the workspace became the default one means that it did not.',
    reason: 'Nothing says that anything else changed.',
    section: 'accept',
    at: reply('acceptInvitation', 'becameDefaultWorkspace'),
    option: null,
    line: { file: INFERRED, names: ['BECAME_DEFAULT_IF_UNSTATED'] },
  },
  {
    id: 'unknown-id',
    what: 'What is not found comes with 404; `U1040` means the same.',
    reason: 'No page names the code.',
    section: 'accept',
    at: [
      { operation: 'acceptInvitation', part: 'refusal' },
      { operation: 'declineInvitation', part: 'refusal' },
    ],
    option: null,
    line: { file: CODES, names: ['DOCUMENTED_STATUS'] },
  },
  {
    id: 'workspace-flags-if-unstated',
    what: 'A workspace without flags is not the default one, can be entered, and can become the default.',
    reason: 'Pages show a shorter row too; the portal refuses what it does not allow.',
    section: 'workspaces',
    at: reply('listWorkspaces', 'isDefault', 'enterable', 'defaultEligible'),
    option: null,
    line: { file: INFERRED, names: ['workspaceFlags'] },
  },
  inferredPath('setDefaultWorkspace', 'workspaces'),
]
