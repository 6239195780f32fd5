import { clientCodes } from './failure.ts'
import type { MessageTexts } from './messages.ts'
import { clockText, spanText } from './messages-span.ts'

const PROOF =
  'The portal wants another proof of who you are for this. It cannot be given here; do it in the portal itself.'
const PROOF_OVER = 'The other proof of who you are is not valid any more. Give it again in the portal itself.'

/** The default. The texts of a code of ours are looked up when asked for, so that a bundler can drop a record that nobody uses. */
export const englishMessages: MessageTexts = {
  client: clientCodes,
  portal: {
    'AUTH.MFA_CODE_INVALID': 'The code is wrong or has expired. Wait for the next one and type that.',
    'AUTH.OTP_SETUP_SESSION_INVALID': 'This set-up has expired, and its QR code with it. Start the set-up again.',
    'AUTH.MFA_EMAIL_IMMUTABLE': 'The code by e-mail can neither be turned off nor set up anew. It stays as it is.',
    'AUTH.TOO_MANY_ATTEMPTS': () => `${clientCodes.rateLimited} There were too many attempts.`,
    'AUTH.FINGERPRINT_MISMATCH': 'The portal does not take this device for the one that signed in. Sign in again.',
    'AUTH.SESSION_NOT_FOUND': 'There is no such session any more. Read the list again.',
    'ACCESS.UNAUTHORIZED': () => clientCodes.unauthorized,
    'ACCESS.TOKEN_MISSING': () => clientCodes.unauthorized,
    'ACCESS.PERMISSION_DENIED': 'You do not have the permission for this. Ask an administrator for it.',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': 'The code for this one action is wrong. Try again in the portal itself.',
    'WORKSPACE.INVITATION_EXPIRED': 'The invitation has expired. Ask for a new one.',
    'WORKSPACE.INVITATION_ALREADY_PROCESSED':
      'The invitation was accepted, declined or cancelled before. Read the inbox again.',
    'SECURE_CHANNEL.INVALID_PAYLOAD': 'The portal could not read what was encrypted for it. Try again.',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': 'The encrypted channel to the portal was lost. Try again.',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `The portal did not accept ${field === null ? 'a value' : `the value of “${field}”`}. Correct it, then try again.`,
    'SYSTEM.INTERNAL_ERROR': () => clientCodes.server,
    U1040: 'There is no such invitation any more. Read the inbox again.',
    '4010': () => clientCodes.unauthorized,
  },
  kind: {
    network: () => clientCodes.network,
    timeout: () => clientCodes.timeout,
    unauthorized: () => clientCodes.unauthorized,
    forbidden: 'The portal does not allow this. Ask an administrator if you need it.',
    notFound: 'The portal does not know what was asked for. Look at the present state, then decide again.',
    conflict:
      'The portal refused, because something has changed meanwhile. Look at it as it is now, then decide again.',
    rateLimited: () => clientCodes.rateLimited,
    invalid: 'The portal did not accept this. Correct it, then try again.',
    server: () => clientCodes.server,
    protocol: 'The reply was not what this portal is documented to send. Try again; if it goes on, report it.',
    secureChannel: 'The encrypted channel to the portal does not work. Try again.',
    config: 'The portal cannot be used with these settings. Correct them.',
  },
  effect: {
    none: 'This attempt changed nothing.',
    done: 'The change itself took effect, so do not make it again.',
    unknown: ({ retryAt }) =>
      retryAt === null
        ? 'Whether the change took effect is not known, so look before you make it again.'
        : 'Whether the change took effect is not known yet.',
  },
  detail: {
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown' ? `It is looked at again at ${clockText(retryAt)}.` : `Try again at ${clockText(retryAt)}.`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `request ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: 'That is not a code: it has six digits. Type the one that the app shows.',
    wrong: 'That code is not right. Wait for the next one; or type the same one again, and the portal judges it.',
    skewed: ({ offsetMs }) =>
      `The clock of your phone is about ${spanText(offsetMs)} ${offsetMs > 0 ? 'ahead' : 'behind'}. Set its time to automatic and type the next code; or type the same one again, and the portal judges it.`,
    parametersIgnored:
      'Your app ignores settings in the QR code, so the portal will refuse its codes. Scan the QR code with another app, or ask an administrator which one to use; or type the same code again, and the portal judges it.',
  },
  notice: {
    setupReplaced: 'There is a new QR code; the one before it does not work any more. Scan the new one.',
    changedElsewhere: 'Someone else has changed the whitelist meanwhile; here it is as it is now.',
    changeUndone: 'The change was undone: the former whitelist is back.',
    ownPartUndone: 'Your change was undone; what someone else changed meanwhile stays.',
    lockoutSuspected:
      'Right after the change the portal refused everything, so the new list may have locked you out. The former one is being put back by itself; stay signed in until it is.',
    undoPending: 'The change is still in force, although nobody has confirmed it: it could not be undone yet.',
  },
  verdict: {
    address: 'A single address.',
    range: 'A range of addresses.',
    hostBits: 'Not the start of its range: the whole range is saved.',
    span: 'From one address to another: saved as the ranges that hold exactly these.',
    netmask: 'An address with its netmask: saved as the range that these stand for.',
    wildcardMask: 'An address with an inverse mask, as Cisco has it: saved as the range that these stand for.',
    wildcard: 'Stars for the last numbers: saved as the range that they stand for.',
    duplicate: 'In the list already; it is saved once.',
    covered: 'Lies within another entry, so it adds nothing.',
    private: 'A private address, which nobody comes from over the internet.',
    everything: 'Lets everybody in, alone or together with others, so the list protects from nobody.',
    temporary:
      'Your own address of today. Over IPv6 it changes by itself, often within a day: the network (/64) lasts, this does not.',
    unreadable: 'Stored like this, and nothing that can be read here. It is kept as it is, and taken to let nobody in.',
    backwards: 'Ends before it starts. Write the lower address first.',
    mixedFamilies: 'There is no range from IPv4 to IPv6. Write one of each.',
    scattered:
      'A mask or a wildcard with gaps, so no range holds exactly these addresses. Write the ranges one by one.',
    ambiguousMask:
      'May be an address with a mask, or something else. Write the range with its prefix, such as 198.51.100.0/24.',
    ambiguous:
      'An IPv4 address written as IPv6, with a prefix that may be meant for either. Write it as IPv4, such as 203.0.113.0/24.',
    notAnAddress: 'Not an address or a range. Correct or remove it.',
  },
  warning: {
    temporaryAddress:
      'The list lets you in by your IPv6 address of today only. Tomorrow it may lock you out: add your network (/64) as well.',
    otherFamily:
      'Another session of yours comes over the other kind of address, IPv4 or IPv6, of which the list has none: it would be locked out.',
    everybody: 'Together the entries let everybody in, so the list protects from nobody.',
  },
  list: {
    unreadableRows: ({ count }) =>
      `This list has ${count === 1 ? 'one row that could not be read and is' : `${count} rows that could not be read and are`} not shown. Look again; if it stays so, report it.`,
  },
  blocked: {
    busy: 'Something is under way. Wait for it.',
    failed: 'Something went wrong. Try that again first.',
    questionOpen: 'Answer the question first.',
    unchanged: 'Nothing was changed.',
    alreadyOn: 'It is on already.',
    alreadyOff: 'It is off already.',
    alreadyDefault: 'It is the default one already.',
    addressUnknown: 'From which address you are signed in is not known.',
    addressCovered: 'Your address is in the list already.',
    noOtherSession: 'There is no other session.',
    unsettled: 'It is not known yet whether the last change took effect. Wait until it is looked at again.',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null
        ? 'The address you are signed in from is in the list.'
        : `Your address, ${currentAddress}, is in the list.`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? 'The address you are signed in from' : `Your address, ${currentAddress},`} is not in the list, so it would lock you out. Add it.`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? 'From which address you are signed in is not known, so the list may lock you out.'
        : `The portal sees you come from ${currentAddress}, a private address and probably its own proxy’s. So it is not known whether the list lets you in; it may lock you out.`,
  },
}
