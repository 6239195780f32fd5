/** @jsxImportSource solid-js */
import {
  type Action,
  act,
  type InvitationRow,
  type InvitationsScreen,
  type IpWhitelistScreen,
  type MfaScreen,
  type OtpEnrollmentScreen,
  previewEntry,
  type SessionRow,
  type SessionsScreen,
  type WorkspaceScreen,
} from 'postlogin'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { copyText, qrCode } from '../shared/page.ts'
import { acceptTerms, type TermsScreen, termsText } from '../shared/terms.ts'
import * as words from '../shared/words.ts'
import { useFlow } from './flow.ts'
import {
  ActionButton,
  Badge,
  Buttons,
  Countdown,
  Item,
  List,
  Note,
  PlainButton,
  SubmitButton,
  submitted,
} from './parts.tsx'

const { hintText, lockoutText, noticeText, verdictText, warningText } = words.messages

/** Solid redraws only what changes, so a step reads each prop where it is used. */
interface StepProps<Screen> {
  readonly screen: Screen
}

export function Invitations(props: StepProps<InvitationsScreen>) {
  const [declining, setDeclining] = createSignal('')
  return (
    <>
      <List rows={words.shownInvitations(props.screen)} by={({ invitationBizId }) => invitationBizId}>
        {(row) => (
          <Invitation
            row={row()}
            isAsked={declining() === row().invitationBizId}
            ask={(isAsked) => setDeclining(isAsked ? row().invitationBizId : '')}
          />
        )}
      </List>
      <Show when={words.isInboxEmpty(props.screen)}>
        <Note>{words.labels.noInvitations}</Note>
      </Show>
      <QueueNotes screen={props.screen} />
      <Buttons>
        <Show when={props.screen.showAll}>
          {(showAll) => <ActionButton label={words.labels.showAllInvitations} look="quiet" action={showAll()} />}
        </Show>
        <ActionButton label={words.labels.refresh} look="quiet" action={props.screen.refresh} />
      </Buttons>
    </>
  )
}

interface InvitationProps {
  readonly row: InvitationRow
  readonly isAsked: boolean
  readonly ask: (isAsked: boolean) => void
}

function Invitation(props: InvitationProps) {
  const flow = useFlow()
  const isOpen = () => props.row.standing === 'open'
  const onSubmit = submitted((reason) => {
    if (act(flow, props.row.decline, reason === '' ? {} : { reason })) props.ask(false)
  })
  const about = (
    <>
      <p>{words.invitedBy(props.row)}</p>
      <Show when={isOpen() && props.row.expiresAt}>
        {(expiresAt) => (
          <p class="countdown">
            <Countdown at={expiresAt()} text={words.leftText} />
          </p>
        )}
      </Show>
    </>
  )
  return (
    <Item title={words.workspaceText(props.row)} about={about} isPending={props.row.isPending}>
      <Show when={!isOpen()}>
        <Badge look={props.row.standing}>{words.standings[props.row.standing]}</Badge>
      </Show>
      <Show when={props.row.dequeue}>
        {(dequeue) => <Queued dequeue={dequeue()} name={words.workspaceText(props.row)} />}
      </Show>
      <Show when={isOpen() && !props.isAsked && !props.row.dequeue}>
        <Buttons>
          <ActionButton
            label={words.labels.accept}
            look="primary"
            action={props.row.accept}
            name={words.named.accept(words.quoted(words.workspaceText(props.row)))}
          />
          <PlainButton
            label={words.labels.decline}
            onClick={() => props.ask(true)}
            name={words.named.decline(words.quoted(words.workspaceText(props.row)))}
          />
        </Buttons>
      </Show>
      <Show when={isOpen() && props.isAsked && !props.row.dequeue}>
        <form class="question" onSubmit={onSubmit}>
          <h2 id="question-invitations" tabindex={-1}>
            {words.declineText.title(props.row)}
          </h2>
          <label for="reason">{words.declineText.label}</label>
          <input id="reason" maxlength={500} autocomplete="off" />
          <Buttons>
            <SubmitButton label={words.declineText.confirm} look="danger" action={props.row.decline} />
            <PlainButton label={words.declineText.cancel} onClick={() => props.ask(false)} />
          </Buttons>
        </form>
      </Show>
    </Item>
  )
}

