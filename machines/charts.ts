import { lateChart } from './late.ts'

/**
 * The charts that are loaded when a flow nears their step, each with what only it needs. `onboarding` and `invitations`, which
 * most flows begin with, are always there.
 */
export const charts = {
  mfa: lateChart(async () => (await import('./mfa.ts')).mfaMachine),
  otpEnrollment: lateChart(async () => (await import('./otp-enrollment.ts')).otpEnrollmentMachine),
  ipWhitelist: lateChart(async () => (await import('./ip-whitelist.ts')).ipWhitelistMachine),
  whitelistChange: lateChart(async () => (await import('./whitelist-change.ts')).whitelistChangeMachine),
  sessions: lateChart(async () => (await import('./sessions.ts')).sessionsMachine),
  workspace: lateChart(async () => (await import('./workspace.ts')).workspaceMachine),
}

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
 * sessions.getSnapshot().value // => 'reading'
 * ```
 */
export const loadMachines = async (): Promise<void> => {
  await Promise.all(Object.values(charts).map((chart) => chart.load()))
}
