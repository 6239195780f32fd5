/** @jsxImportSource solid-js */
import { useActorRef } from '@xstate/solid'
import { createEffect, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import { type Host, securityAddress, startOf } from '../shared/host.ts'
import { isBusy, showProgress } from '../shared/page.ts'
import type { PageScreen } from '../shared/terms.ts'
import * as words from '../shared/words.ts'
import { createScreen, FlowProvider } from './flow.ts'
import { ActionButton, Buttons, Countdown, FailureNote, Note, PlainButton } from './parts.tsx'
import { Invitations, IpWhitelist, Mfa, OtpEnrollment, Sessions, Terms, Workspaces } from './steps.tsx'

export const Portal = (props: { host: Host }) => (
  <Show when={props.host.subject} keyed>
    {(_) => <Page {...props.host} />}
  </Show>
)

function Page({ keep, ...host }: Host) {
  const { logic, options } = startOf(host)
  const flow = useActorRef(logic, options)
  const now = createScreen(flow)
  const screen = () => now().screen
  onCleanup(keep(flow))
  createEffect(() => showProgress(screen()))
  return (
    <FlowProvider value={flow}>
      <header class="bar">
        <p class="brand">SlaunchX</p>
        <Show when={'finish' in screen()}>
          <PlainButton
            label={words.labels.later}
            look="quiet"
            onClick={() => flow.send({ type: 'onboarding.cancel' })}
          />
        </Show>
      </header>
      <nav class="steps" aria-label={words.labels.steps}>
        <ol>
          <For each={now().steps}>
            {({ name, status }) => (
              <li class={status} aria-current={status === 'current' ? 'step' : undefined}>
                {words.stepTitles[name]}
                <span class="unseen">, {words.stepStatuses[status]}</span>
              </li>
            )}
          </For>
        </ol>
      </nav>
      <Show when={screen().name} keyed>
        {(name) => (
          <main class="card" aria-busy={isBusy(screen())}>
            <h1 tabindex={-1}>{words.titles[name]}</h1>
            <p class="lead">{words.leadText(screen())}</p>
            <Body screen={screen()} />
            <Show when={having('finish', screen())}>
              {(screen) => (
                <Footer screen={screen()}>
                  <Ways screen={screen()} />
                </Footer>
              )}
            </Show>
          </main>
        )}
      </Show>
    </FlowProvider>
  )
}

/** What is on a screen, without the buttons that leave it. */
export const Body = (props: { screen: PageScreen }) => (
  <>
    <Show when={having('question', props.screen)}>{(screen) => <Question screen={screen()} />}</Show>
    <Content screen={props.screen} />
    <Show when={words.unreadableText(props.screen)}>{(text) => <Note look="warn">{text()}</Note>}</Show>
  </>
)

/** The screen if it has this part, otherwise false. */
export const having = <Part extends string>(part: Part, screen: PageScreen) =>
  part in screen && (screen as Extract<PageScreen, { [Name in Part]: unknown }>)

function Content(props: { screen: PageScreen }) {
  /** The screen if it has one of these names, otherwise false. */
  const as = <Name extends PageScreen['name']>(...names: Name[]) =>
    names.includes(props.screen.name as Name) && (props.screen as Extract<PageScreen, { name: Name }>)
  return (
    <Switch>
      <Match when={as('invitations')}>{(screen) => <Invitations screen={screen()} />}</Match>
      <Match when={as('mfa')}>{(screen) => <Mfa screen={screen()} />}</Match>
      <Match when={as('otpEnrollment')}>{(screen) => <OtpEnrollment screen={screen()} />}</Match>
      <Match when={as('ipWhitelist')}>{(screen) => <IpWhitelist screen={screen()} />}</Match>
      <Match when={as('sessions')}>{(screen) => <Sessions screen={screen()} />}</Match>
      <Match when={as('workspace')}>{(screen) => <Workspaces screen={screen()} />}</Match>
      <Match when={as('custom')}>{(screen) => <Terms screen={screen()} />}</Match>
      <Match when={as('broken')}>
        {(screen) => (
          <>
            <FailureNote failure={screen().failure} />
            <Buttons>
              <ActionButton label={words.labels.tryAgain} action={screen().retry} />
              <ActionButton label={words.labels.skip} action={screen().skip} />
            </Buttons>
          </>
        )}
      </Match>
      <Match when={as('crashed')}>
        {(screen) => (
          <>
            <FailureNote failure={screen().failure} />
            <LoadAgain label={words.labels.reload} />
          </>
        )}
      </Match>
      <Match when={as('completed')}>
        {(screen) => (
          <>
            <p class="route">{words.routeText(screen().output.route)}</p>
            <UnconfirmedNote {...screen().output} />
            <p>
              <a href={securityAddress()}>{words.security.link}</a>
            </p>
          </>
        )}
      </Match>
      <Match when={as('signedOut', 'cancelled')}>
        {(screen) => (
          <>
            <FailureNote failure={screen().output.failure} />
            <UnconfirmedNote {...screen().output} />
            <LoadAgain label={screen().name === 'signedOut' ? words.labels.signInAgain : words.labels.goOn} />
          </>
        )}
      </Match>
    </Switch>
  )
}

const UnconfirmedNote = (props: { unconfirmedChange: object | null }) => (
  <Show when={props.unconfirmedChange}>
    <Note look="bad">{words.unconfirmedText}</Note>
  </Show>
)

const LoadAgain = (props: { label: string }) => (
  <Buttons>
    <PlainButton label={props.label} look="primary" onClick={() => location.reload()} />
  </Buttons>
)

function Question(props: { screen: Extract<PageScreen, { question: unknown }> }) {
  const asked = () => {
    const { question } = props.screen
    const text = words.questionText(props.screen)
    return question && text && { question, text }
  }
  // Each question is a new element (`keyed`), so that the focus moves to it and a key pressed twice does not answer it.
  return (
    <Show when={props.screen.question?.kind} keyed>
      <Show when={asked()}>
        {(asked) => (
          <section class="question" aria-labelledby={`question-${props.screen.name}`}>
            <h2 id={`question-${props.screen.name}`} tabindex={-1}>
              {asked().text.title}
            </h2>
            <p>{asked().text.text}</p>
            <Show when={asked().text.endsAt}>
              {(endsAt) => (
                <p class="countdown">
                  <Countdown at={endsAt()} text={words.leftText} />
                </p>
              )}
            </Show>
            <FailureNote failure={props.screen.failure} />
            <Buttons>
              <ActionButton
                label={asked().text.confirm}
                look={asked().text.confirmLook}
                action={asked().question.confirm}
              />
              <ActionButton
                label={asked().text.cancel}
                look={asked().text.cancelLook}
                action={asked().question.cancel}
              />
            </Buttons>
          </section>
        )}
      </Show>
    </Show>
  )
}

interface FooterProps {
  readonly screen: Extract<PageScreen, { finish: unknown }>
  readonly children?: JSX.Element
}

/** Failures, what there is to do about them, and the ways out of the step. */
export const Footer = (props: FooterProps) => (
  <footer>
    <div class="result">
      <Show when={!words.isAsked(props.screen)}>
        <FailureNote failure={props.screen.failure} />
      </Show>
      <Show when={'cancelStepUp' in props.screen && props.screen.cancelStepUp}>
        {(cancelStepUp) => (
          <>
            <Note look="warn">{words.messages.blockedText('steppingUp')}</Note>
            <Buttons>
              <ActionButton label={words.labels.cancel} action={cancelStepUp()} />
            </Buttons>
          </>
        )}
      </Show>
      <Show when={props.screen.status === 'failed' || props.screen.status === 'coolingDown'}>
        <Buttons>
          <ActionButton label={words.labels.tryAgain} look="primary" action={props.screen.retry} />
          <Show when={props.screen.failure?.retryAt}>
            {(retryAt) => (
              <span class="countdown">
                <Countdown at={retryAt()} text={words.waitText} />
              </span>
            )}
          </Show>
        </Buttons>
      </Show>
    </div>
    {props.children}
  </footer>
)

const Ways = (props: FooterProps) => {
  const skip = () => <ActionButton label={words.labels.skipStep} look="quiet" action={props.screen.skip} />
  /** The screen if it is of one of our steps, otherwise false. */
  const ours = () => props.screen.name !== 'custom' && props.screen
  return (
    <Show
      when={ours()}
      fallback={props.screen.name === 'custom' && props.screen.policy !== 'require' && <Buttons>{skip()}</Buttons>}
    >
      {(screen) => (
        <Buttons>
          <ActionButton label={words.finishText(screen())} look={words.finishLook(screen())} action={screen().finish} />
          <Show when={!screen().aimHolds}>{skip()}</Show>
        </Buttons>
      )}
    </Show>
  )
}
