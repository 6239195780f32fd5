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
  type WorkspaceRow,
  type WorkspaceScreen,
} from 'postlogin'
import { useState } from 'react'
import { copyText, qrCode } from '../shared/page.ts'
import { acceptTerms, type TermsScreen, termsText } from '../shared/terms.ts'
import * as words from '../shared/words.ts'
import { useMachine } from './flow.ts'
import { ActionButton, Badge, Buttons, Countdown, Item, Note, PlainButton, SubmitButton, submitted } from './parts.tsx'

const { hintText, lockoutText, noticeText, verdictText, warningText } = words.messages

export function Invitations(screen: InvitationsScreen) {
  const [declining, setDeclining] = useState('')
  return (
    <>
      <ul className="list">
        {words.shownInvitations(screen).map((row) => (
          <Invitation
            key={row.invitationBizId}
            row={row}
            isAsked={declining === row.invitationBizId}
            ask={(isAsked) => setDeclining(isAsked ? row.invitationBizId : '')}
          />
        ))}
      </ul>
      {words.isInboxEmpty(screen) && <Note>{words.labels.noInvitations}</Note>}
      <QueueNotes {...screen} />
      <Buttons>
        {screen.showAll && (
          <ActionButton label={words.labels.showAllInvitations} look="quiet" action={screen.showAll} />
        )}
        <ActionButton label={words.labels.refresh} look="quiet" action={screen.refresh} />
      </Buttons>
    </>
  )
}

interface InvitationProps {
  readonly row: InvitationRow
  readonly isAsked: boolean
  readonly ask: (isAsked: boolean) => void
}

function Invitation({ row, isAsked, ask }: InvitationProps) {
  const flow = useMachine()
  const { standing, expiresAt, isPending, dequeue, accept, decline } = row
  const name = words.workspaceText(row)
  const isOpen = standing === 'open'
  const onSubmit = submitted((reason) => {
    if (act(flow, decline, reason === '' ? {} : { reason })) ask(false)
  })
  const about = (
    <>
      <p>{words.invitedBy(row)}</p>
      {isOpen && expiresAt !== null && (
        <p className="countdown">
          <Countdown at={expiresAt} text={words.leftText} />
        </p>
      )}
    </>
  )
  return (
    <Item title={name} about={about} isPending={isPending}>
      {!isOpen && <Badge look={standing}>{words.standings[standing]}</Badge>}
      {dequeue && <Queued dequeue={dequeue} name={name} />}
      {isOpen && !isAsked && dequeue === null && (
        <Buttons>
          <ActionButton
            label={words.labels.accept}
            look="primary"
            action={accept}
            name={words.named.accept(words.quoted(name))}
          />
          <PlainButton
            label={words.labels.decline}
            onClick={() => ask(true)}
            name={words.named.decline(words.quoted(name))}
          />
        </Buttons>
      )}
      {isOpen && isAsked && dequeue === null && (
        <form className="question" onSubmit={onSubmit}>
          <h2 id="question-invitations" tabIndex={-1}>
            {words.declineText.title(row)}
          </h2>
          <label htmlFor="reason">{words.declineText.label}</label>
          <input id="reason" maxLength={500} autoComplete="off" />
          <Buttons>
            <SubmitButton label={words.declineText.confirm} look="danger" action={decline} />
            <PlainButton label={words.declineText.cancel} onClick={() => ask(false)} />
          </Buttons>
        </form>
      )}
    </Item>
  )
}

/** What is to be said of the queue beside its rows. */
const QueueNotes = ({ isLeaving, notice }: InvitationsScreen | SessionsScreen) => (
  <>
    {notice && <Note>{noticeText(notice)}</Note>}
    {isLeaving && <Note>{words.labels.leaving}</Note>}
  </>
)

function Queued({ dequeue, name }: { dequeue: Action; name: string }) {
  return (
    <Buttons>
      <Badge>{words.labels.queued}</Badge>
      <ActionButton label={words.labels.takeBack} action={dequeue} name={words.named.takeBack(words.quoted(name))} />
    </Buttons>
  )
}

export function Mfa({ methods, isRead, isOtpEnabled, backupCodes, notice, ...actions }: MfaScreen) {
  const { enroll, revoke, checkBackupCodes } = actions
  return (
    <>
      {notice && <Note>{noticeText(notice)}</Note>}
      <ul className="list">
        {methods.map((method, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: There may be two of a kind, such as passkeys.
          <Item key={`${method.method} ${index}`} title={words.methodText(method)}>
            <OnOff isOn={method.isEnabled} />
          </Item>
        ))}
      </ul>
      {backupCodes && <Note>{words.backupCodesText(backupCodes)}</Note>}
      {isRead && !isOtpEnabled && (
        <Buttons>
          <ActionButton label={words.labels.setUpApp} look="primary" action={enroll} />
        </Buttons>
      )}
      {isRead && isOtpEnabled && (
        <Buttons>
          {checkBackupCodes && <ActionButton label={words.labels.countCodes} action={checkBackupCodes} />}
          <ActionButton label={words.labels.turnAppOff} look="quiet" action={revoke} />
        </Buttons>
      )}
    </>
  )
}

