import {
  activeStep,
  type OnboardingMachine,
  type OnboardingOutput,
  type SecurityCard,
  type StepName,
  stepsOf,
} from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { security, stepStatuses, stepTitles, timeLeft, workspaceText } from '../shared/words.ts'
import { type FlowSnapshot, isCenter, openCardName, placeOf } from './place.ts'
import { plain, routeText, wrap } from './wording.ts'

/** Tells on screen what happens, line by line; nothing in it that a terminal would obey, but for what is drawn. */
export interface Narrator {
  /** A line on its own. */
  say(line: string): void
  /** The snapshots of a flow: prints new steps and cards, new states, and how a step was left. */
  see(snapshot: FlowSnapshot): void
  /** The content of a screen. */
  show(lines: readonly string[]): void
  /** A picture, such as a QR code, unchanged. */
  draw(lines: readonly string[]): void
  /** A line with a label before it, such as a request. */
  note(label: string, text: string): void
  end(output: OnboardingOutput): void
}

const WIDTH = 80
const LABEL = 9
const INDENT = ' '.repeat(2 + LABEL + 2)

export function createNarrator(print: (line: string) => void, hasColor: boolean): Narrator {
  const styled = (code: number) => (text: string) => (hasColor ? `\u001b[${code}m${text}\u001b[0m` : text)
  const [bold, dim] = [styled(1), styled(2)]
  const told = new Map<StepName, 'begun' | 'left'>()
  const names = new Map<string, string>()
  let card: SecurityCard['name'] | 'none' | null = null
  let place = ''

  const note = (label: string, text: string) => {
    const [first = '', ...rest] = wrap(plain(text), WIDTH - INDENT.length)
    print(`  ${dim(label.padEnd(LABEL))}  ${first}`)
    for (const line of rest) print(INDENT + line)
  }

  const heading = (name: StepName, index: number, count: number) => {
    print('')
    print(bold(`${index + 1} of ${count}  ${stepTitles[name]}`))
  }

  const seeCard = (now: SecurityCard['name'] | 'none') => {
    if (now === card) return
    card = now
    print('')
    print(bold(now === 'none' ? security.title : stepTitles[now]))
  }

  const seeSteps = (snapshot: SnapshotFrom<OnboardingMachine>) => {
    for (const { workspaceBizId, workspaceName } of namedIn(snapshot)) {
      if (workspaceBizId !== null && workspaceName !== '') names.set(workspaceBizId, workspaceName)
    }
    const steps = stepsOf(snapshot)
    const active = activeStep(snapshot)
    steps.forEach(({ name, status }, index) => {
      if (status === 'upcoming' || told.get(name) === 'left') return
      if (status === 'current') {
        if (active === null || told.has(name)) return
        told.set(name, 'begun')
        heading(name, index, steps.length)
        return
      }
      if (!told.has(name)) {
        heading(name, index, steps.length)
        note('outcome', status === 'done' ? 'nothing to do' : stepStatuses[status])
      } else {
        note('outcome', stepStatuses[status])
      }
      told.set(name, 'left')
    })
  }

  return {
    say: (line) => print(line),
    note,

    see(snapshot) {
      if (!isCenter(snapshot)) seeSteps(snapshot)
      else if (snapshot.status === 'active') seeCard(openCardName(snapshot) ?? 'none')
      const now = placeOf(snapshot)
      if (now === place || snapshot.status !== 'active') return
      place = now
      note('state', now)
    },

    show(lines) {
      for (const line of lines.map(plain)) {
        // An indented or padded line is a row of a table and already has its width.
        const isRow = line.includes('  ') || line.length <= WIDTH - INDENT.length
        for (const part of isRow ? [line] : wrap(line, WIDTH - INDENT.length)) print(INDENT + part)
      }
    },

    draw(lines) {
      for (const line of lines) print(INDENT + line)
    },

    end(output) {
      print('')
      print(bold('The end'))
      note('outcome', { completed: 'completed', cancelled: 'cancelled', signedOut: 'signed out' }[output.outcome])
      const accepted = output.acceptedInvitations.map(({ workspaceBizId }) =>
        workspaceText({ workspaceBizId, workspaceName: names.get(workspaceBizId ?? '') ?? '' }),
      )
      note('accepted', accepted.length === 0 ? 'no invitation' : accepted.join(', '))
      if (output.outcome === 'completed') {
        note('code', switchText(output.otpEnabled))
        note('whitelist', switchText(output.ipWhitelistEnabled))
        note('sessions', `${output.sessionsTerminated} ended`)
        if (output.skippedSteps.length > 0)
          note('skipped', output.skippedSteps.map((name) => stepTitles[name]).join(', '))
        note('route', routeText(output.route, names))
      }
    },
  }
}

const switchText = (isOn: boolean | null) => (isOn === null ? 'not known' : isOn ? 'on' : 'off')

/** All workspaces that the flow knows, so that the route can be given by name. */
function namedIn(snapshot: SnapshotFrom<OnboardingMachine>) {
  const { invitations, workspaces } = snapshot.context.reads
  return [
    ...(invitations !== undefined && 'value' in invitations ? invitations.value : []),
    ...(workspaces !== undefined && 'value' in workspaces ? workspaces.value : []),
  ]
}

/** What the user must know about a whitelist change that nobody confirmed. */
export function unconfirmedText(change: NonNullable<OnboardingOutput['unconfirmedChange']>, now: number): string {
  const left =
    change.confirmBy === null || change.confirmBy <= now
      ? ''
      : ` (${timeLeft(change.confirmBy, now)} before its time was up)`
  const entries = change.after.entries.join(', ')
  return `The IP whitelist was changed and not confirmed${left}; it may be in force: ${entries}. Check that your address is in it before you sign out.`
}
