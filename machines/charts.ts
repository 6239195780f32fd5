import type { AnyStateMachine } from 'xstate'
import { lateChart } from './late.ts'
import type { OtpEnrollmentMachine } from './otp-enrollment.ts'
import type { WhitelistChangeMachine } from './whitelist-change.ts'

/** What a machine invokes comes with it: a chunk of its own would weigh more than it spares. */
const inside = <Machine>(machine: AnyStateMachine, slot: string) => machine.implementations.actors[slot] as Machine

/**
 * The charts that are loaded when a flow nears their step, each with what only it needs. `onboarding` and `invitations`, which
 * most flows begin with, are always there.
 */
export const charts = {
  mfa: lateChart('mfa', async () => (await import('./mfa.ts')).mfaMachine),
  otpEnrollment: lateChart('otpEnrollment', async () =>
    inside<OtpEnrollmentMachine>((await import('./mfa.ts')).mfaMachine, 'otpEnrollment'),
  ),
  ipWhitelist: lateChart('ipWhitelist', async () => (await import('./ip-whitelist.ts')).ipWhitelistMachine),
  whitelistChange: lateChart('whitelistChange', async () =>
    inside<WhitelistChangeMachine>((await import('./ip-whitelist.ts')).ipWhitelistMachine, 'whitelistChange'),
  ),
  sessions: lateChart('sessions', async () => (await import('./sessions.ts')).sessionsMachine),
  workspace: lateChart('workspace', async () => (await import('./workspace.ts')).workspaceMachine),
}

/** The chart of the security center, which runs those. */
export const centerChart = lateChart(
  'securityCenter',
  async () => (await import('./security-center.ts')).securityCenterMachine,
)

/**
 * Loads the machines that are otherwise loaded when a flow nears them. Await it before you restore a stored flow, and on a server, where
 * nothing is gained by waiting. Loaded once, they stay.
 *
 * @throws PortalError `client.loadFailed` where one of them could not be loaded: try again.
 *
 * @example
 * ```ts
 * await loadMachines()
 * const sessions = createActor(machines.sessions).start()
 * sessions.getSnapshot().value // => { working: 'reading' }
 * ```
 */
export const loadMachines = async (): Promise<void> => {
  await Promise.all([...Object.values(charts), centerChart].map((chart) => chart.load()))
}