function OnOff({ isOn }: { isOn: boolean }) {
  const [word, look] = words.onOff(isOn)
  return <Badge look={look}>{word}</Badge>
}

export function OtpEnrollment(screen: OtpEnrollmentScreen) {
  const { otpSetup, isSetUp, codeHint, notice, refusedCodes, submit, restart, cancel } = screen
  const flow = useMachine()
  if (screen.backupCodes !== null) return <BackupCodes {...screen.backupCodes} />
  return (
    <>
      {notice && <Note>{noticeText(notice)}</Note>}
      <div className="setup">
        {otpSetup && <Setup {...otpSetup} />}
        {!otpSetup && isSetUp && <Note>{words.setupLostText}</Note>}
      </div>
      <form className="field" onSubmit={submitted((code) => act(flow, submit, { code }))}>
        <label htmlFor="code">{words.labels.code}</label>
        <Buttons>
          <input
            id="code"
            className="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            aria-describedby="hint"
            aria-invalid={codeHint !== null || undefined}
          />
          <SubmitButton label={words.labels.verify} look="primary" action={submit} />
        </Buttons>
        <p id="hint" className="hint" role="alert">
          {codeHint && hintText(codeHint)}
        </p>
        {refusedCodes > 0 && <p className="hint">{words.refusedCodesText(refusedCodes)}</p>}
      </form>
      <Buttons>
        <ActionButton label={words.labels.restart} look="quiet" action={restart} />
        <ActionButton label={words.labels.back} look="quiet" action={cancel} />
      </Buttons>
    </>
  )
}

function BackupCodes({ codes, confirm }: NonNullable<OtpEnrollmentScreen['backupCodes']>) {
  const [isCopied, setCopied] = useState(false)
  const text = words.codesText(codes)
  return (
    <>
      <p>{words.saveCodesText}</p>
      <pre className="key codes">{text}</pre>
      <Buttons>
        <ActionButton label={words.labels.codesSaved} look="primary" action={confirm} />
        <PlainButton
          label={isCopied ? words.labels.copied : words.labels.copyCodes}
          onClick={async () => setCopied(await copyText(text))}
        />
      </Buttons>
    </>
  )
}

function Setup(setup: NonNullable<OtpEnrollmentScreen['otpSetup']>) {
  const [copied, setCopied] = useState('')
  const secret = setup.secret.reveal()
  const copy = async () => {
    if (await copyText(secret)) setCopied(secret)
  }
  return (
    <>
      <img src={qrCode(setup.qrCodeUri.reveal())} alt={words.labels.qrCode} width={200} height={200} />
      <div>
        <p>{words.setupText(setup)}</p>
        <p className="key">
          <code>{words.inFours(secret)}</code>
        </p>
        <PlainButton
          label={copied === secret ? words.labels.copied : words.labels.copyKey}
          onClick={() => void copy()}
        />
      </div>
    </>
  )
}

