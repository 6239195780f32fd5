import {
  activeStep,
  type OnboardingMachine,
  type SecurityCard,
  type SecurityCenterMachine,
  type SecurityCenterScreen,
  screenOf,
} from 'postlogin'
import type { SnapshotFrom } from 'xstate'

export type CenterSnapshot = SnapshotFrom<SecurityCenterMachine>

/** What the terminal can run: the onboarding, or the security page. */
export type FlowSnapshot = SnapshotFrom<OnboardingMachine> | CenterSnapshot

/** Also while its chart is being loaded. */
export const isCenter = (snapshot: FlowSnapshot): snapshot is CenterSnapshot => snapshot.machine.id !== 'onboarding'

/** The card that is open, of which there is one at a time here; null while there is none. */
export const openCard = ({ cards }: SecurityCenterScreen): SecurityCard | null =>
  Object.values(cards).find(({ screen }) => screen !== null) ?? null

/** The same, by the name of the card. */
export function openCardName(snapshot: CenterSnapshot): SecurityCard['name'] | null {
  const screen = screenOf(snapshot)
  return screen.name === 'securityCenter' ? (openCard(screen)?.name ?? null) : null
}

/** The machine that the user deals with now, and the snapshot of it. */
function atWork(snapshot: FlowSnapshot): { readonly name: string; readonly snapshot: { readonly value: unknown } } {
  if (!isCenter(snapshot)) {
    const step = activeStep(snapshot)
    return step === null ? { name: 'onboarding', snapshot } : { name: step.name, snapshot: step.actor.getSnapshot() }
  }
  const name = openCardName(snapshot)
  const actor = name === null ? undefined : snapshot.children[`securityCenter.${name}`]
  if (name === null || actor === undefined) return { name: 'securityCenter', snapshot }
  const card = actor.getSnapshot()
  const inner = activeStep(card)
  return inner === null ? { name, snapshot: card } : { name: inner.name, snapshot: inner.actor.getSnapshot() }
}

/** A new one means that something has changed on screen. */
export const innermost = (snapshot: FlowSnapshot): object => atWork(snapshot).snapshot

/** Machine and state, such as `invitations.inbox`. */
export function placeOf(flow: FlowSnapshot): string {
  const { name, snapshot } = atWork(flow)
  return `${name}.${stateText(snapshot.value)}`
}

/** Such as `inbox` or `undoing.checking`; for parallel states, their parent. */
function stateText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, inner]) =>
      Object.keys(Object(inner)).length === 1 || typeof inner === 'string' ? `${name}.${stateText(inner)}` : name,
    )
    .join('+')
}
