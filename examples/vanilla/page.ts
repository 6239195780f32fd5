import {
  type Action,
  act,
  type InvitationRow,
  type InvitationsScreen,
  type IpWhitelistScreen,
  type MachineActor,
  type MfaScreen,
  type OtpEnrollmentScreen,
  previewEntry,
  type SessionsScreen,
  type StepNameWith,
  type StepStatus,
  type WorkspaceScreen,
} from 'postlogin'
import { securityAddress } from '../shared/host.ts'
import { copyText, isBusy, qrCode } from '../shared/page.ts'
import { acceptTerms, type PageScreen, type TermsScreen, type TermsStep, termsText } from '../shared/terms.ts'
import * as words from '../shared/words.ts'
import { type Child, h, type View } from './dom.ts'

const { blockedText, failureText, hintText, lockoutText, noticeText, verdictText, warningText } = words.messages

export interface Scene {
  readonly flow: MachineActor
  readonly screen: PageScreen
  /** What only the page knows: text that is not sent, questions that are not answered. */
  readonly typed: { declining: string; entry: string; list: string; copied: string }
  /** Epoch ms. */
  readonly now: number
}

interface PageScene extends Scene {
  readonly steps: readonly { readonly name: StepNameWith<TermsStep>; readonly status: StepStatus }[]
}

export function pageOf(scene: PageScene): View[] {
  const { flow, screen, steps } = scene
  const leave = () => 'cancelFlow' in screen && act(flow, screen.cancelFlow)
  const step = ({ name, status }: PageScene['steps'][number]) =>
    h(
      `li.${status}`,
      { key: name, 'aria-current': status === 'current' && 'step' },
      words.stepTitles[name],
      h('span.unseen', {}, `, ${words.stepStatuses[status]}`),
    )
  return [
    h(
      'header.bar',
      {},
      h('p.brand', {}, 'SlaunchX'),
      'finish' in screen && plainButton(words.labels.later, leave, 'quiet'),
    ),
    h('nav.steps', { 'aria-label': words.labels.steps }, h('ol', {}, steps.map(step))),
    h(
      'main.card',
      { key: screen.name, 'aria-busy': isBusy(screen) ? 'true' : 'false' },
      h('h1', { tabindex: -1 }, words.titles[screen.name]),
      h('p.lead', {}, words.leadText(screen)),
      bodyOf(scene),
      'finish' in screen && footer(scene, screen, ways(scene, screen)),
    ),
  ]
}

const bodyOf = (scene: Scene): Child => {
  const { screen } = scene
  return [
    'question' in screen && questionBox(scene, screen),
    contentOf(scene),
    words.unreadableText(screen) !== '' && note(words.unreadableText(screen), 'warn'),
  ]
}

/** What is in a card of the security page: a step without the buttons that leave it. */
export const cardOf = (scene: Scene): Child => [
  bodyOf(scene),
  'finish' in scene.screen && footer(scene, scene.screen, null),
]

export function contentOf(scene: Scene): Child {
  const { screen } = scene
  switch (screen.name) {
    case 'loading':
      return null
    case 'invitations':
      return invitations(scene, screen)
    case 'mfa':
      return mfa(scene, screen)
    case 'otpEnrollment':
      return otpEnrollment(scene, screen)
    case 'ipWhitelist':
      return ipWhitelist(scene, screen)
    case 'sessions':
      return sessions(scene, screen)
    case 'workspace':
      return workspaces(scene, screen)
    case 'custom':
      return terms(scene, screen)
    case 'broken':
      return [
        failureNote(screen),
        buttons(button(scene, words.labels.tryAgain, screen.retry), button(scene, words.labels.skip, screen.skip)),
      ]
    case 'crashed':
      return [failureNote(screen), buttons(plainButton(words.labels.reload, () => location.reload(), 'primary'))]
    case 'completed':
      return [
        h('p.route', {}, words.routeText(screen.output.route)),
        unconfirmedNote(screen.output),
        h('p', {}, h('a', { href: securityAddress() }, words.security.link)),
      ]
    case 'signedOut':
    case 'cancelled': {
      const label = screen.name === 'signedOut' ? words.labels.signInAgain : words.labels.goOn
      const again = buttons(plainButton(label, () => location.reload(), 'primary'))
      return [failureNote(screen.output), unconfirmedNote(screen.output), again]
    }
  }
}

