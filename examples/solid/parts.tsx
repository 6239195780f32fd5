/** @jsxImportSource solid-js */
import { type Action, act, type Screen } from 'postlogin'
import { type Accessor, createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { messages } from '../shared/words.ts'
import { useFlow } from './flow.ts'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'
type Blockable = Pick<Action, 'blocked'>

/** Not `disabled`: that would lose the focus and hide the reason. */
const blockedProps = ({ blocked }: Blockable): JSX.ButtonHTMLAttributes<HTMLButtonElement> =>
  blocked === null
    ? { 'aria-disabled': undefined, title: undefined }
    : { 'aria-disabled': true, title: messages.blockedText(blocked) }

interface ButtonProps {
  readonly label: string
  readonly look?: Look
  /** For users who cannot see the context. */
  readonly name?: string
}

export const PlainButton = (props: ButtonProps & { onClick: () => void }) => (
  <button type="button" class={props.look ?? 'plain'} aria-label={props.name} onClick={() => props.onClick()}>
    {props.label}
  </button>
)

interface ActionButtonProps extends ButtonProps {
  readonly action: Action
  /** Of a button that opens and closes something. */
  readonly isExpanded?: boolean
}

export function ActionButton(props: ActionButtonProps) {
  const flow = useFlow()
  return (
    <button
      type="button"
      class={props.look ?? 'plain'}
      aria-label={props.name}
      aria-expanded={props.isExpanded}
      // The second click of a double click must not hit what the first one has brought.
      onClick={({ detail }) => detail < 2 && act(flow, props.action)}
      {...blockedProps(props.action)}
    >
      {props.label}
    </button>
  )
}

export const SubmitButton = (props: ButtonProps & { action: Blockable }) => (
  <button type="submit" class={props.look ?? 'plain'} {...blockedProps(props.action)}>
    {props.label}
  </button>
)

/** What was typed into a form's field goes to `take`, nothing else happens. */
export const submitted =
  (take: (text: string) => void): JSX.EventHandler<HTMLFormElement, SubmitEvent> =>
  (event) => {
    event.preventDefault()
    take(
      event.currentTarget.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')?.value.trim() ?? '',
    )
  }

/** What `text` makes of the time that `at` is away, second by second. */
export function Countdown(props: { at: number; text: (at: number, now: number) => string }) {
  const [now, setNow] = createSignal(Date.now())
  onMount(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    onCleanup(() => clearInterval(timer))
  })
  return <>{props.text(props.at, now())}</>
}

export const Buttons = (props: { children: JSX.Element }) => <div class="buttons">{props.children}</div>

export const Note = (props: { children: JSX.Element; look?: string }) => (
  <p class={`note ${props.look ?? 'plain'}`}>{props.children}</p>
)

export const Badge = (props: { children: JSX.Element; look?: string }) => (
  <span class={`badge ${props.look ?? 'plain'}`}>{props.children}</span>
)

export const FailureNote = (props: Pick<Extract<Screen, { failure: unknown }>, 'failure'>) => (
  <Show when={props.failure}>
    {(failure) => (
      <p class="note bad" role="alert">
        {messages.failureText(failure())}
      </p>
    )}
  </Show>
)

interface ListProps<Row> {
  readonly rows: readonly Row[]
  readonly by: (row: Row, index: number) => string
  readonly children: (row: Accessor<Row>) => JSX.Element
}

/** `For` tells rows apart by identity, and each look at the flow makes new ones: what stays has to keep its focus and its text. */
export function List<Row>(props: ListProps<Row>) {
  const keys = createMemo(() => props.rows.map(props.by))
  return (
    <ul class="list">
      <For each={keys()}>{(key) => props.children(() => props.rows[keys().indexOf(key)] as Row)}</For>
    </ul>
  )
}

interface ItemProps {
  readonly title: string
  readonly about?: JSX.Element
  readonly isPending?: boolean
  readonly children: JSX.Element
}

export const Item = (props: ItemProps) => (
  <li aria-busy={props.isPending || undefined}>
    <div class="what">
      <h2>
        <bdi>{props.title}</bdi>
      </h2>
      {props.about}
    </div>
    {props.children}
  </li>
)
