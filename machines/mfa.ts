import { assign, setup } from 'xstate'
import {
  clientFailure,
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
import {
  type BackupCodes,
  isChangeOpen,
  isOtpEnabled,
  isOtpOn,
  type MfaMethod,
  withKnownOtp,
  withOtp,
} from '../src/domain/mfa.ts'
import { mayLeaveStep, readPolicy } from '../src/domain/policy.ts'
import { unreadableRowsOf } from '../src/domain/rows.ts'
import { issueTicket } from '../src/domain/ticket.ts'
import { endOf, failureOf, resultsOf } from './events.ts'
import { otpEnrollmentMachine } from './otp-enrollment.ts'
import { deadline, detectRestore, getBackupCodeStatus, listMfaMethods, revokeOtp } from './slots.ts'
import type { StatusTag, StepContext, StepEvent, StepInput, StepOutput, StepUpEvent } from './step.ts'
import { withCheckedSlots } from './with-slots.ts'

/** What `mfaMachine` knows. */
export interface MfaContext extends StepContext {
  /** The factors, as they were read last. */
  readonly methods: readonly MfaMethod[]
  /** How many more rows the list had that cannot be read. */
  readonly unreadableRows: number
  /** Were the factors read? Nothing is known before. */
  readonly isRead: boolean
  /** How many backup codes are left; null until they were asked for. */
  readonly backupCodes: BackupCodes | null
  /** Is OTP being revoked, or is the outcome of that unknown? */
  readonly isRevoking: boolean
  /** Was an enrollment left while its outcome was unknown? */
  readonly isEnrollmentOpen: boolean
  /** `backupCodesUnsaved`: they came with the setup, and whether the user has saved them is not known. */
  readonly notice: 'backupCodesUnsaved' | null
}

/** What `mfaMachine` takes. */
export type MfaEvent =
  | StepEvent
  | StepUpEvent
  /** Starts the setup of an authenticator app, in `otpEnrollment`. */
  | { type: 'otp.enrol' }
  /** Asks whether to turn OTP off. */
  | { type: 'otp.revoke' }
  /** Turns OTP off. */
  | { type: 'revoke.confirm' }
  /** Leaves OTP on. */
  | { type: 'revoke.cancel' }
  /** Reads how many backup codes are left. */
  | { type: 'backupCodes.check' }

/** What `mfaMachine` starts with. */
export type MfaInput = StepInput<{ readonly methods?: readonly MfaMethod[] | undefined }>

/** What `mfaMachine` ends with. */
export interface MfaOutput extends StepOutput {
  /** Is OTP on? Null where that is not known. */
  readonly otpEnabled: boolean | null
}

const actors = {
  detectRestore,
  deadline,
  listMfaMethods,
  revokeOtp,
  getBackupCodeStatus,
  otpEnrollment: otpEnrollmentMachine,
}

/** What each invoke runs. */
type MfaInvokes = {
  'mfa.detectRestore': 'detectRestore'
  'mfa.read': 'listMfaMethods'
  otpEnrollment: 'otpEnrollment'
  'mfa.revoke': 'revokeOtp'
  'mfa.backupCodes': 'getBackupCodeStatus'
  'mfa.readBack': 'listMfaMethods'
  'mfa.coolDown': 'deadline'
}

const { outputOf } = resultsOf<typeof actors, MfaInvokes>()

const chart = setup({
  types: {
    context: {} as MfaContext,
    events: {} as MfaEvent,
    input: {} as MfaInput | undefined,
    output: {} as MfaOutput,
    tags: {} as StatusTag,
    children: {} as MfaInvokes,
  },
  schemas: { context: 'mfa' },
  actors,
  guards: {
    isRead: ({ context }) => context.isRead,
    hasFailed: ({ context }) => context.failure !== null,
    isSignedOut: ({ context }) => isSignedOut(context.failure),
    mustWait: ({ context }) => mustWait(context.failure),
    wasRefused: ({ context }) => context.isRevoking && wasRefused(context.failure),
    hasUnknownOutcome: ({ event }) => hasUnknownOutcome(failureOf(event)),
    isWriteUnresolved: ({ context }) => isChangeOpen(context),
    mayLand: ({ context }) => isUnsettled(context.failure),
    mayLeave: ({ context }) => mayLeaveStep(context.policy, isOtpOn(context) === true),
    isOtpEnabled: ({ context }) => isOtpEnabled(context.methods),
    isOtpDisabled: ({ context }) => !isOtpEnabled(context.methods),
    isAsAsked: ({ context }) => isOtpEnabled(context.methods) !== context.isRevoking,
    isRefusedRead: ({ event }) => wasRefused(failureOf(event)),
    enrollmentSucceeded: ({ event }) => outputOf(event, 'otpEnrollment').otpEnabled === true,
    enrollmentIsOpen: ({ event }) => {
      const { outcome, failure } = outputOf(event, 'otpEnrollment')
      return outcome === 'cancelled' && hasUnknownOutcome(failure)
    },
    enrollmentWasCancelled: ({ event }) => outputOf(event, 'otpEnrollment').outcome === 'cancelled',
    enrollmentWasSkipped: ({ event }) => outputOf(event, 'otpEnrollment').outcome === 'skipped',
    enrollmentSignedOut: ({ event }) => outputOf(event, 'otpEnrollment').outcome === 'signedOut',
  },
  actions: {
    keepMethods: assign(({ context, event }) => {
      const methods = outputOf(event, 'mfa.read', 'mfa.readBack')
      return {
        methods: withKnownOtp(methods, context.methods),
        unreadableRows: unreadableRowsOf(methods),
        isRead: true,
      }
    }),
    keepBackupCodes: assign(({ event }) => ({ backupCodes: outputOf(event, 'mfa.backupCodes'), failure: null })),
    noteEnabled: assign(({ context, event }) => ({
      methods: withOtp(context.methods, true),
      failure: null,
      notice: outputOf(event, 'otpEnrollment').hasUnsavedBackupCodes ? ('backupCodesUnsaved' as const) : null,
    })),
    noteDoubt: assign(({ context, event }) => ({
      isRead: context.isRead && outputOf(event, 'otpEnrollment').otpEnabled !== null,
    })),
    noteRevoked: assign(({ context }) => ({
      methods: withOtp(context.methods, false),
      backupCodes: null,
      isRevoking: false,
      failure: null,
    })),
    beginRevocation: assign({ isRevoking: true, failure: null, notice: null }),
    declineStepUp: assign({ failure: stepUpDeclined }),
    forgetRevocation: assign({ isRevoking: false }),
    keepFailure: assign(({ event }) => ({ failure: failureOf(event) })),
    keepReadBackFailure: assign(({ context, event }) => ({
      failure: readBackFailure(context.failure, failureOf(event)),
    })),
    keepEnrollmentFailure: assign(({ event }) => ({ failure: outputOf(event, 'otpEnrollment').failure })),
    noteOpenEnrollment: assign({ isEnrollmentOpen: true }),
    clearFailure: assign({ failure: null, isRevoking: false, isEnrollmentOpen: false }),
    endWait: assign(({ context }) => ({ failure: withoutWait(context.failure) })),
    settleAsDone: assign({ isRevoking: false, isEnrollmentOpen: false, backupCodes: null, failure: null }),
    settleAsNotDone: assign(({ context }) => ({
      isRevoking: false,
      isEnrollmentOpen: false,
      failure: withoutEffect(context.failure),
    })),
    refuseLeaving: assign({ failure: clientFailure('stepRequired', 'invalid') }),
    // XState emits a snapshot only when something is assigned; a host that watches the parent alone must hear of every change below it.
    republish: assign({}),
  },
}).createMachine({
  id: 'mfa',
  description: 'The factors of the account: set up OTP, revoke it, count the backup codes.',
  context: ({ input }) => ({
    policy: readPolicy(input?.policy),
    failure: input?.initialData?.failure ?? null,
    methods: [...(input?.initialData?.methods ?? [])],
    unreadableRows: unreadableRowsOf(input?.initialData?.methods ?? []),
    isRead: input?.initialData?.methods !== undefined,
    backupCodes: null,
    isRevoking: false,
    isEnrollmentOpen: false,
    notice: null,
  }),
  invoke: { id: 'mfa.detectRestore', src: 'detectRestore', input: () => ({ ticket: issueTicket() }), onError: {} },
  on: {
    restored: {
      description: 'A read starts again; a write in progress is read back, not sent again; a wait continues.',
    },
  },
  initial: 'starting',
  states: {
    starting: {
      description: 'Initial data is not read again.',
      always: [
        { guard: 'hasFailed', target: 'sortingFailure' },
        { guard: 'isRead', target: 'atRest' },
        { target: 'reading' },
      ],
    },

    reading: {
      tags: 'busy',
      invoke: {
        id: 'mfa.read',
        src: 'listMfaMethods',
        onDone: { target: 'atRest', actions: 'keepMethods' },
        onError: { target: 'sortingFailure', actions: 'keepFailure' },
      },
    },

    atRest: {
      tags: 'resting',
      initial: 'overview',
      states: {
        overview: {
          description: 'The factors are on screen. OTP off: setup is offered. On: revoking and the backup codes are.',
          on: {
            'otp.enrol': { guard: 'isOtpDisabled', target: '#mfa.enrolling', actions: 'clearFailure' },
            'otp.revoke': { guard: 'isOtpEnabled', target: 'confirmingRevoke', actions: 'clearFailure' },
            'backupCodes.check': { guard: 'isOtpEnabled', target: '#mfa.checkingBackupCodes', actions: 'clearFailure' },
            retry: { target: '#mfa.reading', actions: 'clearFailure' },
          },
        },
        confirmingRevoke: {
          description: 'Asks first: without OTP the account is less secure, and the secret is lost for good.',
          on: {
            'revoke.confirm': { target: '#mfa.revoking', actions: 'beginRevocation' },
            'revoke.cancel': { target: 'overview' },
          },
        },
      },
      on: {
        restored: { target: 'reading', actions: 'clearFailure' },
        'step.finish': [{ guard: 'mayLeave', target: 'done' }, { actions: 'refuseLeaving' }],
        'step.skip': [{ guard: 'mayLeave', target: 'skipped' }, { actions: 'refuseLeaving' }],
      },
    },

    enrolling: {
      tags: 'delegating',
      description: 'The enrollment is active until OTP is on or the user leaves it.',
      invoke: {
        id: 'otpEnrollment',
        src: 'otpEnrollment',
        input: ({ context }) => ({ policy: context.policy }),
        onSnapshot: { actions: 'republish' },
        onDone: [
          { guard: 'enrollmentSignedOut', target: 'signedOut', actions: ['keepEnrollmentFailure', 'noteDoubt'] },
          { guard: 'enrollmentSucceeded', target: 'reading', actions: 'noteEnabled' },
          {
            guard: 'enrollmentIsOpen',
            target: 'reconciling',
            actions: ['keepEnrollmentFailure', 'noteOpenEnrollment'],
            description: 'Left with an unknown outcome: the list of factors shows whether OTP is on.',
          },
          { guard: 'enrollmentWasCancelled', target: 'atRest' },
          { guard: 'enrollmentWasSkipped', target: 'skipped', actions: 'noteDoubt' },
          {
            target: 'done',
            actions: 'noteDoubt',
            description: 'Left without OTP, which only an optional step allows.',
          },
        ],
        onError: { target: 'halted.failed', actions: 'keepFailure' },
      },
    },

    revoking: {
      invoke: {
        id: 'mfa.revoke',
        src: 'revokeOtp',
        input: () => ({ ticket: issueTicket() }),
        onDone: { target: 'reading', actions: 'noteRevoked' },
        onError: [
          { guard: 'hasUnknownOutcome', target: 'reconciling', actions: 'keepFailure' },
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
            'stepUp.cancel': { target: '#mfa.sortingFailure', actions: 'declineStepUp' },
            restored: { target: 'sending' },
          },
        },
      },
    },

    checkingBackupCodes: {
      tags: 'busy',
      invoke: {
        id: 'mfa.backupCodes',
        src: 'getBackupCodeStatus',
        onDone: { target: 'atRest', actions: 'keepBackupCodes' },
        onError: [
          { guard: 'isRefusedRead', target: 'atRest', actions: 'keepFailure' },
          { target: 'sortingFailure', actions: 'keepFailure' },
        ],
      },
    },

    reconciling: {
      tags: 'busy',
      description:
        'It is not known whether OTP was revoked, or turned on by an enrollment that was left: the list of factors shows it.',
      invoke: {
        id: 'mfa.readBack',
        src: 'listMfaMethods',
        onDone: { target: 'settling', actions: 'keepMethods' },
        onError: { target: 'sortingFailure', actions: 'keepReadBackFailure' },
      },
    },

    settling: {
      description: 'Decides the outcome by what was read back.',
      always: [
        { guard: 'isAsAsked', target: 'atRest', actions: 'settleAsDone' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'One read that shows no change settles nothing: the portal may still be working on it.',
        },
        { target: 'atRest', actions: 'settleAsNotDone' },
      ],
    },

    sortingFailure: {
      description: 'Sorts the failure: signed out, wait, back to the user, or `failed`.',
      always: [
        { guard: 'isSignedOut', target: 'signedOut' },
        { guard: 'mustWait', target: 'halted.coolingDown' },
        {
          guard: 'mayLand',
          target: 'halted.coolingDown',
          description: 'Read back once the write can no longer take effect.',
        },
        { guard: 'wasRefused', target: 'reading', actions: 'forgetRevocation' },
        { target: 'halted.failed' },
      ],
    },

    halted: {
      description: '`retry` continues; an optional step can also be left.',
      initial: 'failed',
      states: {
        failed: { tags: 'failed', on: { restored: { target: '#mfa.recovering' } } },
        coolingDown: {
          tags: 'coolingDown',
          description:
            'Waits until `failure.retryAt`: the portal asked for it, or the last change may still take effect.',
          invoke: {
            id: 'mfa.coolDown',
            src: 'deadline',
            input: ({ context }) => ({ at: waitsUntil(context.failure) }),
            onDone: { target: '#mfa.recovering', actions: 'endWait' },
            onError: { target: 'failed' },
          },
        },
      },
      on: {
        retry: { target: 'recovering' },
        'step.finish': { guard: 'mayLeave', target: 'done' },
        'step.skip': { guard: 'mayLeave', target: 'skipped' },
      },
    },

    recovering: {
      description: 'Reads back an unresolved write; otherwise reads everything again.',
      always: [
        { guard: 'isWriteUnresolved', target: 'reconciling' },
        { target: 'reading', actions: 'clearFailure' },
      ],
    },

    done: { type: 'final', output: { outcome: 'done' } },
    skipped: { type: 'final', output: { outcome: 'skipped' } },
    signedOut: { type: 'final', output: { outcome: 'signedOut' } },
  },
  output: ({ context, event }) => ({
    ...endOf(context, event),
    aimHolds: isOtpOn(context) === true,
    otpEnabled: isOtpOn(context),
  }),
})

type Chart = typeof chart

/** The type of `mfaMachine`, named so that the declarations of a host stay short. */
export interface MfaMachine extends Chart {}

/**
 * The factors of the account: enroll OTP, revoke it, count backup codes. Its aim holds when OTP is on. Its actor slots
 * are empty: take it from `createMachines`, or fill them by `fromRead` and `fromWrite`.
 *
 * @example
 * ```ts
 * const mfa = createActor(machines.mfa, { input: { policy: 'require' } }).start()
 * await settled(mfa)
 * mfa.send({ type: 'otp.enrol' })
 * await settled(mfa)
 * mfa.getSnapshot().children.otpEnrollment?.send({ type: 'enrollment.cancel' })
 * ```
 */
export const mfaMachine: MfaMachine = withCheckedSlots(chart)
