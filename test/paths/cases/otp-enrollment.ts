import { isSealed, type OtpEnrollmentContext, otpEnrollmentMachine, seal } from 'postlogin'
import { fakeMfaMethod } from 'postlogin/testing'
import type { AnyMachineSnapshot } from 'xstate'
import {
  byItself,
  done,
  type EventCase,
  failed,
  isStoppedWrite,
  type MachineCases,
  reloaded,
  said,
  stepUps,
} from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, type Reading, readEnds, refusal, seenOf, writeEnds } from '../outcomes.ts'
import type { CodeKind } from '../scene.ts'

const SECRET = 'JBSWY3DPEHPK3PXP'
const setup = {
  secret: seal(SECRET),
  qrCodeUri: seal(`otpauth://totp/SlaunchX:maya@example.com?secret=${SECRET}&issuer=SlaunchX`),
  issuer: 'SlaunchX',
  accountName: 'maya@example.com',
  backupCodes: null,
}

/** What stands for a code of this kind until a phone and a portal are there to say which it is. */
const codes: Readonly<Record<CodeKind, string>> = { right: '111111', wrong: '222222', skewed: '333333' }

const contextOf = ({ context }: AnyMachineSnapshot) => context as OtpEnrollmentContext
const codeUnderWay = (snapshot: AnyMachineSnapshot) => {
  const code = contextOf(snapshot).attempt?.code
  return isSealed(code) ? code.reveal() : null
}

const submitted = (kind: CodeKind, force = false): EventCase => {
  const more = force ? { force } : {}
  return {
    ...said({ type: 'code.submit', code: codes[kind], ...more } as never, `${kind}${force ? ', forced' : ''}`),
    provoke: async (scene) => scene.send({ type: 'code.submit', code: await scene.code(kind), ...more } as never),
  }
}

const isSecretKnown = (snapshot: AnyMachineSnapshot) => contextOf(snapshot).otpSetup !== null
const judged = (kind: CodeKind, output: object): EventCase =>
  done(
    'otpEnrollment.check',
    kind,
    output,
    byItself,
    (snapshot) => isSecretKnown(snapshot) && codeUnderWay(snapshot) === codes[kind],
  )

const listed = (isEnabled: boolean): Reading => ({
  output: [{ method: 'OTP', isEnabled, isPrimary: false }],
  account: (draft) => {
    draft.mfaMethods = [fakeMfaMethod({ method: 'EMAIL', isEnabled: true }), fakeMfaMethod({ isEnabled })]
  },
})

export const otpEnrollmentCases: MachineCases = {
  name: 'otpEnrollment',
  machine: otpEnrollmentMachine,
  inputs: [undefined, { policy: 'require' }],
  events: [
    submitted('right'),
    submitted('right', true),
    submitted('wrong'),
    submitted('skewed'),
    said({ type: 'code.submit', code: '12 34' } as never, 'malformed'),
    said({ type: 'setup.restart' }),
    said({ type: 'enrollment.cancel' }),
    said({ type: 'backupCodes.confirm' }),
    ...stepUps('otpEnrollment.setUp', 'otpEnrollment.verify'),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    reloaded,
  ],
  ends: {
    'otpEnrollment.detectRestore': detectRestoreEnds('otpEnrollment.detectRestore'),
    'otpEnrollment.setUp': [
      ...writeEnds('otpEnrollment.setUp', { output: setup, isReplyRead: true }),
      done(
        'otpEnrollment.setUp',
        'with backup codes',
        { ...setup, backupCodes: [seal('k3f2a-9qw7e')] },
        (scene) => scene.answer('otpEnrollment.setUp', () => scene.portal.configure({ setupBringsBackupCodes: true })),
        (snapshot) => !snapshot.hasTag('steppingUp') && !isStoppedWrite(snapshot.children['otpEnrollment.setUp']),
      ),
    ],
    'otpEnrollment.check': [
      judged('right', { kind: 'right' }),
      judged('wrong', { kind: 'wrong' }),
      judged('skewed', { kind: 'skewed', offsetMs: 600_000 }),
      done('otpEnrollment.check', 'cannot tell', null, byItself, (snapshot) => !isSecretKnown(snapshot)),
      {
        ...failed('otpEnrollment.check', 'clock is broken', new Error('no clock'), byItself, isSecretKnown),
        onBrokenClock: 'now',
      },
      failed(
        'otpEnrollment.check',
        'breaks down',
        new Error('broken'),
        'without a secret there is nothing that our own check could fail at',
        (snapshot) => !isSecretKnown(snapshot),
      ),
    ],
    'otpEnrollment.verify': writeEnds('otpEnrollment.verify', {
      isPossible: (snapshot) => codeUnderWay(snapshot) === codes.right,
      codes: [
        refusal('invalid', 400, 'AUTH.MFA_CODE_INVALID'),
        refusal('invalid', 400, 'AUTH.OTP_SETUP_SESSION_INVALID'),
      ],
    }),
    'otpEnrollment.readBack': readEnds('otpEnrollment.readBack', { on: listed(true), off: listed(false) }),
    'otpEnrollment.coolDown': deadlineEnds('otpEnrollment.coolDown'),
  },
  project: (snapshot) => {
    const { policy, failure, otpSetup, isSetUp, doubted, backupCodes } = contextOf(snapshot)
    const isSame = isSealed(doubted?.code) ? doubted.code.reveal() : null
    const hasCodes = otpSetup !== null && otpSetup.backupCodes !== null
    return [
      policy,
      seenOf(failure),
      otpSetup !== null,
      isSetUp,
      codeUnderWay(snapshot),
      isSame,
      hasCodes || backupCodes !== null,
    ]
  },
  unreachable: {},
}
