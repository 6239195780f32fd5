import { isTime } from './clock.ts'
import {
  type ClientKey,
  clientKey,
  type Effect,
  type Failure,
  type FailureKind,
  type FailureReason,
} from './failure.ts'
import type { LinkNotice } from './invitation-link.ts'
import type { Assessment, EntryVerdict, ListWarning } from './ip-whitelist.ts'
import { englishMessages } from './messages-english.ts'
import type { CodeHint } from './otp.ts'

/** A text, or a function that makes it from the details, so that a language can inflect and order them. */
export type Text<Details = object> = string | ((details: Details) => string)

/** The codes of the portal that have their own text: those documented for this area. */
export type PortalCode =
  | 'AUTH.MFA_CODE_INVALID'
  | 'AUTH.OTP_SETUP_SESSION_INVALID'
  | 'AUTH.MFA_EMAIL_IMMUTABLE'
  | 'AUTH.TOO_MANY_ATTEMPTS'
  | 'AUTH.FINGERPRINT_MISMATCH'
  | 'AUTH.SESSION_NOT_FOUND'
  | 'ACCESS.UNAUTHORIZED'
  | 'ACCESS.TOKEN_MISSING'
  | 'ACCESS.PERMISSION_DENIED'
  | 'ACCESS.RISK_CHALLENGE_REQUIRED'
  | 'ACCESS.MFA_REQUIRED'
  | 'ACCESS.MFA_TOKEN_EXPIRED'
  | 'ACCESS.MFA_TOKEN_INVALID'
  | 'ACCESS.MFA_CHALLENGE_EXPIRED'
  | 'ACCESS.MFA_CODE_INVALID'
  | 'WORKSPACE.INVITATION_EXPIRED'
  | 'WORKSPACE.INVITATION_ALREADY_PROCESSED'
  | 'SECURE_CHANNEL.INVALID_PAYLOAD'
  | 'SECURE_CHANNEL.SESSION_NOT_FOUND'
  | 'VALIDATION.INVALID_PARAMETER'
  | 'SYSTEM.INTERNAL_ERROR'
  | 'U1040'
  | '4010'

/** What a machine has to tell although nothing failed: `context.notice`. `noticeText` has a text for each. */
export type Notice =
  | 'notSent'
  | LinkNotice
  | 'setupReplaced'
  | 'backupCodesUnsaved'
  | 'changedElsewhere'
  | 'changeUndone'
  | 'ownPartUndone'
  | 'undoPending'
  | 'lockoutSuspected'

/** Why an action is not possible now, where no failure says so. */
export type BlockedKey =
  /** Work is in progress. */
  | 'busy'
  /** More proof of who the user is is asked for: that comes first. */
  | 'steppingUp'
  /** Something failed: `retry` comes first. */
  | 'failed'
  /** A question is on screen: its answer comes first. */
  | 'questionOpen'
  /** There is nothing to save. */
  | 'unchanged'
  | 'alreadyOn'
  | 'alreadyOff'
  | 'alreadyDefault'
  /** The portal did not name the address that the user is signed in from. */
  | 'addressUnknown'
  /** The list lets that address in already. */
  | 'addressCovered'
  | 'noOtherSession'
  /** The outcome of the last change is not known yet; it may still take effect. */
  | 'unsettled'
  /** The machine runs alone, so there is no flow to cancel. */
  | 'noFlow'

/** What a text about a failure can mention. Null: not known, or not fit to be shown. */
export interface FailureDetails {
  readonly code: string | null
  readonly field: string | null
  readonly requestId: string | null
  /** Epoch ms, the host's clock. */
  readonly retryAt: number | null
  readonly effect: Effect
}

/**
 * Every text of this package in one language, each under a key that stays (`client.timeout`, `notice.setupReplaced`).
 * People read them on a bad day: they say what happened, whether it took effect, and what to do next.
 */
