import * as fc from 'fast-check'
import type { PortalOperation } from 'postlogin/testing'

/** One thing that happens: to the user, to the portal, to the list, to the time. Plain data, so that a run can be shrunk and repeated. */
export type Command = { readonly pace: Pace } & (
  | { readonly do: 'click'; readonly pick: number }
  | { readonly do: 'press'; readonly what: Button }
  | { readonly do: 'type'; readonly values: readonly string[] }
  | { readonly do: 'force'; readonly event: { readonly type: string; readonly [field: string]: unknown } }
  | { readonly do: 'lag'; readonly operation: PortalOperation; readonly landsAfterMs: number; readonly answer: Answer }
  | { readonly do: 'lose'; readonly operation: PortalOperation; readonly times: number }
  | { readonly do: 'refuse'; readonly operation: PortalOperation; readonly times: number }
  | { readonly do: 'echo'; readonly operation: PortalOperation; readonly isCarriedOut: boolean }
  | {
      readonly do: 'edit'
      readonly edit: Edit
      readonly at: 'now' | 'before' | 'after'
      readonly operation: PortalOperation
    }
  | { readonly do: 'move'; readonly address: string }
  | { readonly do: 'mark'; readonly marksCurrent: 'own' | 'none' | 'all' }
  | { readonly do: 'store'; readonly keeps: Keeps }
  | { readonly do: 'enforce'; readonly onEveryRequest: boolean }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'setBack'; readonly ms: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'reload'; readonly afterMs: number }
  | { readonly do: 'signOut' }
)

/** How long is waited before the next thing: not at all, a turn of the event loop, until nothing is busy. */
type Pace = 'at once' | 'turn' | 'rest'

/** What a proxy says while the portal goes on; or nothing at all. */
type Answer = 502 | 504 | 'lost' | 'never'

/** Buttons by what they do, wherever they are on the screen. */
export type Button =
  | 'save'
  | 'enable'
  | 'disable'
  | 'confirm'
  | 'cancel'
  | 'finish'
  | 'skip'
  | 'retry'
  | 'addCurrentAddress'

/** What the portal keeps of the list that it is sent, whatever it shows in its reply. */
export type Keeps = 'all' | 'nothing' | 'the first' | 'all but the first'

/** What a second editor does to the list. */
export type Edit = { readonly enabled?: boolean; readonly entries?: readonly string[] }

export const HOME = '203.0.113.10'
export const OFFICE = '198.51.100.0/24'
const AT_OFFICE = '198.51.100.7'
const AWAY = '192.0.2.5'
/** The portal's own proxy. */
const PROXY = '10.0.0.9'

/** Lags end within the settling time: what lands later is out of what is promised. */
const LAGS_MS = [0, 700, 5_000, 13_000]
/** The client gives up after ten seconds, and the settling time begins then. */
const UNANSWERED_LAGS_MS = [700, 9_000, 12_000, 23_000]

const lists: readonly (readonly string[])[] = [[HOME], [OFFICE], [HOME, OFFICE], [AWAY], [HOME, AWAY], []]
const writes: readonly PortalOperation[] = ['replaceIpWhitelist', 'enableIpWhitelist', 'disableIpWhitelist']
const reads: readonly PortalOperation[] = ['getIpWhitelist', 'listSessions']

const pace = fc.constantFrom<Pace>('rest', 'rest', 'rest', 'turn', 'at once')
const press = (...what: Button[]) =>
  fc.record({ do: fc.constant('press' as const), what: fc.constantFrom(...what), pace })
const edit = fc.record(
  { enabled: fc.boolean(), entries: fc.constantFrom(...lists) },
  { requiredKeys: [] },
) as fc.Arbitrary<Edit>

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('click' as const), pick: fc.nat(99), pace }) },
  { weight: 4, arbitrary: press('save', 'enable', 'disable', 'confirm', 'cancel', 'retry', 'addCurrentAddress') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('type' as const), values: fc.constantFrom(...lists), pace }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('force' as const),
      event: fc
        .constantFrom(
          ...['change.keep', 'change.undo', 'risk.accept', 'risk.decline', 'whitelist.save', 'whitelist.enable'],
          ...['step.finish', 'retry', 'restored'],
        )
        .map((type) => ({ type })),
      pace,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.oneof(
      fc.record({
        do: fc.constant('lag' as const),
        operation: fc.constantFrom(...writes),
        landsAfterMs: fc.constantFrom(...LAGS_MS),
        answer: fc.constantFrom<Answer>(502, 504, 'lost'),
        pace: fc.constant<Pace>('at once'),
      }),
      fc.record({
        do: fc.constant('lag' as const),
        operation: fc.constantFrom(...writes),
        landsAfterMs: fc.constantFrom(...UNANSWERED_LAGS_MS),
        answer: fc.constant<Answer>('never'),
        pace: fc.constant<Pace>('at once'),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('lose' as const, 'refuse' as const),
      operation: fc.constantFrom(...writes, ...reads, ...reads),
      times: fc.constantFrom(1, 1, 3, 6),
      pace: fc.constant<Pace>('at once'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('echo' as const),
      operation: fc.constantFrom(...writes),
      isCarriedOut: fc.boolean(),
      pace: fc.constant<Pace>('at once'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      edit,
      at: fc.constantFrom('now' as const, 'before' as const, 'after' as const),
      operation: fc.constantFrom(...writes, ...reads),
      pace,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      address: fc.constantFrom(HOME, AT_OFFICE, AWAY, PROXY),
      pace,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      marksCurrent: fc.constantFrom('own' as const, 'none' as const, 'all' as const),
      pace,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      keeps: fc.constantFrom<Keeps>('all', 'nothing', 'the first', 'all but the first'),
      pace,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enforce' as const), onEveryRequest: fc.boolean(), pace }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 16_000, 61_000), pace }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('setBack' as const, 'sleep' as const),
      ms: fc.constantFrom(30_000, 3 * 3_600_000),
      pace,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reload' as const),
      afterMs: fc.constantFrom(0, 0, 30_000, 26 * 3_600_000),
      pace,
    }),
  },
)

/** What chance would seldom get to the end of. */
const intention: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    fc.constantFrom(...lists),
    fc.constantFrom<Button>('save', 'enable', 'enable'),
    fc.array(fc.option(command, { freq: 3 }), { minLength: 3, maxLength: 3 }),
    fc.constantFrom<Button>('confirm', 'confirm', 'cancel'),
    fc.array(pace, { minLength: 3, maxLength: 3 }),
  )
  .map(([values, what, between, answer, [one = 'rest', two = 'rest', three = 'rest']]) => {
    const [first, second, third] = between.map((other) => (other === null ? [] : [other]))
    return [
      { do: 'type', values, pace: one },
      ...(first ?? []),
      { do: 'press', what, pace: two },
      ...(second ?? []),
      { do: 'press', what: answer, pace: three },
      ...(third ?? []),
    ] satisfies Command[]
  })

export const commands: fc.Arbitrary<readonly Command[]> = fc
  .array(fc.oneof({ weight: 3, arbitrary: command.map((one) => [one]) }, { weight: 1, arbitrary: intention }), {
    minLength: 1,
    maxLength: 10,
    size: 'max',
  })
  .map((parts) => parts.flat())

/** How the flow ends, where nothing that happened has ended it. */
export type Ending = 'finish' | 'skip' | 'cancel' | 'close' | 'sign out'
export const ending = fc.constantFrom<Ending>('finish', 'finish', 'finish', 'skip', 'cancel', 'close', 'sign out')
