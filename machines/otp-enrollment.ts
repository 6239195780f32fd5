import { assertEvent, assign, setup } from 'xstate'
import {
  clientFailure,
  type Failure,
  hasUnknownOutcome,
  isSignedOut,
  isUnsettled,
  mustWait,
  readBackFailure,
  stepUpDeclined,
  waitsUntil,
  wasRefused,
  withoutEffect,
  withoutWait,
} from '../src/domain/failure.ts'
import { isOtpEnabled } from '../src/domain/mfa.ts'
import type { CodeDoubt, CodeHint, OtpSetup } from '../src/domain/otp.ts'
import { normalizeCode } from '../src/domain/otp-code.ts'
import { readPolicy } from '../src/domain/policy.ts'
import { present } from '../src/domain/present.ts'
import { type Sealed, seal } from '../src/domain/sealed.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { checkCode, deadline, detectRestore, listMfaMethods, setupOtp, verifyOtp } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `otpEnrollmentMachine` knows. */
export interface OtpEnrollmentContext extends StepContext {
  /** What the authenticator needs; null before it is there, once the enrollment ended, and after a restore. */
  readonly otpSetup: OtpSetup | null
  /** Does the portal wait for a code? It may although the secret is not known here any more. */
  readonly isSetUp: boolean
  /** The code under way. */
  readonly attempt: { readonly code: Sealed } | null
  /** The code that was judged wrong here and cost no attempt; sent all the same when it is submitted again. */
  readonly doubted: { readonly code: Sealed; readonly doubt: CodeDoubt } | null
  /** What is to be said about the last code. */
  readonly codeHint: CodeHint
  /** How many codes the portal has judged wrong. */
  readonly refusedCodes: number
  /** `setupReplaced`: there is a new secret, and the QR code scanned before is dead. */
  readonly notice: 'setupReplaced' | null
  /** Is there, or was there, a setup that the next one makes void? */
  readonly isReplacing: boolean
  /** Has the user asked for a setup, or given a code for one, in this run of the page? Otherwise none is made. */
  readonly isAskedHere: boolean
  /** Did the portal accept a code? */
  readonly otpEnabled: boolean
  /** The backup codes, while they are shown; at no other time. */
  readonly backupCodes: readonly Sealed[] | null
  /** Did the setup bring backup codes that the user has not said to have saved? */
  readonly hasUnsavedBackupCodes: boolean
}

/** What `otpEnrollmentMachine` takes. */
export type OtpEnrollmentEvent =
  | StepEvent
  | StepUpEvent
  /** Sends a code. `force` sends it even if it looks wrong here; a malformed one is never sent. */
  | { type: 'code.submit'; code: string; force?: boolean }
  /** Makes a new secret; the one before it stops working. */
  | { type: 'setup.restart' }
  /** Leaves the setup without a code. */
  | { type: 'enrollment.cancel' }
  /** The user has saved the backup codes, which are not shown again. */
  | { type: 'backupCodes.confirm' }

/** What `otpEnrollmentMachine` starts with. */
export type OtpEnrollmentInput = StepInput<object>

/** What `otpEnrollmentMachine` ends with. */
export interface OtpEnrollmentOutput extends StepOutput {
  /** Why it ended, for `signedOut`; or why nobody knows what came of the last request, where it was left in between. */
  readonly failure: Failure | null
  /** Null where it was left while nobody knew what came of the code. */
  readonly otpEnabled: boolean | null
  /** Has OTP come with backup codes that the user has not saved, as far as is known? */
  readonly hasUnsavedBackupCodes: boolean
}

const actors = { detectRestore, deadline, setupOtp, checkCode, verifyOtp, listMfaMethods }