const Queued = (props: { dequeue: Action; name: string }) => (
  <Buttons>
    <Badge>{words.labels.queued}</Badge>
    <ActionButton
      label={words.labels.takeBack}
      action={props.dequeue}
      name={words.named.takeBack(words.quoted(props.name))}
    />
  </Buttons>
)

/** What is to be said of the queue beside its rows. */
const QueueNotes = (props: StepProps<InvitationsScreen | SessionsScreen>) => (
  <>
    <Show when={props.screen.notice}>{(notice) => <Note>{noticeText(notice())}</Note>}</Show>
    <Show when={props.screen.isLeaving}>
      <Note>{words.labels.leaving}</Note>
    </Show>
  </>
)

const OnOff = (props: { isOn: boolean }) => (
  <Badge look={words.onOff(props.isOn)[1]}>{words.onOff(props.isOn)[0]}</Badge>
)

export const Mfa = (props: StepProps<MfaScreen>) => (
  <>
    <Show when={props.screen.notice}>{(notice) => <Note>{noticeText(notice())}</Note>}</Show>
    <List rows={props.screen.methods} by={({ method }) => method}>
      {(method) => (
        <Item title={words.methodText(method())}>
          <OnOff isOn={method().isEnabled} />
        </Item>
      )}
    </List>
    <Show when={props.screen.backupCodes}>{(codes) => <Note>{words.backupCodesText(codes())}</Note>}</Show>
    <Show when={props.screen.isRead}>
      <Buttons>
        <Show
          when={props.screen.isOtpEnabled}
          fallback={<ActionButton label={words.labels.setUpApp} look="primary" action={props.screen.enroll} />}
        >
          <Show when={props.screen.checkBackupCodes}>
            {(check) => <ActionButton label={words.labels.countCodes} action={check()} />}
          </Show>
          <ActionButton label={words.labels.turnAppOff} look="quiet" action={props.screen.revoke} />
        </Show>
      </Buttons>
    </Show>
  </>
)

export const OtpEnrollment = (props: StepProps<OtpEnrollmentScreen>) => (
  <Show when={props.screen.backupCodes} fallback={<CodeEntry screen={props.screen} />}>
    {(shown) => <BackupCodes {...shown()} />}
  </Show>
)

function BackupCodes(props: NonNullable<OtpEnrollmentScreen['backupCodes']>) {
  const [isCopied, setCopied] = createSignal(false)
  const text = () => words.codesText(props.codes)
  return (
    <>
      <p>{words.saveCodesText}</p>
      <pre class="key codes">{text()}</pre>
      <Buttons>
        <ActionButton label={words.labels.codesSaved} look="primary" action={props.confirm} />
        <PlainButton
          label={isCopied() ? words.labels.copied : words.labels.copyCodes}
          onClick={async () => setCopied(await copyText(text()))}
        />
      </Buttons>
    </>
  )
}

function CodeEntry(props: StepProps<OtpEnrollmentScreen>) {
  const flow = useFlow()
  return (
    <>
      <Show when={props.screen.notice}>{(notice) => <Note>{noticeText(notice())}</Note>}</Show>
      <div class="setup">
        <Show when={props.screen.otpSetup}>{(setup) => <Setup setup={setup()} />}</Show>
        <Show when={props.screen.isSetUp && !props.screen.otpSetup}>
          <Note>{words.setupLostText}</Note>
        </Show>
      </div>
      <form class="field" onSubmit={submitted((code) => act(flow, props.screen.submit, { code }))}>
        <label for="code">{words.labels.code}</label>
        <Buttons>
          <input
            id="code"
            class="code"
            inputmode="numeric"
            autocomplete="one-time-code"
            aria-describedby="hint"
            aria-invalid={props.screen.codeHint !== null || undefined}
          />
          <SubmitButton label={words.labels.verify} look="primary" action={props.screen.submit} />
        </Buttons>
        <p id="hint" class="hint" role="alert">
          {props.screen.codeHint && hintText(props.screen.codeHint)}
        </p>
        <Show when={props.screen.refusedCodes}>{(count) => <p class="hint">{words.refusedCodesText(count())}</p>}</Show>
      </form>
      <Buttons>
        <ActionButton label={words.labels.restart} look="quiet" action={props.screen.restart} />
        <ActionButton label={words.labels.back} look="quiet" action={props.screen.cancel} />
      </Buttons>
    </>
  )
}

