import type { InvitationStanding, RouteReason, StepNameWith, StepStatus } from 'postlogin'
import type { PageScreen, TermsStep } from './terms.ts'

const plural = (count: number, one: string, other: string) =>
  new Intl.PluralRules('en').select(count) === 'one' ? one : other

/** The words of the pages in English, and where to start for a language of your own. */
export const englishWords = {
  locale: 'en',
  direction: 'ltr' as 'ltr' | 'rtl',
  titles: {
    custom: 'Terms of service',
    loading: 'One moment',
    invitations: 'Your invitations',
    mfa: 'Two-step sign-in',
    otpEnrollment: 'Set up your authenticator app',
    ipWhitelist: 'IP whitelist',
    sessions: 'Where you are signed in',
    workspace: 'Choose your workspace',
    broken: 'This step is not working',
    crashed: 'This page is not working',
    completed: 'You are all set',
    signedOut: 'You are signed out',
    cancelled: 'To be continued',
  } satisfies Record<PageScreen['name'], string>,
  leads: {
    custom: 'Read them and accept them before you go on.',
    loading: 'Loading your account.',
    invitations: 'Join the workspaces you were invited to, or decline.',
    mfa: 'With a code from your phone, a stolen password is not enough to sign in.',
    otpEnrollment: 'Scan the QR code with an authenticator app, then enter the six digits it shows.',
    ipWhitelist: 'Allow sign-in only from these addresses.',
    sessions: 'End the sessions that you do not recognize or no longer need.',
    workspace: 'You belong to more than one. Where do you want to go?',
    broken: 'You can try it again.',
    crashed: 'Reload it. If that does not help, contact support.',
    completed: 'Everything is in place.',
    signedOut: 'Sign in again to continue.',
    cancelled: 'You can finish the rest at any time.',
  } satisfies Record<PageScreen['name'], string>,
  /** The security page, for after the onboarding. */
  security: {
    title: 'Security',
    lead: 'How you sign in, from where, and where you are signed in. Open what you want to look at or change.',
    link: 'Security settings',
    open: 'Open',
    close: 'Close',
    openCard: (title: string) => `Open ${title}`,
    closeCard: (title: string) => `Close ${title}`,
  },
  /** The host’s own question, where the portal demands more proof. */
  proof: {
    title: 'Is it really you?',
    text: 'The portal wants to know before it makes this change.',
    confirm: 'Yes, it is me',
  },
  stepTitles: {
    terms: 'Terms',
    invitations: 'Invitations',
    mfa: 'Two-step sign-in',
    ipWhitelist: 'IP whitelist',
    sessions: 'Sessions',
    workspace: 'Workspace',
  } satisfies Record<StepNameWith<TermsStep>, string>,
  stepStatuses: {
    current: 'current',
    done: 'done',
    open: 'left open',
    skipped: 'skipped',
    upcoming: 'to come',
  } satisfies Record<StepStatus, string>,
  standings: {
    open: 'Open',
    accepted: 'Accepted',
    declined: 'Declined',
    cancelled: 'Withdrawn',
    expired: 'Expired',
    handled: 'Handled elsewhere',
    refused: 'Refused by the portal',
    unknown: 'Not open',
  } satisfies Record<InvitationStanding, string>,
  methods: { EMAIL: 'Code by email', OTP: 'Authenticator app', BACKUP_CODE: 'Backup codes' },
  labels: {
    acceptTerms: 'I accept',
    later: 'Do this later',
    steps: 'Steps',
    tryAgain: 'Try again',
    skip: 'Skip',
    skipStep: 'Skip this step',
    reload: 'Reload',
    signInAgain: 'Sign in again',
    goOn: 'Go on',
    refresh: 'Refresh',
    back: 'Back',
    cancel: 'Cancel',
    noInvitations: 'There are no invitations.',
    showAllInvitations: 'Show all invitations',
    accept: 'Accept',
    decline: 'Decline',
    setUpApp: 'Set up the app',
    countCodes: 'Count my backup codes',
    turnAppOff: 'Turn the app off',
    qrCode: 'QR code',
    copyKey: 'Copy the key',
    copied: 'Copied',
    code: 'Code from the app',
    verify: 'Verify',
    restart: 'Start again with a new QR code',
    entry: 'Address or range',
    add: 'Add',
    list: 'Paste a list',
    addAll: 'Add all',
    remove: 'Remove',
    save: 'Save',
    turnOn: 'Turn on',
    turnOff: 'Turn off',
    discard: 'Discard',
    thisOne: 'This one',
    end: 'End',
    endOthers: 'End all others',
    queued: 'Next in line',
    takeBack: 'Take back',
    takeBackOthers: 'Do not end all others',
    leaving: 'It goes on once this is done.',
    default: 'Default',
    enter: 'Enter',
    makeDefault: 'Make it my default',
  },
  /** The labels of buttons in a row, for users who cannot see which row it is. */
  named: {
    accept: (name: string) => `Accept ${name}`,
    decline: (name: string) => `Decline ${name}`,
    remove: (name: string) => `Remove ${name}`,
    end: (name: string) => `End ${name}`,
    enter: (name: string) => `Enter ${name}`,
    makeDefault: (name: string) => `Make ${name} my default`,
    takeBack: (name: string) => `Take back what you chose for ${name}`,
  },
  finish: {
    done: 'Continue',
    withoutChoosing: 'Continue without choosing',
    leaveOpen: 'Continue, leave the rest open',
    withoutIt: 'Continue without it',
    undo: 'Undo the change and continue',
    back: 'Back to the change',
    leaveChange: 'Continue, leave the change as it is',
  },
  revoke: {
    title: 'Turn the authenticator app off?',
    text: 'Your account is less secure without it. To turn it on again, you have to set up the app again.',
    confirm: 'Turn it off',
    cancel: 'Keep it on',
  },
  /** By what the user would accept the risk for. */
  risk: {
    change: { title: 'Save a list that may lock you out?', confirm: 'Take the risk' },
    keep: { title: 'Keep a list that may lock you out?', confirm: 'Take the risk, keep it' },
    undo: { title: 'Go back to a list that may lock you out?', confirm: 'Take the risk, undo it' },
  },
  keep: {
    title: 'Keep this change?',
    harmful: 'This change would lock you out',
    confirm: 'Keep it',
    cancel: 'Undo it',
  },
  /** By whether the list lets the user in. */
  keepTimed: {
    covered:
      'It is in force. If it locks you out, you will notice only at your next sign-in. So it will be undone unless you keep it.',
    notCovered:
      'It is in force, and your next sign-in would be refused. Undo it, or add your address below and save. Otherwise it will be undone.',
    unknown:
      'It is in force, and it is not known whether it will let you in next time. It will be undone unless you keep it.',
  },
  /** For a change that is not undone automatically. */
  keepAsked: {
    covered: 'It stays in force until you keep it, undo it, or save another list.',
    notCovered: 'It stays in force, and your next sign-in would be refused. Add your address below and save.',
    unknown:
      'It stays in force, and it is not known whether it will let you in next time. Keep it, or save another list.',
  },
  terminate: { one: 'End this session?', others: 'End all other sessions?', confirm: 'End' },
  lists: {
    asked: (entries: string) => `The list: ${entries}.`,
    inForce: (entries: string) => `In force: ${entries}.`,
    empty: 'an empty list',
    more: (count: number) => `${count} more`,
  },
  declined: {
    title: (name: string) => `Decline ${name}?`,
    label: 'This is final. You can give a reason:',
    confirm: 'Decline it',
  },
  setup: (issuer: string, account: string) => `No camera? Enter this key in the app, as ${issuer}, ${account}:`,
  setupLost:
    'The QR code is not shown again after a reload. If you have scanned it, enter the code from the app. Otherwise start again.',
  refusedCodes: (count: number) =>
    `Codes refused by the portal: ${count}. After five within five minutes you have to wait.`,
  entryHint: 'For example 203.0.113.10 or 198.51.100.0/24.',
  pasteHint: 'One entry per line, or separated by commas. Comments are ignored.',
  pasted: (entries: string, refused: string | null) =>
    `Entries: ${entries}${refused === null ? '' : `, ${refused} of which cannot be saved`}.`,
  unsaved: ' The list below is not saved.',
  unconfirmed: 'A whitelist change is in force that nobody has confirmed. Check it before you sign in again.',
  addMine: (address: string | null) => (address === null ? 'Add my address' : `Add my address, ${address}`),
  addNetwork: (network: string) => `Add my network, ${network}`,
  noName: 'A workspace without a name',
  invitedBy: (name: string | null) => `${name ?? 'Somebody'} invited you`,
  /** A text that has no full stop, and the sentence after it. */
  andWhy: (text: string, why: string) => `${text}. ${why}`,
  /** Between the parts of a list of details. */
  comma: ', ',
  unknownDevice: 'Unknown device',
  unknownAddress: 'an unknown address',
  lastActive: (time: string) => `last active ${time}`,
  notEnded: 'still listed, although the portal said it ended',
  on: 'On',
  off: 'Off',
  left: (duration: string) => `${duration} left`,
  leftToKeep: (duration: string) => `${duration} left to keep the change.`,
  wait: (duration: string) => `It continues automatically in ${duration}.`,
  reasons: {
    accepted: 'which you were invited to',
    default: 'your default one',
    only: 'the only one you can enter',
    chosen: 'as you chose',
  } satisfies Record<RouteReason, string>,
  route: (workspace: string, reason: string) => `Next: workspace ${workspace}, ${reason}.`,
  noWorkspace: 'There is no workspace you can enter.',
  unresolved: 'Next: the portal decides where to go.',
  appIsOn: 'The authenticator app is on.',
  appIsOff: 'The authenticator app is off.',
  sessionsEnded: (count: number) => plural(count, 'One session ended.', `${count} sessions ended.`),
  kept: 'The change is kept.',
  whitelistIsOn: 'The whitelist is on.',
  whitelistIsOff: 'The whitelist is off.',
  backupCodes: (remaining: number, total: number | null) =>
    total === null
      ? plural(remaining, 'One backup code is left.', `${remaining} backup codes are left.`)
      : `${remaining} of ${total} backup codes are left.`,
}

/** The words of one language. A language that lacks one does not compile. */
export type Words = typeof englishWords