/** What each invoke runs. */
type OtpEnrollmentInvokes = {
  'otpEnrollment.detectRestore': 'detectRestore'
  'otpEnrollment.setUp': 'setupOtp'
  'otpEnrollment.check': 'checkCode'
  'otpEnrollment.verify': 'verifyOtp'
  'otpEnrollment.readBack': 'listMfaMethods'
  'otpEnrollment.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, OtpEnrollmentInvokes>()

const chart = setup({
  types: {
    context: {} as OtpEnrollmentContext,
    events: {} as OtpEnrollmentEvent,
    input: {} as OtpEnrollmentInput | undefined,
    output: {} as OtpEnrollmentOutput,
    tags: {} as StatusTag,
    children: {} as OtpEnrollmentInvokes,
  },
  schemas: { context: 'otpEnrollment' },
  actors,
  guards: {
    isSetUp: ({ context }) => context.isSetUp,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    codeWasRefused: ({ context }) => context.isSetUp && wasRefused(context.failure),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    isCodeUnresolved: ({ context }) => context.isSetUp && hasUnknownOutcome(context.failure),
    isWriteUnresolved: ({ context }) => hasUnknownOutcome(context.failure),
    mayLand: ({ context }) => isUnsettled(context.failure),
    isAskedHere: ({ context }) => context.isAskedHere,
    hasBackupCodes: ({ context }) => context.backupCodes !== null,
    isOptional: ({ context }) => context.policy !== 'require',
    isMalformed: ({ event }) => {
      assertEvent(event, 'code.submit')
      return normalizeCode(event.code) === null
    },
    isInsisted: ({ context, event }) => {
      assertEvent(event, 'code.submit')
      return event.force === true || context.doubted?.code.reveal() === normalizeCode(event.code)
    },
    /** After a restore: codes are not stored. */
    isCodeLost: ({ context }) => context.attempt === null,
    isDoubtful: ({ event }) => doubtOf(event) !== null,
    isWrongCode: ({ event }) => failureOf(event).reason === 'wrongCode',
    isSetupGone: ({ event }) => failureOf(event).reason === 'setupGone',
    isEnabled: ({ event }) => isOtpEnabled(outputOf(event, 'otpEnrollment.readBack')),
  },
  actions: {
    beginSetup: assign({ otpSetup: null, isSetUp: false, attempt: null, doubted: null, codeHint: null, failure: null }),
    keepSetup: assign(({ context, event }) => {
      const otpSetup = outputOf(event, 'otpEnrollment.setUp')
      return {
        otpSetup,
        isSetUp: true,
        notice: context.isReplacing ? ('setupReplaced' as const) : null,
        isReplacing: false,
        hasUnsavedBackupCodes: backupCodesOf(otpSetup) !== null,
      }
    }),
    noteReplacement: assign({ notice: null, isReplacing: true }),
    noteCode: assign(({ event }) => {
      assertEvent(event, 'code.submit')
      const code = normalizeCode(event.code)
      if (code === null) return {}
      return { attempt: { code: seal(code) }, codeHint: null, notice: null, failure: null, isAskedHere: true }
    }),
    noteAsked: assign({ isAskedHere: true }),
    noteRestored: assign({ isAskedHere: false }),
    noteSetupLost: assign({ failure: clientFailure('setupLost', 'protocol', { retryable: true }) }),
    hintMalformed: assign({ codeHint: { kind: 'malformed' }, failure: null }),
    hintDoubt: assign(({ context, event }) => {
      const doubt = doubtOf(event)
      return {
        codeHint: doubt,
        doubted: context.attempt && doubt && { ...context.attempt, doubt },
        attempt: null,
      }
    }),
    hintRefused: assign(({ context }) => ({
      codeHint: { kind: 'refused' as const, doubt: isInsistedOn(context) ? context.doubted.doubt : null },
      doubted: null,
      attempt: null,
      refusedCodes: context.refusedCodes + 1,
    })),
    forgetCode: assign({ attempt: null, doubted: null }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: readBackFailure(context.failure, failureOf(event)),
    })),
    declineStepUp: assign({ failure: stepUpDeclined }),
    clearFailure: assign({ failure: null }),
    endWait: assign(({ context }) => ({ failure: withoutWait(context.failure) })),
    settleAsNotDone: assign(({ context }) => ({ attempt: null, failure: withoutEffect(context.failure) })),
    noteEnabled: assign({ otpEnabled: true, failure: null }),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    revealBackupCodes: assign(({ context }) => ({ backupCodes: backupCodesOf(context.otpSetup), otpSetup: null })),
    noteBackupCodesSaved: assign({ hasUnsavedBackupCodes: false }),
    forgetSecrets: assign({ otpSetup: null, attempt: null, doubted: null, backupCodes: null }),
  },
}).createMachine({
  id: 'otpEnrollment',
  description: 'Set up an authenticator app and prove it with a code.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: null,
    otpSetup: null,
    isSetUp: false,
    attempt: null,
    doubted: null,
    codeHint: null,
    refusedCodes: 0,
    notice: null,
    isReplacing: false,
    isAskedHere: true,
    otpEnabled: false,
    backupCodes: null,
    hasUnsavedBackupCodes: false,
  }),
  invoke: {
    id: 'otpEnrollment.detectRestore',
    src: 'detectRestore',
    input: () => ({ ticket: issueTicket() }),
    onError: {},
  },
  on: {
    restored: {
      actions: 'noteRestored',
      description: 'A read starts again; a write in progress is read back, not sent again; a wait continues.',
    },
  },
  exit: 'forgetSecrets',
  initial: 'settingUp',
  states: {
    settingUp: {
      description: 'Requests a new secret. It is sent once and cannot be read again.',
      invoke: {
        id: 'otpEnrollment.setUp',
        src: 'setupOtp',
        input: () => ({ ticket: issueTicket() }),
        onDone: { target: 'awaitingCode', actions: 'keepSetup' },
        onError: { target: 'sortingFailure', actions: 'keepFailure' },
      },
      on: { 'enrollment.cancel': { target: 'cancelled' } },
      initial: 'sending',
      states: {
        sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
        steppingUp: {
          tags: 'steppingUp',
          description:
            'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
          on: {
            'stepUp.answered': { target: 'sending' },
            'stepUp.cancel': { target: '#otpEnrollment.sortingFailure', actions: 'declineStepUp' },
            restored: { target: 'sending', actions: 'noteRestored' },
          },
        },
      },
    },

    awaitingCode: {
      tags: 'resting',
      description: 'The QR code is on screen. After a restore there is none, but a code from the app still works.',
      on: {
        'code.submit': [
          { guard: 'isMalformed', actions: 'hintMalformed', description: 'Not six digits: never sent.' },
          {
            guard: 'isInsisted',
            target: 'verifying',
            actions: 'noteCode',
            description: 'Forced, or the same code again: the portal decides.',
          },
          { target: 'checking', actions: 'noteCode' },
        ],
        'setup.restart': { target: 'settingUp', actions: ['noteAsked', 'beginSetup', 'noteReplacement'] },
        'enrollment.cancel': { target: 'cancelled' },
        retry: { target: 'reconciling', actions: 'clearFailure' },
        restored: { target: 'reconciling', actions: ['noteRestored', 'clearFailure'] },
        'step.finish': [{ guard: 'isOptional', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'isOptional', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    checking: {
      tags: 'busy',
      description: "Attempts are limited, so the code is checked here first, at the portal's time.",
      invoke: {
        id: 'otpEnrollment.check',
        src: 'checkCode',
        input: ({ context }) => ({
          code: present(context.attempt, 'attempt').code,
          qrCodeUri: context.otpSetup?.qrCodeUri ?? null,
        }),
        onDone: [
          { guard: 'isCodeLost', target: 'awaitingCode' },
          { guard: 'isDoubtful', target: 'awaitingCode', actions: 'hintDoubt' },
          { target: 'verifying' },
        ],
        onError: [
          { guard: 'isCodeLost', target: 'awaitingCode' },
          { target: 'verifying', description: 'The check is optional: without it the portal decides.' },
        ],
      },
    },

    verifying: {
      invoke: {
        id: 'otpEnrollment.verify',
        src: 'verifyOtp',
        input: ({ context }) => ({ code: present(context.attempt, 'attempt').code, ticket: issueTicket() }),
        onDone: { target: 'enabled', actions: 'noteEnabled' },
        onError: [
          {
            guard: 'isSetupGone',
            target: 'reconciling',
            actions: ['beginSetup', 'noteReplacement'],
            description:
              'Expired, so a new secret is needed; unless this code, sent twice, or another tab has used it.',
          },
          { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
          {
            guard: 'isWrongCode',
            target: 'reconciling',
            actions: 'hintRefused',
            description: 'A code works once: sent twice, it is wrong the second time.',
          },
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
      initial: 'sending',
      states: {
        sending: { tags: 'busy', on: { 'stepUp.demanded': { target: 'steppingUp' } } },
        steppingUp: {
          tags: 'steppingUp',
          description:
            'The portal demands more proof of who the user is, and the host asks for it. Nothing is sent meanwhile.',
          on: {
            'stepUp.answered': { target: 'sending' },
            'stepUp.cancel': { target: '#otpEnrollment.sortingFailure', actions: 'declineStepUp' },
            restored: { target: 'sending', actions: 'noteRestored' },
          },
        },
      },
    },

    enabled: {
      description: 'Backup codes that came with the setup work now, and are shown once.',
      entry: 'revealBackupCodes',
      always: [{ guard: 'hasBackupCodes', target: 'showingBackupCodes' }, { target: 'done' }],
    },

    showingBackupCodes: {
      tags: 'resting',
      description:
        'The only time that the backup codes can be seen. They are not stored: after a restore they are gone.',
      on: {
        'backupCodes.confirm': { target: 'done', actions: 'noteBackupCodesSaved' },
        restored: { target: 'done', actions: 'noteRestored' },
      },
    },

    reconciling: {
      tags: 'busy',
      description: 'It is not, or no longer, known whether OTP is on: the list of factors shows it.',
      invoke: {
        id: 'otpEnrollment.readBack',
        src: 'listMfaMethods',
        onDone: [
          { guard: 'isEnabled', target: 'enabled', actions: 'noteEnabled' },
          {
            guard: 'mayLand',
            target: 'halted.coolingDown',
            actions: 'forgetCode',
            description: 'One read that shows no change settles nothing: the portal may still be working on it.',
          },
          { guard: 'isSetUp', target: 'awaitingCode', actions: 'settleAsNotDone' },
          {
            guard: 'isWriteUnresolved',
            target: 'halted.failed',
            description: 'No read shows whether a secret was made.',
          },
          { guard: 'isAskedHere', target: 'settingUp', actions: 'beginSetup' },
          {
            target: 'halted.failed',
            actions: 'noteSetupLost',
            description: 'Requested before a reload: no secret is made unasked.',
          },
        ],
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'halted.coolingDown', actions: 'forgetCode' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          actions: 'forgetCode',
          description: 'Read back once the write can no longer take effect: a late setup would invalidate a newer one.',
        },
        { guard: 'codeWasRefused', target: 'awaitingCode', actions: 'forgetCode' },
        { target: 'halted.failed', actions: 'forgetCode' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: {
          tags: 'failed',
          on: {
            retry: [
              { guard: 'isCodeUnresolved', target: '#otpEnrollment.reconciling' },
              { guard: 'isSetUp', target: '#otpEnrollment.awaitingCode', actions: 'clearFailure' },
              {
                guard: 'isWriteUnresolved',
                target: '#otpEnrollment.reconciling',
                actions: ['noteAsked', 'beginSetup'],
              },
              { target: '#otpEnrollment.settingUp', actions: ['noteAsked', 'beginSetup'] },
            ],
            restored: { target: '#otpEnrollment.reconciling', actions: 'noteRestored' },
          },
        },
        coolingDown: {
          tags: 'coolingDown',
          description:
            'Waits until `failure.retryAt`: the portal asked for it, or a code or a setup may still take effect. The secret stays valid.',
          invoke: {
            id: 'otpEnrollment.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: [
              { guard: 'isWriteUnresolved', target: '#otpEnrollment.reconciling', actions: 'endWait' },
              { guard: 'isSetUp', target: '#otpEnrollment.awaitingCode', actions: 'clearFailure' },
              { guard: 'isAskedHere', target: '#otpEnrollment.settingUp', actions: 'beginSetup' },
              { target: 'failed', actions: 'noteSetupLost' },
            ],
            onError: { target: 'failed' },
          },
          on: {
            retry: [
              { guard: 'isWriteUnresolved', target: '#otpEnrollment.reconciling', actions: 'noteAsked' },
              { guard: 'isSetUp', target: '#otpEnrollment.awaitingCode', actions: 'clearFailure' },
              { target: '#otpEnrollment.settingUp', actions: ['noteAsked', 'beginSetup'] },
            ],
          },
        },
      },
      on: {
        'enrollment.cancel': { target: 'cancelled' },
        'step.finish': { guard: 'isOptional', target: 'done' },
        'step.skip': { guard: 'isOptional', target: 'skipped' },
      },
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    cancelled: { type: 'final', output: { outcome: 'cancelled' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => {
    const { outcome, failure } = endOf(context, event)
    const isOpen = hasUnknownOutcome(context.failure)
    return {
      outcome,
      failure: failure ?? (isOpen ? context.failure : null),
      aimHolds: context.otpEnabled,
      otpEnabled: context.isSetUp && isOpen ? null : context.otpEnabled,
      hasUnsavedBackupCodes: context.otpEnabled && context.hasUnsavedBackupCodes,
    }
  },
})

/** What there is to be shown of them; null where there is none. */
const backupCodesOf = (otpSetup: OtpSetup | null) => (otpSetup?.backupCodes?.length ? otpSetup.backupCodes : null)

/** What the check found against a code; null where it found nothing, or could not tell. */
/** Was the code under way sent although it looked wrong here? */
const isInsistedOn = (
  context: OtpEnrollmentContext,
): context is OtpEnrollmentContext & { readonly doubted: NonNullable<OtpEnrollmentContext['doubted']> } =>
  context.doubted !== null && context.doubted.code.reveal() === context.attempt?.code.reveal()

/** What was found of the code that was checked last; null where it is right, or could not be checked. */
function doubtOf(event: { type: string }): CodeDoubt | null {
  const verdict = outputOf(event, 'otpEnrollment.check')
  return verdict === null || verdict.kind === 'right' ? null : verdict
}

type Chart = typeof chart

/** The type of `otpEnrollmentMachine`, named so that the declarations of a host stay short. */
export interface OtpEnrollmentMachine extends Chart {}

/**
 * The setup of an authenticator app: shows a secret, checks the code. It runs inside `mfa`, or alone. Its aim holds
 * when OTP is on. Its actor slots are empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const enrollment = createActor(machines.otpEnrollment).start()
 * await settled(enrollment)
 * enrollment.send({ type: 'code.submit', code: await portal.authenticator.code() })
 * await settled(enrollment)
 * enrollment.getSnapshot().output?.otpEnabled // => true
 * ```
 */
export const otpEnrollmentMachine: OtpEnrollmentMachine = withCheckedSlots(chart)
