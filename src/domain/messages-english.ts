import { clientCodes } from './failure.ts'
import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, pluralText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'en'

const NETWORK: Text<FailureDetails> = (of) =>
  takesAdvice(of) ? clientCodes.network : 'The portal could not be reached.'
const TIMEOUT: Text<FailureDetails> = (of) =>
  takesAdvice(of) ? clientCodes.timeout : 'The portal did not answer in time.'
const SERVER: Text<FailureDetails> = (of) => (takesAdvice(of) ? clientCodes.server : 'The portal is having problems.')
const PROOF =
  'The portal requires another proof of identity for this. If you are not asked for it here, give it in the portal itself.'
const PROOF_OVER =
  'The portal did not accept your additional proof of identity, or it has expired. Try again. If you are not asked for it here, give it in the portal itself.'
const WRONG_CODE = 'The code is wrong or has expired. Wait for the next code, then enter it.'
const SETUP_GONE = 'This setup and its QR code have expired. Start the setup again.'
const INVITATION_EXPIRED = 'The invitation has expired. Ask for a new one.'
const INVITATION_CLOSED = 'The invitation was already accepted, declined, or withdrawn. Refresh the inbox.'

/**
 * The English texts: the default of `createMessages`, and where to start for a language of your own.
 *
 * @example
 * ```ts
 * const french: MessageTexts = { ...englishMessages, locale: 'fr', blocked: { ...englishMessages.blocked, busy: 'Un instant.' } }
 * createMessages(french).blockedText('busy') // => 'Un instant.'
 * ```
 */