export function IpWhitelist({ whitelist, rows, assessment, isChanged, notice, ...actions }: IpWhitelistScreen) {
  const { add, addCurrentAddress, addCurrentNetwork, paste, reset, save, enable, disable } = actions
  const flow = useMachine()
  const [entry, setEntry] = useState('')
  const [list, setList] = useState('')
  const onSubmit = submitted((value) => {
    if (value !== '' && act(flow, add, { value })) setEntry('')
  })
  const onPaste = submitted((text) => {
    if (text !== '' && act(flow, paste, { text })) setList('')
  })
  const typed = entry.trim()
  const preview = typed === '' ? words.entryHint : verdictText(previewEntry(rows, typed, assessment).verdict)
  return (
    <>
      <p className="switch">
        <OnOff isOn={whitelist.enabled} />
        {isChanged && words.unsavedText}
      </p>
      {notice && <Note>{noticeText(notice)}</Note>}
      <ul className="list">
        {rows.map((row) => (
          <Item
            key={row.id}
            title={words.entryText(row)}
            about={<p className={`verdict ${row.verdict}`}>{verdictText(row.verdict)}</p>}
          >
            <ActionButton
              label={words.labels.remove}
              look="quiet"
              action={row.remove}
              name={words.named.remove(words.quoted(row.value))}
            />
          </Item>
        ))}
      </ul>
      <form className="field" onSubmit={onSubmit}>
        <label htmlFor="entry">{words.labels.entry}</label>
        <Buttons>
          <input
            id="entry"
            autoComplete="off"
            aria-describedby="verdict"
            value={entry}
            onChange={({ target }) => setEntry(target.value)}
          />
          <SubmitButton label={words.labels.add} action={add} />
        </Buttons>
        <p id="verdict" className="hint">
          {preview}
        </p>
      </form>
      <form className="field" onSubmit={onPaste}>
        <label htmlFor="list">{words.labels.list}</label>
        <textarea
          id="list"
          rows={3}
          aria-describedby="listed"
          value={list}
          onChange={({ target }) => setList(target.value)}
        />
        <p id="listed" className="hint">
          {list.trim() === '' ? words.pasteHint : words.pasteText(list)}
        </p>
        <Buttons>
          <SubmitButton label={words.labels.addAll} action={paste} />
        </Buttons>
      </form>
      {rows.length > 0 && (
        <Note look={assessment.lockout === 'covered' ? 'good' : 'bad'}>{lockoutText(assessment)}</Note>
      )}
      {assessment.warnings.map((warning) => (
        <Note key={warning} look="warn">
          {warningText(warning)}
        </Note>
      ))}
      <Buttons>
        {addCurrentNetwork && (
          <ActionButton label={words.addNetworkText(addCurrentNetwork)} action={addCurrentNetwork} />
        )}
        <ActionButton label={words.addMineText(assessment)} action={addCurrentAddress} />
        {!whitelist.enabled && <ActionButton label={words.labels.turnOn} look="primary" action={enable} />}
        <ActionButton label={words.labels.save} look={whitelist.enabled ? 'primary' : 'plain'} action={save} />
        {whitelist.enabled && <ActionButton label={words.labels.turnOff} action={disable} />}
        <ActionButton label={words.labels.discard} look="quiet" action={reset} />
      </Buttons>
    </>
  )
}

export const Sessions = (screen: SessionsScreen) => (
  <>
    <ul className="list">
      {screen.rows.map((session, index) => (
        <Item
          // biome-ignore lint/suspicious/noArrayIndexKey: The portal masks ids; two may look alike.
          key={`${session.sessionId} ${index}`}
          title={words.sessionText(session)}
          about={<p>{words.sessionDetails(session)}</p>}
          isPending={session.isPending}
        >
          <SessionEnd {...session} />
        </Item>
      ))}
    </ul>
    <QueueNotes {...screen} />
    <Buttons>
      {screen.dequeueOthers ? (
        <ActionButton label={words.labels.takeBackOthers} action={screen.dequeueOthers} />
      ) : (
        <ActionButton label={words.labels.endOthers} action={screen.terminateOthers} />
      )}
      <ActionButton label={words.labels.refresh} look="quiet" action={screen.refresh} />
    </Buttons>
  </>
)

function SessionEnd({ dequeue, isQueued, isCurrent, terminate, ...session }: SessionRow) {
  const name = words.sessionText({ isCurrent, ...session })
  if (isCurrent) return <Badge look="good">{words.labels.thisOne}</Badge>
  if (dequeue) return <Queued dequeue={dequeue} name={name} />
  if (isQueued) return <Badge>{words.labels.queued}</Badge>
  return <ActionButton label={words.labels.end} action={terminate} name={words.named.end(words.quoted(name))} />
}

export const Workspaces = ({ rows }: WorkspaceScreen) => (
  <ul className="list">
    {rows.map((row) => (
      <Workspace key={row.workspaceBizId} {...row} />
    ))}
  </ul>
)

function Workspace({ isDefault, isPending, choose, chooseAsDefault, ...workspace }: WorkspaceRow) {
  const name = words.workspaceText(workspace)
  return (
    <Item title={name} about={isDefault && <Badge>{words.labels.default}</Badge>} isPending={isPending}>
      <Buttons>
        <ActionButton
          label={words.labels.enter}
          look="primary"
          action={choose}
          name={words.named.enter(words.quoted(name))}
        />
        {!isDefault && chooseAsDefault && (
          <ActionButton
            label={words.labels.makeDefault}
            look="quiet"
            action={chooseAsDefault}
            name={words.named.makeDefault(words.quoted(name))}
          />
        )}
      </Buttons>
    </Item>
  )
}

export const Terms = (screen: TermsScreen) => (
  <>
    <p lang="en">{termsText(screen)}</p>
    <Buttons>
      <ActionButton label={words.labels.acceptTerms} look="primary" action={acceptTerms(screen)} />
    </Buttons>
  </>
)