function Setup(props: { setup: NonNullable<OtpEnrollmentScreen['otpSetup']> }) {
  const [copied, setCopied] = createSignal('')
  const secret = () => props.setup.secret.reveal()
  const copy = async () => {
    if (await copyText(secret())) setCopied(secret())
  }
  return (
    <>
      <img src={qrCode(props.setup.qrCodeUri.reveal())} alt={words.labels.qrCode} width={200} height={200} />
      <div>
        <p>{words.setupText(props.setup)}</p>
        <p class="key">
          <code>{words.inFours(secret())}</code>
        </p>
        <PlainButton
          label={copied() === secret() ? words.labels.copied : words.labels.copyKey}
          onClick={() => void copy()}
        />
      </div>
    </>
  )
}

export function IpWhitelist(props: StepProps<IpWhitelistScreen>) {
  const flow = useFlow()
  const [entry, setEntry] = createSignal('')
  const [list, setList] = createSignal('')
  const onSubmit = submitted((value) => {
    if (value !== '' && act(flow, props.screen.add, { value })) setEntry('')
  })
  const onPaste = submitted((text) => {
    if (text !== '' && act(flow, props.screen.paste, { text })) setList('')
  })
  const preview = () => {
    const text = entry().trim()
    return text === ''
      ? words.entryHint
      : verdictText(previewEntry(props.screen.rows, text, props.screen.assessment).verdict)
  }
  return (
    <>
      <p class="switch">
        <OnOff isOn={props.screen.whitelist.enabled} />
        {props.screen.isChanged && words.unsavedText}
      </p>
      <Show when={props.screen.notice}>{(notice) => <Note>{noticeText(notice())}</Note>}</Show>
      <List rows={props.screen.rows} by={({ id }) => String(id)}>
        {(row) => (
          <Item
            title={words.entryText(row())}
            about={<p class={`verdict ${row().verdict}`}>{verdictText(row().verdict)}</p>}
          >
            <ActionButton
              label={words.labels.remove}
              look="quiet"
              action={row().remove}
              name={words.named.remove(words.quoted(row().value))}
            />
          </Item>
        )}
      </List>
      <form class="field" onSubmit={onSubmit}>
        <label for="entry">{words.labels.entry}</label>
        <Buttons>
          <input
            id="entry"
            autocomplete="off"
            aria-describedby="verdict"
            value={entry()}
            onInput={({ target }) => setEntry(target.value)}
          />
          <SubmitButton label={words.labels.add} action={props.screen.add} />
        </Buttons>
        <p id="verdict" class="hint">
          {preview()}
        </p>
      </form>
      <form class="field" onSubmit={onPaste}>
        <label for="list">{words.labels.list}</label>
        <textarea
          id="list"
          rows={3}
          aria-describedby="listed"
          value={list()}
          onInput={({ target }) => setList(target.value)}
        />
        <p id="listed" class="hint">
          {list().trim() === '' ? words.pasteHint : words.pasteText(list())}
        </p>
        <Buttons>
          <SubmitButton label={words.labels.addAll} action={props.screen.paste} />
        </Buttons>
      </form>
      <Show when={props.screen.rows.length > 0}>
        <Note look={props.screen.assessment.lockout === 'covered' ? 'good' : 'bad'}>
          {lockoutText(props.screen.assessment)}
        </Note>
      </Show>
      <For each={props.screen.assessment.warnings}>{(warning) => <Note look="warn">{warningText(warning)}</Note>}</For>
      <Buttons>
        <Show when={props.screen.addCurrentNetwork}>
          {(action) => <ActionButton label={words.addNetworkText(action())} action={action()} />}
        </Show>
        <ActionButton label={words.addMineText(props.screen.assessment)} action={props.screen.addCurrentAddress} />
        <Show when={!props.screen.whitelist.enabled}>
          <ActionButton label={words.labels.turnOn} look="primary" action={props.screen.enable} />
        </Show>
        <ActionButton
          label={words.labels.save}
          look={props.screen.whitelist.enabled ? 'primary' : 'plain'}
          action={props.screen.save}
        />
        <Show when={props.screen.whitelist.enabled}>
          <ActionButton label={words.labels.turnOff} action={props.screen.disable} />
        </Show>
        <ActionButton label={words.labels.discard} look="quiet" action={props.screen.reset} />
      </Buttons>
    </>
  )
}