export interface MessageTexts {
  /** The language, as a BCP 47 tag: for the `lang` of what shows the texts. */
  readonly locale: string
  /** By the key of our own codes. */
  readonly client: Readonly<Record<ClientKey, Text<FailureDetails>>>
  /** By the portal's codes. */
  readonly portal: Readonly<Record<PortalCode, Text<FailureDetails>>>
  /** By the reason, for every other code that has one. */
  readonly reason: Readonly<Record<FailureReason, Text<FailureDetails>>>
  /** For what has neither. */
  readonly kind: Readonly<Record<FailureKind, Text<FailureDetails>>>
  /** Follows those texts; `none` only if a request was sent. */
  readonly effect: Readonly<Record<Effect, Text<FailureDetails>>>
  readonly detail: {
    /** Between the sentences of one text: a space, or nothing. */
    readonly between: Text
    /** Added if there is a wait. */
    readonly retryAt: Text<FailureDetails & { readonly retryAt: number }>
    /** Added for codes that are not ours, and for `config`: what support asks for. */
    readonly reference: Text<FailureDetails>
  }
  /** What is wrong with the last code: `context.codeHint`. */
  readonly hint: {
    readonly malformed: Text
    /** Said before `next` and `insist`. */
    readonly wrong: Text
    /** Said before `next`, or before what was wrong with it. */
    readonly refused: Text
    /** What to do about a code that is wrong. */
    readonly next: Text
    /** Said last of a code that was not sent. */
    readonly insist: Text
    /** Positive when the phone is ahead. */
    readonly skewed: Text<{ readonly offsetMs: number }>
    /** The app ignores settings in the QR code. */
    readonly parametersIgnored: Text
  }
  readonly notice: Readonly<Record<Notice, Text>>
  /** By the verdict on a row of the whitelist's draft. */
  readonly verdict: Readonly<Record<EntryVerdict, Text>>
  /** By the warnings before the draft is enabled: `assessment.warnings`. */
  readonly warning: Readonly<Record<ListWarning, Text>>
  /** About a list. */
  readonly list: {
    /** Rows were left out because they could not be read; `count` is 1 or more. */
    readonly unreadableRows: Text<{ readonly count: number }>
  }
  /** By the reason why an action is not possible now, unless it is one of our codes: `Action.blocked`. */
  readonly blocked: Readonly<Record<BlockedKey, Text>>
  /** By whether the draft lets the user in. */
  readonly lockout: Readonly<Record<Assessment['lockout'], Text<{ readonly currentAddress: string | null }>>>
}

/** Any of the texts; the others stay as they are. */
export type MessageOverrides = { readonly [Group in keyof MessageTexts]?: Partial<MessageTexts[Group]> } & {
  /** Also by the codes of a portal, or a server, of your own. */
  readonly portal?: Readonly<Record<string, Text<FailureDetails> | undefined>>
}

/** The texts of one language, ready to show. */
export interface Messages {
  /** The language of the texts, as a BCP 47 tag. */
  readonly locale: string
  /** What happened, whether it took effect, and what to do next. */
  failureText(failure: Failure): string
  /** What is wrong with the last code. */
  hintText(hint: NonNullable<CodeHint>): string
  /** What happened to the setup or to the whitelist change. */
  noticeText(notice: Notice): string
  /** What was found about an entry of the whitelist. */
  verdictText(verdict: EntryVerdict): string
  /** What to consider before the list is enabled. */
  warningText(warning: ListWarning): string
  /** How many rows of a list cannot be read; `''` for none. */
  unreadableRowsText(count: number): string
  /** Why an action is not possible now. */
  blockedText(blocked: BlockedKey | ClientKey): string
  /** Whether the list lets the user in. */
  lockoutText(assessment: Pick<Assessment, 'lockout' | 'currentAddress'>): string
}

/**
 * The texts of one language (English by default), with the given ones replaced. For another language alone:
 * `createMessages(germanMessages)`, or `createMessages(await loadMessages(navigator.languages))`. A text that is `''` is left out of what it would be part of.
 *
 * @example
 * ```ts
 * const { failureText } = createMessages(germanMessages)
 * const { blockedText } = createMessages({ blocked: { busy: 'Einen Moment, bitte.' } }, germanMessages)
 * blockedText('busy') // => 'Einen Moment, bitte.'
 * ```
 */
