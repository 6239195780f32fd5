import { type Action, act } from 'postlogin'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { PageScreen } from '../shared/terms.ts'
import { messages } from '../shared/words.ts'
import { useMachine } from './flow.ts'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'
type Blockable = Pick<Action, 'blocked'>

/** Not `disabled`: that would lose the focus and hide the reason. */
const blockedProps = ({ blocked }: Blockable) =>
  blocked === null ? {} : { 'aria-disabled': true, title: messages.blockedText(blocked) }

interface ButtonProps {
  readonly label: string
  readonly look?: Look
  /** For users who cannot see the context. */
  readonly name?: string
}

export const PlainButton = ({ label, look = 'plain', name, onClick }: ButtonProps & { onClick: () => void }) => (
  <button type="button" className={look} aria-label={name} onClick={onClick}>
    {label}
  </button>
)

interface ActionButtonProps extends ButtonProps {
  readonly action: Action
  /** Of a button that opens and closes something. */
  readonly isExpanded?: boolean
}

export function ActionButton({ label, look = 'plain', name, action, isExpanded }: ActionButtonProps) {
  const flow = useMachine()
  return (
    <button
      type="button"
      className={look}
      aria-label={name}
      aria-expanded={isExpanded}
      // The second click of a double click must not hit what the first one has brought.
      onClick={({ detail }) => detail < 2 && act(flow, action)}
      {...blockedProps(action)}
    >
      {label}
    </button>
  )
}

export const SubmitButton = ({ label, look = 'plain', action }: ButtonProps & { action: Blockable }) => (
  <button type="submit" className={look} {...blockedProps(action)}>
    {label}
  </button>
)

/** What was typed into a form's field goes to `take`, nothing else happens. */
export const submitted = (take: (text: string) => void) => (event: FormEvent<HTMLFormElement>) => {
  event.preventDefault()
  take(event.currentTarget.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')?.value.trim() ?? '')
}

/** What `text` makes of the time that `at` is away, second by second. */
export function Countdown({ at, text }: { at: number; text: (at: number, now: number) => string }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return text(at, now)
}

export const Buttons = ({ children }: { children: ReactNode }) => <div className="buttons">{children}</div>

export const Note = ({ children, look = 'plain' }: { children: string; look?: string }) => (
  <p className={`note ${look}`}>{children}</p>
)

export const Badge = ({ children, look = 'plain' }: { children: string; look?: string }) => (
  <span className={`badge ${look}`}>{children}</span>
)

export const FailureNote = ({ failure }: Pick<Extract<PageScreen, { failure: unknown }>, 'failure'>) =>
  failure && (
    <p className="note bad" role="alert">
      {messages.failureText(failure)}
    </p>
  )

interface ItemProps {
  readonly title: string
  readonly about?: ReactNode
  readonly isPending?: boolean
  readonly children: ReactNode
}

export const Item = ({ title, about, isPending = false, children }: ItemProps) => (
  <li aria-busy={isPending || undefined}>
    <div className="what">
      <h2>
        <bdi>{title}</bdi>
      </h2>
      {about}
    </div>
    {children}
  </li>
)
