import { activeStep, type onboardingMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'

type RootSnapshot = SnapshotFrom<typeof onboardingMachine>

/** The snapshot of the machine that the user deals with now: a new one means that something has changed on screen. */
export const innermost = (snapshot: RootSnapshot) => activeStep(snapshot)?.actor.getSnapshot() ?? snapshot

/** Machine and state, such as `invitations.inbox`. */
export const placeOf = (snapshot: RootSnapshot) =>
  `${activeStep(snapshot)?.name ?? 'onboarding'}.${stateText(innermost(snapshot).value)}`

/** Such as `inbox` or `undoing.checking`; for parallel states, their parent. */
function stateText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, inner]) =>
      Object.keys(Object(inner)).length === 1 || typeof inner === 'string' ? `${name}.${stateText(inner)}` : name,
    )
    .join('+')
}