export function createMessages(overrides: MessageOverrides = {}, language: MessageTexts = englishMessages): Messages {
  const {
    locale,
    client,
    portal,
    reason,
    kind,
    effect,
    detail,
    hint,
    notice,
    verdict,
    warning,
    list,
    blocked,
    lockout,
  }: MessageTexts = {
    locale: overrides.locale ?? language.locale,
    client: replaced(language.client, overrides.client),
    portal: replaced(language.portal, overrides.portal),
    reason: replaced(language.reason, overrides.reason),
    kind: replaced(language.kind, overrides.kind),
    effect: replaced(language.effect, overrides.effect),
    detail: replaced(language.detail, overrides.detail),
    hint: replaced(language.hint, overrides.hint),
    notice: replaced(language.notice, overrides.notice),
    verdict: replaced(language.verdict, overrides.verdict),
    warning: replaced(language.warning, overrides.warning),
    list: replaced(language.list, overrides.list),
    blocked: replaced(language.blocked, overrides.blocked),
    lockout: replaced(language.lockout, overrides.lockout),
  }

  /** By its code, else its reason, else its kind. A host's own api may give a reason that nobody knows. */
  function textOf({ code, reason: given, kind: of }: Failure): Text<FailureDetails> {
    const key = clientKey(code)
    if (key !== null) return client[key]
    if (Object.hasOwn(portal, code)) return portal[code as PortalCode]
    return given !== null && Object.hasOwn(reason, given) ? reason[given] : kind[of]
  }

  const sentences = (...texts: readonly string[]) => texts.filter((text) => text !== '').join(say(detail.between, {}))

  return {
    locale,
    failureText(failure) {
      const retryAt = failure.retryAt !== null && isTime(failure.retryAt) ? failure.retryAt : null
      const details: FailureDetails = {
        code: shown(failure.code),
        field: shown(failure.field),
        requestId: shown(failure.requestId),
        retryAt,
        effect: failure.effect,
      }
      const tellsEffect = failure.effect !== 'none' || failure.requestId !== null
      const tellsReference = clientKey(failure.code) === null || failure.kind === 'config'
      return sentences(
        say(textOf(failure), details),
        tellsEffect ? say(effect[failure.effect], details) : '',
        retryAt !== null ? say(detail.retryAt, { ...details, retryAt }) : '',
        tellsReference ? say(detail.reference, details) : '',
      )
    },
    hintText(of) {
      if (of.kind === 'malformed') return say(hint.malformed, {})
      const isRefused = of.kind === 'refused'
      const doubt = isRefused ? of.doubt : of
      return sentences(
        isRefused ? say(hint.refused, {}) : of.kind === 'wrong' ? say(hint.wrong, {}) : '',
        doubt?.kind === 'skewed'
          ? say(hint.skewed, { offsetMs: doubt.offsetMs })
          : say(hint[doubt?.kind === 'parametersIgnored' ? 'parametersIgnored' : 'next'], {}),
        isRefused ? '' : say(hint.insist, {}),
      )
    },
    noticeText: (of) => say(notice[of], {}),
    verdictText: (of) => say(verdict[of], {}),
    warningText: (of) => say(warning[of], {}),
    unreadableRowsText: (count) => (count > 0 ? say(list.unreadableRows, { count }) : ''),
    blockedText: (of) => (isClientKey(of) ? say(client[of], nothingMore) : say(blocked[of], {})),
    lockoutText: ({ lockout: of, currentAddress }) => say(lockout[of], { currentAddress: shown(currentAddress) }),
  }
}

const isClientKey = (of: BlockedKey | ClientKey): of is ClientKey => clientKey(`client.${of}`) !== null

/** An undefined value replaces nothing. */
const replaced = <Group extends object>(texts: Group, overrides: Partial<Group> = {}): Group => ({
  ...texts,
  ...Object.fromEntries(Object.entries(overrides).filter(([, text]) => text !== undefined)),
})

/** No request was made. */
const nothingMore: FailureDetails = { code: null, field: null, requestId: null, retryAt: null, effect: 'none' }

const say = <Details>(text: Text<Details>, details: Details) => (typeof text === 'function' ? text(details) : text)

/** A code, a path, an ID, an address. Anything else may be the server's text, or change the reading direction. */
const SHOWN = /^[\w.:*/%[\]-]{1,128}$/

const shown = (value: string | null) => (value !== null && SHOWN.test(value) ? value : null)