const buttons = (...children: Child[]) => h('div.buttons', {}, children)
const note = (text: string, look = 'plain') => h(`p.note.${look}`, {}, text)
const badge = (text: string, look = 'plain') => h(`span.badge.${look}`, {}, text)
const failureNote = ({ failure }: Pick<Extract<PageScreen, { failure: unknown }>, 'failure'>) =>
  failure && h('p.note.bad', { role: 'alert' }, failureText(failure))
const unconfirmedNote = ({ unconfirmedChange }: { unconfirmedChange: object | null }) =>
  unconfirmedChange && note(words.unconfirmedText, 'bad')

const plainButton = (label: string, onclick: () => void, look = 'plain', name: string | null = null, key = label) =>
  h(`button.${look}`, { type: 'button', key, 'aria-label': name, onclick }, label)

/** Not `disabled`: that would lose the focus and hide the reason. */
export function button(
  { flow }: Pick<Scene, 'flow'>,
  label: string,
  action: Action,
  look = 'plain',
  name: string | null = null,
  more: object = {},
): View {
  const why = action.blocked && blockedText(action.blocked)
  // The second click of a double click must not hit what the first one has brought.
  const onclick = ({ detail }: MouseEvent) => detail < 2 && act(flow, action)
  const props = { type: 'button', key: label, title: why, 'aria-label': name, 'aria-disabled': why && 'true', onclick }
  return h(`button.${look}`, { ...props, ...more }, label)
}

const submitButton = (label: string, { blocked }: Pick<Action, 'blocked'>, look: string) =>
  h(`button.${look}`, { 'aria-disabled': blocked && 'true', title: blocked && blockedText(blocked) }, label)