export const Sessions = (props: StepProps<SessionsScreen>) => (
  <>
    {/* The portal masks ids; two may look alike. */}
    <List rows={props.screen.rows} by={({ sessionId }, index) => `${sessionId} ${index}`}>
      {(session) => (
        <Item
          title={words.sessionText(session())}
          about={<p>{words.sessionDetails(session())}</p>}
          isPending={session().isPending}
        >
          <SessionEnd session={session()} />
        </Item>
      )}
    </List>
    <QueueNotes screen={props.screen} />
    <Buttons>
      <Show
        when={props.screen.dequeueOthers}
        fallback={<ActionButton label={words.labels.endOthers} action={props.screen.terminateOthers} />}
      >
        {(dequeue) => <ActionButton label={words.labels.takeBackOthers} action={dequeue()} />}
      </Show>
      <ActionButton label={words.labels.refresh} look="quiet" action={props.screen.refresh} />
    </Buttons>
  </>
)

const SessionEnd = (props: { session: SessionRow }) => (
  <Switch
    fallback={
      <ActionButton
        label={words.labels.end}
        action={props.session.terminate}
        name={words.named.end(words.quoted(words.sessionText(props.session)))}
      />
    }
  >
    <Match when={props.session.isCurrent}>
      <Badge look="good">{words.labels.thisOne}</Badge>
    </Match>
    <Match when={props.session.dequeue}>
      {(dequeue) => <Queued dequeue={dequeue()} name={words.sessionText(props.session)} />}
    </Match>
    <Match when={props.session.isQueued}>
      <Badge>{words.labels.queued}</Badge>
    </Match>
  </Switch>
)

export const Workspaces = (props: StepProps<WorkspaceScreen>) => (
  <List rows={props.screen.rows} by={({ workspaceBizId }) => workspaceBizId}>
    {(row) => (
      <Item
        title={words.workspaceText(row())}
        about={row().isDefault && <Badge>{words.labels.default}</Badge>}
        isPending={row().isPending}
      >
        <Buttons>
          <ActionButton
            label={words.labels.enter}
            look="primary"
            action={row().choose}
            name={words.named.enter(words.quoted(words.workspaceText(row())))}
          />
          <Show when={!row().isDefault && row().chooseAsDefault}>
            {(choose) => (
              <ActionButton
                label={words.labels.makeDefault}
                look="quiet"
                action={choose()}
                name={words.named.makeDefault(words.quoted(words.workspaceText(row())))}
              />
            )}
          </Show>
        </Buttons>
      </Item>
    )}
  </List>
)

export const Terms = (props: StepProps<TermsScreen>) => (
  <>
    <p lang="en">{termsText(props.screen)}</p>
    <Buttons>
      <ActionButton label={words.labels.acceptTerms} look="primary" action={acceptTerms(props.screen)} />
    </Buttons>
  </>
)
