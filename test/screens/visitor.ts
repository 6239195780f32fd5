import {
  type Action,
  act,
  type Machines,
  type OnboardingInput,
  type Policy,
  type Screen,
  type StepName,
  screenOf,
} from 'postlogin'
import type { ActorRefFrom } from 'xstate'
import type { Stage } from '../support/driver.ts'
import { createSetting, type Setting } from '../support/setting.ts'

export const HERE = '203.0.113.10'

type ScreenNamed<Name extends Screen['name']> = Extract<Screen, { readonly name: Name }>

/** A flow as a UI has it: what is on screen, and what can be done there. It knows no event and no step. */
export async function visit({ input, setting = createSetting() }: { input?: OnboardingInput; setting?: Setting } = {}) {
  const flow = await setting.start('onboarding', input)
  return { ...setting, flow, ...visitorOf(flow, setting) }
}

/** The same of a flow on any stage. */
export function visitorOf(flow: ActorRefFrom<Machines['onboarding']>, { rest }: Pick<Stage, 'rest'>) {
  const screen = () => screenOf(flow.getSnapshot())

  /** What is on screen, which has to be this one. */
  function on<Name extends Screen['name']>(name: Name): ScreenNamed<Name> {
    const now = screen()
    if (now.name !== name) throw new Error(`On screen is ${now.name}, not ${name}`)
    return now as ScreenNamed<Name>
  }

  /** Does it; false where it cannot be done. */
  const press = <More extends object | undefined>(
    action: Action<More>,
    ...more: More extends undefined ? [] : [More]
  ): boolean => act<More>(flow, action, ...more)

  /** Does it, and waits until nothing is busy. */
  async function click<More extends object | undefined>(
    action: Action<More>,
    ...more: More extends undefined ? [] : [More]
  ) {
    const isDone = press<More>(action, ...more)
    await rest(flow)
    return isDone
  }

  return { screen, on, press, click }
}

/** One step alone, shown whatever there is to do in it. */
export const only = (name: StepName, policy: Policy = 'show'): OnboardingInput => ({
  order: [name],
  policy: { [name]: policy },
})

/** What can be clicked, wherever on the screen it is. */
export interface Clickable {
  /** `rows.0.accept` */
  readonly place: string
  readonly action: Action<object | undefined>
}

const isAction = (value: object): value is Action<object | undefined> =>
  'owner' in value && 'event' in value && 'blocked' in value

export function clickablesOf(value: unknown, place = ''): Clickable[] {
  if (typeof value !== 'object' || value === null) return []
  if (isAction(value)) return [{ place, action: value }]
  return Object.entries(value).flatMap(([key, part]) => clickablesOf(part, place === '' ? key : `${place}.${key}`))
}