/** Passes the text of a form's field to `take`, without submitting the form. */
const onSubmit = (take: (text: string, form: HTMLFormElement) => void) => (event: SubmitEvent) => {
  event.preventDefault()
  const form = event.currentTarget as HTMLFormElement
  take(form.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea')?.value.trim() ?? '', form)
}

const item = (key: string, isPending: boolean, title: string, about: Child, ...side: Child[]) =>
  h('li', { key, 'aria-busy': isPending && 'true' }, h('div.what', {}, h('h2', {}, h('bdi', {}, title)), about), side)

function questionBox(scene: Scene, screen: Extract<PageScreen, { question: unknown }>) {
  const { question } = screen
  const text = words.questionText(screen)
  if (question === null || text === null) return null
  const { endsAt } = text
  return h(
    'section.question',
    // Each question is a new element, so that the focus moves to it and a key pressed twice does not answer it.
    { key: question.kind, 'aria-labelledby': `question-${screen.name}` },
    h('h2', { id: `question-${screen.name}`, tabindex: -1 }, text.title),
    h('p', {}, text.text),
    endsAt !== null && h('p.countdown', {}, words.leftText(endsAt, scene.now)),
    failureNote(screen),
    buttons(
      button(scene, text.confirm, question.confirm, text.confirmLook),
      button(scene, text.cancel, question.cancel, text.cancelLook),
    ),
  )
}

/** Failures, and the buttons that every step has. */
function footer(scene: Scene, screen: Extract<PageScreen, { finish: unknown }>, ways: Child) {
  const { status, failure, retry } = screen
  const cancelStepUp = 'cancelStepUp' in screen && screen.cancelStepUp
  const isStopped = status === 'failed' || status === 'coolingDown'
  const retryAt = failure?.retryAt ?? null
  const wait = retryAt === null ? null : h('span.countdown', {}, words.waitText(retryAt, scene.now))
  return h(
    'footer',
    {},
    h(
      'div.result',
      {},
      !words.isAsked(screen) && failureNote(screen),
      cancelStepUp && [
        note(blockedText('steppingUp'), 'warn'),
        buttons(button(scene, words.labels.cancel, cancelStepUp)),
      ],
      isStopped && buttons(button(scene, words.labels.tryAgain, retry, 'primary'), wait),
    ),
    ways,
  )
}

/** The ways out of a step. */
function ways(scene: Scene, screen: Extract<PageScreen, { finish: unknown }>): Child {
  const skip = button(scene, words.labels.skipStep, screen.skip, 'quiet')
  if (screen.name === 'custom') return screen.policy !== 'require' && buttons(skip)
  return buttons(
    button(scene, words.finishText(screen), screen.finish, words.finishLook(screen)),
    !screen.aimHolds && skip,
  )
}

const terms = (scene: Scene, screen: TermsScreen): Child => [
  h('p', { lang: 'en' }, termsText(screen)),
  buttons(button(scene, words.labels.acceptTerms, acceptTerms(screen), 'primary')),
]

const invitations = (scene: Scene, screen: InvitationsScreen): Child => [
  h(
    'ul.list',
    {},
    words.shownInvitations(screen).map((row) => invitation(scene, row)),
  ),
  words.isInboxEmpty(screen) && note(words.labels.noInvitations),
  queueNotes(screen),
  buttons(
    screen.showAll && button(scene, words.labels.showAllInvitations, screen.showAll, 'quiet'),
    button(scene, words.labels.refresh, screen.refresh, 'quiet'),
  ),
]

function invitation(scene: Scene, row: InvitationRow) {
  const { invitationBizId: id, standing, expiresAt, isPending, dequeue, accept, decline } = row
  const name = words.workspaceText(row)
  const isOpen = standing === 'open'
  const isAsked = isOpen && dequeue === null && scene.typed.declining === id
  const ask = (about: string) => () => {
    scene.typed.declining = about
  }
  const onsubmit = onSubmit((reason) => {
    if (act(scene.flow, decline, reason === '' ? {} : { reason })) scene.typed.declining = ''
  })
  const timeLeft = isOpen && expiresAt !== null && h('p.countdown', {}, words.leftText(expiresAt, scene.now))
  return item(
    id,
    isPending,
    name,
    [h('p', {}, words.invitedBy(row)), timeLeft],
    !isOpen && badge(words.standings[standing], standing),
    dequeue && queued(scene, dequeue, name),
    isOpen &&
      !isAsked &&
      dequeue === null &&
      buttons(
        button(scene, words.labels.accept, accept, 'primary', words.named.accept(words.quoted(name))),
        plainButton(words.labels.decline, ask(id), 'plain', words.named.decline(words.quoted(name))),
      ),
    isAsked &&
      h(
        'form.question',
        { onsubmit },
        h('h2', { id: 'question-invitations', tabindex: -1 }, words.declineText.title(row)),
        h('label', { for: 'reason' }, words.declineText.label),
        h('input', { id: 'reason', maxlength: 500, autocomplete: 'off' }),
        buttons(
          submitButton(words.declineText.confirm, decline, 'danger'),
          plainButton(words.declineText.cancel, ask('')),
        ),
      ),
  )
}

const queued = (scene: Scene, dequeue: Action, name: string) =>
  buttons(
    badge(words.labels.queued, 'plain'),
    button(scene, words.labels.takeBack, dequeue, 'plain', words.named.takeBack(words.quoted(name))),
  )

/** What is to be said of the queue beside its rows. */
const queueNotes = ({ isLeaving, notice }: InvitationsScreen | SessionsScreen): Child => [
  notice && note(noticeText(notice)),
  isLeaving && note(words.labels.leaving),
]

function mfa(scene: Scene, { methods, isRead, isOtpEnabled, backupCodes, notice, ...actions }: MfaScreen): Child {
  const switches = isOtpEnabled
    ? [
        actions.checkBackupCodes && button(scene, words.labels.countCodes, actions.checkBackupCodes),
        button(scene, words.labels.turnAppOff, actions.revoke, 'quiet'),
      ]
    : button(scene, words.labels.setUpApp, actions.enroll, 'primary')
  const row = (method: MfaScreen['methods'][number], index: number) =>
    item(`${method.method} ${index}`, false, words.methodText(method), null, badge(...words.onOff(method.isEnabled)))
  return [
    notice && note(noticeText(notice)),
    h('ul.list', {}, methods.map(row)),
    backupCodes && note(words.backupCodesText(backupCodes)),
    isRead && buttons(switches),
  ]
}

function otpEnrollment(scene: Scene, screen: OtpEnrollmentScreen): Child {
  const { otpSetup, isSetUp, codeHint, notice, refusedCodes, submit, restart, cancel } = screen
  if (screen.backupCodes !== null) return backupCodes(scene, screen.backupCodes)
  const copy = async (secret: string) => {
    if (await copyText(secret)) scene.typed.copied = secret
  }
  const setup = otpSetup && [
    h('img', { src: qrCode(otpSetup.qrCodeUri.reveal()), alt: words.labels.qrCode, width: 200, height: 200 }),
    h(
      'div',
      {},
      h('p', {}, words.setupText(otpSetup)),
      h('p.key', {}, h('code', {}, words.inFours(otpSetup.secret.reveal()))),
      plainButton(
        scene.typed.copied === otpSetup.secret.reveal() ? words.labels.copied : words.labels.copyKey,
        () => void copy(otpSetup.secret.reveal()),
        'plain',
        null,
        'copy',
      ),
    ),
  ]
  const input = { inputmode: 'numeric', autocomplete: 'one-time-code', 'aria-invalid': codeHint && 'true' }
  return [
    notice && note(noticeText(notice)),
    h('div.setup', {}, setup ?? (isSetUp && note(words.setupLostText))),
    h(
      'form.field',
      { onsubmit: onSubmit((code) => act(scene.flow, submit, { code })) },
      h('label', { for: 'code' }, words.labels.code),
      buttons(
        h('input.code', { id: 'code', 'aria-describedby': 'hint', ...input }),
        submitButton(words.labels.verify, submit, 'primary'),
      ),
      h('p.hint', { id: 'hint', role: 'alert' }, codeHint && hintText(codeHint)),
      refusedCodes > 0 && h('p.hint', {}, words.refusedCodesText(refusedCodes)),
    ),
    buttons(button(scene, words.labels.restart, restart, 'quiet'), button(scene, words.labels.back, cancel, 'quiet')),
  ]
}

function backupCodes(scene: Scene, { codes, confirm }: NonNullable<OtpEnrollmentScreen['backupCodes']>): Child {
  const text = words.codesText(codes)
  const copy = async () => {
    if (await copyText(text)) scene.typed.copied = text
  }
  const label = scene.typed.copied === text ? words.labels.copied : words.labels.copyCodes
  return [
    h('p', {}, words.saveCodesText),
    h('pre.key.codes', {}, text),
    buttons(
      button(scene, words.labels.codesSaved, confirm, 'primary'),
      plainButton(label, () => void copy(), 'plain', null, 'copy'),
    ),
  ]
}

function ipWhitelist(scene: Scene, screen: IpWhitelistScreen): Child {
  const { whitelist, rows, assessment, isChanged, notice, add, addCurrentAddress, addCurrentNetwork } = screen
  const { paste, reset, save, enable, disable } = screen
  const onsubmit = onSubmit((value, form) => {
    if (value === '' || !act(scene.flow, add, { value })) return
    scene.typed.entry = ''
    form.reset()
  })
  const onPaste = onSubmit((text, form) => {
    if (text === '' || !act(scene.flow, paste, { text })) return
    scene.typed.list = ''
    form.reset()
  })
  const into =
    (field: 'entry' | 'list') =>
    ({ target }: InputEvent) => {
      scene.typed[field] = (target as HTMLInputElement | HTMLTextAreaElement).value.trim()
    }
  const row = ({ id, value, normalized, verdict, remove }: IpWhitelistScreen['rows'][number]) =>
    item(
      id,
      false,
      words.entryText({ value, normalized }),
      h(`p.verdict.${verdict}`, {}, verdictText(verdict)),
      button(scene, words.labels.remove, remove, 'quiet', words.named.remove(words.quoted(value))),
    )
  const preview =
    scene.typed.entry === '' ? words.entryHint : verdictText(previewEntry(rows, scene.typed.entry, assessment).verdict)
  return [
    h('p.switch', {}, badge(...words.onOff(whitelist.enabled)), isChanged && words.unsavedText),
    notice && note(noticeText(notice)),
    h('ul.list', {}, rows.map(row)),
    h(
      'form.field',
      { key: 'entry', onsubmit },
      h('label', { for: 'entry' }, words.labels.entry),
      buttons(
        h('input', { id: 'entry', autocomplete: 'off', 'aria-describedby': 'verdict', oninput: into('entry') }),
        submitButton(words.labels.add, add, 'plain'),
      ),
      h('p.hint', { id: 'verdict' }, preview),
    ),
    h(
      'form.field',
      { key: 'list', onsubmit: onPaste },
      h('label', { for: 'list' }, words.labels.list),
      h('textarea', { id: 'list', rows: 3, 'aria-describedby': 'listed', oninput: into('list') }),
      h('p.hint', { id: 'listed' }, scene.typed.list === '' ? words.pasteHint : words.pasteText(scene.typed.list)),
      buttons(submitButton(words.labels.addAll, paste, 'plain')),
    ),
    rows.length > 0 && note(lockoutText(assessment), assessment.lockout === 'covered' ? 'good' : 'bad'),
    assessment.warnings.map((warning) => note(warningText(warning), 'warn')),
    buttons(
      addCurrentNetwork && button(scene, words.addNetworkText(addCurrentNetwork), addCurrentNetwork),
      button(scene, words.addMineText(assessment), addCurrentAddress),
      whitelist.enabled
        ? button(scene, words.labels.save, save, 'primary')
        : button(scene, words.labels.turnOn, enable, 'primary'),
      whitelist.enabled ? button(scene, words.labels.turnOff, disable) : button(scene, words.labels.save, save),
      button(scene, words.labels.discard, reset, 'quiet'),
    ),
  ]
}

function sessionEnd(scene: Scene, session: SessionsScreen['rows'][number]): Child {
  const name = words.sessionText(session)
  if (session.isCurrent) return badge(words.labels.thisOne, 'good')
  if (session.dequeue !== null) return queued(scene, session.dequeue, name)
  if (session.isQueued) return badge(words.labels.queued, 'plain')
  return button(scene, words.labels.end, session.terminate, 'plain', words.named.end(words.quoted(name)))
}

function sessions(scene: Scene, screen: SessionsScreen): Child {
  const { rows, terminateOthers, dequeueOthers, refresh } = screen
  const row = (session: SessionsScreen['rows'][number], index: number) =>
    item(
      `${session.sessionId} ${index}`,
      session.isPending,
      words.sessionText(session),
      h('p', {}, words.sessionDetails(session)),
      sessionEnd(scene, session),
    )
  return [
    h('ul.list', {}, rows.map(row)),
    queueNotes(screen),
    buttons(
      dequeueOthers
        ? button(scene, words.labels.takeBackOthers, dequeueOthers)
        : button(scene, words.labels.endOthers, terminateOthers),
      button(scene, words.labels.refresh, refresh, 'quiet'),
    ),
  ]
}

function workspaces(scene: Scene, { rows }: WorkspaceScreen): Child {
  const row = (workspace: WorkspaceScreen['rows'][number]) => {
    const { isDefault } = workspace
    const name = words.workspaceText(workspace)
    return item(
      workspace.workspaceBizId,
      workspace.isPending,
      name,
      isDefault && badge(words.labels.default),
      buttons(
        button(scene, words.labels.enter, workspace.choose, 'primary', words.named.enter(words.quoted(name))),
        !isDefault &&
          workspace.chooseAsDefault &&
          button(
            scene,
            words.labels.makeDefault,
            workspace.chooseAsDefault,
            'quiet',
            words.named.makeDefault(words.quoted(name)),
          ),
      ),
    )
  }
  return h('ul.list', {}, rows.map(row))
}
