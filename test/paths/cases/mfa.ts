import { type MfaContext, type MfaMethod, mfaMachine } from 'postlogin'
import { fakeMfaMethod } from 'postlogin/testing'
import { failure } from '../../../src/domain/failure.ts'
import {
  done,
  type EventCase,
  failed,
  type MachineCases,
  type Provocation,
  restored,
  said,
  stepUps,
} from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, openOutcome, type Reading, readEnds, seenOf, writeEnds } from '../outcomes.ts'

const email: MfaMethod = { method: 'EMAIL', isEnabled: true, isPrimary: true }
const otp = (isEnabled: boolean): MfaMethod => ({ method: 'OTP', isEnabled, isPrimary: false })
const SECRET = 'JBSWY3DPEHPK3PXP'

const listed = (isEnabled: boolean): Reading => ({
  output: [email, otp(isEnabled)],
  account: (draft) => {
    draft.mfaMethods = [fakeMfaMethod(email), fakeMfaMethod(otp(isEnabled))]
    draft.otpSecret = isEnabled ? SECRET : null
  },
})
const readings = { on: listed(true), off: listed(false) }

/** The enrollment ends like this. */
const enrolled = (name: string, output: object, provoke: Provocation): EventCase =>
  done(
    'otpEnrollment',
    name,
    { outcome: 'done', failure: null, aimHolds: false, otpEnabled: false, ...output },
    provoke,
  )
const setUp: Provocation = (scene) => scene.answer('otpEnrollment.setUp')
const afterSetUp =
  (type: string): Provocation =>
  async (scene) => {
    await setUp(scene)
    scene.child('otpEnrollment').send({ type })
  }

export const mfaCases: MachineCases = {
  name: 'mfa',
  machine: mfaMachine,
  inputs: [
    undefined,
    { policy: 'require' },
    { initialData: { methods: [email, otp(false)] } },
    { initialData: { failure: failure({ kind: 'server', code: '5000' }) } },
  ],
  events: [
    said({ type: 'otp.enrol' }),
    said({ type: 'otp.revoke' }),
    said({ type: 'revoke.confirm' }),
    said({ type: 'revoke.cancel' }),
    said({ type: 'backupCodes.check' }),
    ...stepUps('mfa.revoke'),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    restored,
  ],
  ends: {
    'mfa.detectRestore': detectRestoreEnds('mfa.detectRestore'),
    'mfa.read': readEnds('mfa.read', readings),
    otpEnrollment: [
      {
        name: 'snapshot otpEnrollment',
        event: { type: 'xstate.snapshot.otpEnrollment' },
        isPossible: () => true,
        provoke: (scene) => scene.child('otpEnrollment').send({ type: 'nothing that it knows' }),
      },
      enrolled('signed out', { outcome: 'signedOut' }, (scene) =>
        scene.answer('otpEnrollment.setUp', () => scene.portal.fault('setupOtp', { status: 401 })),
      ),
      enrolled('succeeded', { aimHolds: true, otpEnabled: true }, async (scene) => {
        await setUp(scene)
        scene.child('otpEnrollment').send({ type: 'code.submit', code: await scene.portal.authenticator.code() })
        await scene.answer('otpEnrollment.verify')
      }),
      enrolled('cancelled', { outcome: 'cancelled' }, (scene) =>
        scene.child('otpEnrollment').send({ type: 'enrollment.cancel' }),
      ),
      enrolled(
        'cancelled, its outcome open',
        { outcome: 'cancelled', otpEnabled: null, failure: openOutcome },
        async (scene) => {
          await setUp(scene)
          scene.child('otpEnrollment').send({ type: 'code.submit', code: await scene.portal.authenticator.code() })
          await scene.answer('otpEnrollment.verify', () => scene.portal.fault('verifyOtp', 'loseReply'))
          await scene.answer('otpEnrollment.readBack', () => scene.portal.fault('listMfaMethods', 'loseRequest'))
          scene.child('otpEnrollment').send({ type: 'enrollment.cancel' })
        },
      ),
      {
        ...enrolled('skipped', { outcome: 'skipped' }, afterSetUp('step.skip')),
        isPossible: ({ context }) => (context as MfaContext).policy !== 'require',
      },
      {
        ...enrolled('left', {}, afterSetUp('step.finish')),
        isPossible: ({ context }) => (context as MfaContext).policy !== 'require',
      },
      failed(
        'otpEnrollment',
        'breaks down',
        new Error('broken'),
        'no machine breaks down: a host has to put in one that does',
      ),
    ],
    'mfa.revoke': writeEnds('mfa.revoke', { account: readings.on.account }),
    'mfa.backupCodes': readEnds('mfa.backupCodes', {
      counted: { output: { remainingCount: 8, totalCount: 10 }, account: () => undefined },
    }),
    'mfa.readBack': readEnds('mfa.readBack', readings),
    'mfa.coolDown': deadlineEnds('mfa.coolDown'),
  },
  project: ({ context }) => {
    const { policy, failure, methods, isRead, isRevoking, isEnrollmentOpen } = context as MfaContext
    return [policy, seenOf(failure), methods.map(({ isEnabled }) => isEnabled), isRead, isRevoking, isEnrollmentOpen]
  },
  unreachable: {},
}
