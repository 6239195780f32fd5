import { clientFailure, PortalError } from './failure.ts'
import type { IpWhitelist } from './ip-whitelist.ts'
import { isRecord } from './record.ts'

/** The steps of an onboarding. `otpEnrollment` is no step of its own: it runs inside `mfa`. */
export type StepName = (typeof defaultOrder)[number]

/**
 * When a step is shown, and when it may be left:
 *
 * - `require`: it is shown until its aim holds, and cannot be left before.
 * - `offer`: it is shown if there is something to do.
 * - `show`: it is always shown.
 * - `skip`: it is never shown.
 */
export type Policy = 'require' | 'offer' | 'show' | 'skip'

/** The policy of each step. */
export type OnboardingPolicy = Readonly<Record<StepName, Policy>>

/**
 * All steps, in the order in which they are visited by default.
 *
 * @example
 * ```ts
 * const order = defaultOrder.filter((step) => step !== 'sessions')
 * const flow = createActor(machines.onboarding, { input: { order } })
 * flow.getSnapshot().context.order // => ['invitations', 'mfa', 'ipWhitelist', 'workspace']
 * ```
 */
export const defaultOrder = ['invitations', 'mfa', 'ipWhitelist', 'sessions', 'workspace'] as const

/**
 * The default policy: `offer` for every step.
 *
 * @example
 * ```ts
 * const policy = { ...defaultPolicy, sessions: 'show' } as const
 * const flow = createActor(machines.onboarding, { input: { policy } })
 * ```
 */
export const defaultPolicy: OnboardingPolicy = {
  invitations: 'offer',
  mfa: 'offer',
  ipWhitelist: 'offer',
  sessions: 'offer',
  workspace: 'offer',
}

/**
 * The default policy, but OTP is required: nobody gets past `mfa` without it.
 *
 * @example
 * ```ts
 * const flow = createActor(machines.onboarding, { input: { policy: gatedPolicy } })
 * flow.getSnapshot().context.policy.mfa // => 'require'
 * ```
 */
export const gatedPolicy: OnboardingPolicy = { ...defaultPolicy, mfa: 'require' }

const policies: readonly unknown[] = ['require', 'offer', 'show', 'skip'] satisfies Policy[]
const isPolicy = (value: unknown): value is Policy => policies.includes(value)

/** @throws PortalError `client.input`, its `field` the name of the input. */
function refuseInput(field: string, expected: string): never {
  throw new PortalError(clientFailure('input', 'config', { field }), `${field}: ${expected}`)
}

/** @throws PortalError `client.input` for anything but a policy; `undefined` is `offer`. */
export function readPolicy(value: unknown, field = 'policy'): Policy {
  if (value === undefined) return 'offer'
  return isPolicy(value) ? value : refuseInput(field, `expected one of ${policies.join(', ')}`)
}

/** @throws PortalError `client.input` unless it names one of the steps. */
function checkStep(name: unknown, steps: readonly StepName[], field: string): void {
  if (!steps.includes(name as StepName)) {
    refuseInput(field, `there is no such step; the steps are ${steps.join(', ')}`)
  }
}

/** A policy for each of the steps: what is given, otherwise `offer`. @throws PortalError `client.input` */
export function readOnboardingPolicy(value: unknown = {}, steps: readonly StepName[] = defaultOrder): OnboardingPolicy {
  if (!isRecord(value)) {
    return refuseInput('policy', 'expected a record of step names and policies')
  }
  for (const name of Object.keys(value)) checkStep(name, steps, `policy.${name}`)
  const read = steps.map((name) => [name, readPolicy(value[name], `policy.${name}`)] as const)
  return Object.fromEntries(read) as OnboardingPolicy
}

/** The steps in the order asked for; a step left out of it is not visited. @throws PortalError `client.input` */
export function readOrder(value: unknown, steps: readonly StepName[] = defaultOrder): readonly StepName[] {
  if (value === undefined) return steps
  if (!Array.isArray(value)) return refuseInput('order', 'expected a list of step names')
  // Array.from fills the holes that forEach would skip.
  Array.from<unknown>(value).forEach((name, index) => {
    checkStep(name, steps, `order[${index}]`)
    if (value.indexOf(name) !== index) refuseInput(`order[${index}]`, 'this step is named twice')
  })
  return [...(value as StepName[])]
}

/** A span in ms. @throws PortalError `client.input` unless it is a positive finite number. */
export function readDuration(value: unknown, field: string, fallback: number): number {
  if (value === undefined) return fallback
  return typeof value === 'number' && Number.isFinite(value) && value > 0
    ? value
    : refuseInput(field, 'expected a positive number of milliseconds')
}

/** The id of something in the portal; null where none is given. @throws PortalError `client.input` for anything but a text with something in it. */
export function readBizId(value: unknown, field: string): string | null {
  if (value === undefined) return null
  return typeof value === 'string' && value !== '' ? value : refuseInput(field, 'expected an id')
}

export const isWhitelist = (value: unknown): value is IpWhitelist =>
  isRecord(value) &&
  typeof value.enabled === 'boolean' &&
  Array.isArray(value.entries) &&
  value.entries.every((entry) => typeof entry === 'string')

/** A whitelist. @throws PortalError `client.input` for anything else. */
export const readWhitelist = (value: unknown, field: string): IpWhitelist =>
  isWhitelist(value) ? value : refuseInput(field, 'expected { enabled, entries }')

/** May the step be left? Under `require` only when its aim holds. */
export const mayLeaveStep = (policy: Policy, aimHolds: boolean) => policy !== 'require' || aimHolds
