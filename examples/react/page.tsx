import { type ReactNode, useEffect } from 'react'
import { type Host, securityAddress, startOf } from '../shared/host.ts'
import { isBusy, showProgress } from '../shared/page.ts'
import type { PageScreen } from '../shared/terms.ts'
import * as words from '../shared/words.ts'
import { ActsOn, Flow, useScreen } from './flow.ts'
import { ActionButton, Buttons, Countdown, FailureNote, Note, PlainButton } from './parts.tsx'
import { Invitations, IpWhitelist, Mfa, OtpEnrollment, Sessions, Terms, Workspaces } from './steps.tsx'

export const Portal = ({ subject, keep, ...host }: Host) => (
  <Flow.Provider key={subject} {...startOf(host)}>
    <Page keep={keep} />
  </Flow.Provider>
)

function Page({ keep }: Pick<Host, 'keep'>) {
  const flow = Flow.useActorRef()
  const { screen, steps } = useScreen()
  const leave = () => flow.send({ type: 'onboarding.cancel' })
  useEffect(() => keep(flow), [keep, flow])
  useEffect(() => showProgress(screen), [screen])
  return (
    <ActsOn value={flow}>
      <header className="bar">
        <p className="brand">SlaunchX</p>
        {'finish' in screen && <PlainButton label={words.labels.later} look="quiet" onClick={leave} />}
      </header>
      <nav className="steps" aria-label={words.labels.steps}>
        <ol>
          {steps.map(({ name, status }) => (
            <li key={name} className={status} aria-current={status === 'current' ? 'step' : undefined}>
              {words.stepTitles[name]}
              <span className="unseen">, {words.stepStatuses[status]}</span>
            </li>
          ))}
        </ol>
      </nav>
      <main key={screen.name} className="card" aria-busy={isBusy(screen)}>
        <h1 tabIndex={-1}>{words.titles[screen.name]}</h1>
        <p className="lead">{words.leadText(screen)}</p>
        <Body screen={screen} />
        {'finish' in screen && (
          <Footer screen={screen}>
            <Ways {...screen} />
          </Footer>
        )}
      </main>
    </ActsOn>
  )
}

/** What is on a screen, without the buttons that leave it. */
export const Body = ({ screen }: { screen: PageScreen }) => (
  <>
    {'question' in screen && <Question key={screen.question?.kind} screen={screen} />}
    <Content screen={screen} />
    {words.unreadableText(screen) && <Note look="warn">{words.unreadableText(screen)}</Note>}
  </>
)

function Content({ screen }: { screen: PageScreen }) {
  switch (screen.name) {
    case 'loading':
      return null
    case 'invitations':
      return <Invitations {...screen} />
    case 'mfa':
      return <Mfa {...screen} />
    case 'otpEnrollment':
      return <OtpEnrollment {...screen} />
    case 'ipWhitelist':
      return <IpWhitelist {...screen} />
    case 'sessions':
      return <Sessions {...screen} />
    case 'workspace':
      return <Workspaces {...screen} />
    case 'custom':
      return <Terms {...screen} />
    case 'broken':
      return (
        <>
          <FailureNote failure={screen.failure} />
          <Buttons>
            <ActionButton label={words.labels.tryAgain} action={screen.retry} />
            <ActionButton label={words.labels.skip} action={screen.skip} />
          </Buttons>
        </>
      )
    case 'crashed':
      return (
        <>
          <FailureNote failure={screen.failure} />
          <LoadAgain label={words.labels.reload} />
        </>
      )
    case 'completed':
      return (
        <>
          <p className="route">{words.routeText(screen.output.route)}</p>
          {screen.output.unconfirmedChange && <Note look="bad">{words.unconfirmedText}</Note>}
          <p>
            <a href={securityAddress()}>{words.security.link}</a>
          </p>
        </>
      )
    case 'signedOut':
    case 'cancelled':
      return (
        <>
          <FailureNote failure={screen.output.failure} />
          {screen.output.unconfirmedChange && <Note look="bad">{words.unconfirmedText}</Note>}
          <LoadAgain label={screen.name === 'signedOut' ? words.labels.signInAgain : words.labels.goOn} />
        </>
      )
  }
}

const LoadAgain = ({ label }: { label: string }) => (
  <Buttons>
    <PlainButton label={label} look="primary" onClick={() => location.reload()} />
  </Buttons>
)

/** Each question is a new element (`key`), so that the focus moves to it and a key pressed twice does not answer it. */
function Question({ screen }: { screen: Extract<PageScreen, { question: unknown }> }) {
  const { question } = screen
  const text = words.questionText(screen)
  if (question === null || text === null) return null
  const { endsAt } = text
  return (
    <section className="question" aria-labelledby={`question-${screen.name}`}>
      <h2 id={`question-${screen.name}`} tabIndex={-1}>
        {text.title}
      </h2>
      <p>{text.text}</p>
      {endsAt !== null && (
        <p className="countdown">
          <Countdown at={endsAt} text={words.leftText} />
        </p>
      )}
      <FailureNote failure={screen.failure} />
      <Buttons>
        <ActionButton label={text.confirm} look={text.confirmLook} action={question.confirm} />
        <ActionButton label={text.cancel} look={text.cancelLook} action={question.cancel} />
      </Buttons>
    </section>
  )
}

interface FooterProps {
  readonly screen: Extract<PageScreen, { finish: unknown }>
  readonly children?: ReactNode
}

/** Failures, what there is to do about them, and the ways out of the step. */
export function Footer({ screen, children }: FooterProps) {
  const { status, failure, retry } = screen
  const cancelStepUp = 'cancelStepUp' in screen && screen.cancelStepUp
  const isStopped = status === 'failed' || status === 'coolingDown'
  const retryAt = failure?.retryAt ?? null
  return (
    <footer>
      <div className="result">
        {!words.isAsked(screen) && <FailureNote failure={failure} />}
        {cancelStepUp && (
          <>
            <Note look="warn">{words.messages.blockedText('steppingUp')}</Note>
            <Buttons>
              <ActionButton label={words.labels.cancel} action={cancelStepUp} />
            </Buttons>
          </>
        )}
        {isStopped && (
          <Buttons>
            <ActionButton label={words.labels.tryAgain} look="primary" action={retry} />
            {retryAt !== null && (
              <span className="countdown">
                <Countdown at={retryAt} text={words.waitText} />
              </span>
            )}
          </Buttons>
        )}
      </div>
      {children}
    </footer>
  )
}

function Ways(screen: FooterProps['screen']) {
  const skip = <ActionButton label={words.labels.skipStep} look="quiet" action={screen.skip} />
  if (screen.name === 'custom') return screen.policy !== 'require' && <Buttons>{skip}</Buttons>
  return (
    <Buttons>
      <ActionButton label={words.finishText(screen)} look={words.finishLook(screen)} action={screen.finish} />
      {!screen.aimHolds && skip}
    </Buttons>
  )
}