export const englishMessages: MessageTexts = {
  locale: LOCALE,
  client: {
    ...clientCodes,
    network: NETWORK,
    timeout: TIMEOUT,
    server: SERVER,
    aborted: (of) => (takesAdvice(of) ? clientCodes.aborted : 'The request was aborted before its reply arrived.'),
    malformed: (of) => (takesAdvice(of) ? clientCodes.malformed : 'The reply was not in the documented format.'),
    shape: (of) =>
      takesAdvice(of)
        ? clientCodes.shape
        : 'The reply lacks a field, or a field has the wrong type. If this keeps happening, report it.',
    encryptedReply: (of) =>
      takesAdvice(of) ? clientCodes.encryptedReply : 'The reply could not be decrypted and was discarded.',
    unexpected: (of) => (takesAdvice(of) ? clientCodes.unexpected : 'Something unexpected went wrong here.'),
  },
  // A text that is put together is a function: a template evaluated here would keep the whole record in every bundle.
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE': 'Codes by email can be neither turned off nor set up again. They stay as they are.',
    'AUTH.TOO_MANY_ATTEMPTS': () => `There were too many attempts. ${clientCodes.rateLimited}`,
    'AUTH.FINGERPRINT_MISMATCH': 'The portal does not recognize this device as the one that signed in. Sign in again.',
    'AUTH.SESSION_NOT_FOUND': 'This session no longer exists. Refresh the list.',
    'ACCESS.UNAUTHORIZED': () => clientCodes.unauthorized,
    'ACCESS.TOKEN_MISSING': () => clientCodes.unauthorized,
    'ACCESS.PERMISSION_DENIED': 'You do not have permission for this. Ask an administrator for it.',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': 'The code for this action is wrong. Try again in the portal itself.',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD': 'The portal could not read the encrypted request. Try again.',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': 'The encrypted channel to the portal was lost. Try again.',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `The portal did not accept ${field === null ? 'a value' : `the value of “${field}”`}. Correct it, then try again.`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: 'This invitation no longer exists. Refresh the inbox.',
    '4010': () => clientCodes.unauthorized,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing:
      'This needs another proof of who you are, such as your password. It was not given, or not accepted. Try again.',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: () => clientCodes.unauthorized,
    forbidden: 'The portal does not allow this. If you need it, ask an administrator.',
    notFound: 'The portal could not find this. Check the current state before you try again.',
    conflict:
      'The portal refused because something changed in the meantime. Check the current state before you try again.',
    rateLimited: () => clientCodes.rateLimited,
    invalid: 'The portal did not accept this. Correct it, then try again.',
    server: SERVER,
    protocol: (of) =>
      `The reply was not in the documented format.${takesAdvice(of) ? ' Try again.' : ''} If this keeps happening, report it.`,
    secureChannel: 'The encrypted channel to the portal does not work. Try again.',
    config: 'These settings do not work with the portal. Correct them.',
  },
  effect: {
    none: 'This attempt changed nothing.',
    done: 'The change itself took effect, so do not repeat it.',
    unknown: ({ retryAt }) =>
      retryAt === null
        ? 'It is not known whether the change took effect. Check before you repeat it.'
        : 'It is not yet known whether the change took effect.',
  },
  detail: {
    between: ' ',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `It will be checked again at ${clockText(LOCALE, retryAt)}.`
        : `Try again at ${clockText(LOCALE, retryAt)}.`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `request ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: 'A code has six digits. Enter the one that the app shows.',
    wrong: 'This code is wrong.',
    refused: 'The portal refused this code.',
    next: 'Wait for the next one, then enter it.',
    insist: 'Or enter the same code again to let the portal decide.',
    skewed: ({ offsetMs }) =>
      `The clock of your phone is about ${durationText(LOCALE, offsetMs)} ${offsetMs > 0 ? 'ahead' : 'behind'}. Set its time to automatic, then enter the next code.`,
    parametersIgnored:
      'Your app ignores settings in the QR code, so the portal will refuse its codes. Scan the QR code with another app, or ask an administrator which one to use.',
  },
  notice: {
    notSent:
      'What was still waiting to be sent was not sent, because the page was closed or reloaded. Choose it again.',
    linkUnknown:
      'The invitation that the link names is not in your inbox. It may be for another account, or have been withdrawn.',
    linkExpired: 'The invitation that the link names has expired. Ask whoever invited you for a new one.',
    linkHandled: 'The invitation that the link names is no longer open. The list shows what became of it.',
    backupCodesUnsaved:
      'The backup codes that came with the setup can be shown only once. If you have not saved them, have new ones made in the portal.',
    setupReplaced: 'There is a new QR code. The previous one no longer works. Scan the new one.',
    changedElsewhere: 'Someone else changed the whitelist in the meantime. This is the current list.',
    changeUndone: 'The change was undone. The previous whitelist is back.',
    ownPartUndone: 'Your change was undone. Changes that someone else made in the meantime were kept.',
    lockoutSuspected:
      'Right after the change, the portal refused every request, so the new list may have locked you out. The previous list is being restored. Stay signed in until then.',
    undoPending: 'The change is still in force although nobody confirmed it. It could not be undone yet.',
  },
  verdict: {
    address: 'A single address.',
    range: 'A range of addresses.',
    hostBits: 'Not the first address of its range: the whole range is saved.',
    span: 'From one address to another: saved as ranges that cover exactly these.',
    netmask: 'An address with its netmask: saved as the range that they describe.',
    wildcardMask: 'An address with an inverse (Cisco) mask: saved as the range that they describe.',
    wildcard: 'Asterisks for the last numbers: saved as the range that they describe.',
    duplicate: 'Already in the list. It is saved only once.',
    covered: 'Already covered by another entry, so it adds nothing.',
    private: 'A private address. Nobody can connect from it over the internet.',
    everything: 'Lets everybody in, alone or together with other entries, so the list protects nothing.',
    temporary:
      'Your IPv6 address of today. It changes by itself, often within a day. Your network (/64) stays the same.',
    unreadable: 'Stored like this, but not readable here. It is kept as it is and counts as letting nobody in.',
    backwards: 'Ends before it starts. Put the lower address first.',
    mixedFamilies: 'A range cannot go from IPv4 to IPv6. Enter one range for each.',
    scattered: 'A mask or wildcard with gaps: no range covers exactly these addresses. Enter the ranges one by one.',
    ambiguousMask:
      'This may be an address with a mask, or something else. Enter the range with its prefix, such as 198.51.100.0/24.',
    ambiguous:
      'An IPv4 address written as IPv6: the prefix could be meant for either. Enter it as IPv4, such as 203.0.113.0/24.',
    notAnAddress: 'Neither an address nor a range. Correct or remove it.',
  },
  warning: {
    temporaryAddress:
      'The list lets you in only by your IPv6 address of today. Tomorrow it may lock you out. Add your network (/64) as well.',
    otherFamily:
      'Another of your sessions uses the other kind of address, IPv4 or IPv6. The list has no address of that kind, so that session would be locked out.',
    everybody: 'Together, the entries let everybody in, so the list protects nothing.',
  },
  list: {
    unreadableRows: ({ count }) =>
      `This list has ${pluralText(LOCALE, count, {
        one: 'one row that could not be read and is',
        other: `${countText(LOCALE, count)} rows that could not be read and are`,
      })} not shown. Refresh the list. If this keeps happening, report it.`,
  },
  blocked: {
    busy: 'Something is still in progress. Wait until it is done.',
    steppingUp: 'The portal requires another proof of identity. Give it first, or cancel.',
    failed: 'Something failed. Try that again first.',
    questionOpen: 'Answer the question first.',
    unchanged: 'There is nothing to save.',
    alreadyOn: 'It is already on.',
    alreadyOff: 'It is already off.',
    alreadyDefault: 'It is already the default.',
    addressUnknown: 'The address you are signed in from is not known.',
    addressCovered: 'Your address is already in the list.',
    noOtherSession: 'There is no other session.',
    unsettled: 'It is not yet known whether the last change took effect. Wait until it is checked again.',
    noFlow: 'There is no flow to cancel here. Finish this part or skip it.',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null
        ? 'The address you are signed in from is in the list.'
        : `Your address, ${currentAddress}, is in the list.`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? 'The address you are signed in from' : `Your address, ${currentAddress},`} is not in the list, so the list would lock you out. Add it.`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? 'The address you are signed in from is not known, so the list may lock you out.'
        : `The portal sees you at ${currentAddress}, a private address and probably its own proxy’s. It is not known whether the list lets you in. It may lock you out.`,
  },
}
