import {
  activeStep,
  type OnboardingMachine,
  type OnboardingOutput,
  type SecurityCard,
  type StepName,
  stepsOf,
  type UnconfirmedChange,
} from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import * as words from '../shared/words.ts'
import { type FlowSnapshot, isCenter, openCardName, placeOf } from './place.ts'
import { column, plain, routeText, widthOf, wrap } from './wording.ts'
import { texts } from './words.ts'

type Label = keyof typeof texts.notes

/** Tells on screen what happens, line by line; nothing in it that a terminal would obey, but for what is drawn. */
export interface Narrator {
  /** Lines on their own. */
  say(text: string): void
  /** The snapshots of a flow: prints new steps and cards, new states, and how a step was left. */
  see(snapshot: FlowSnapshot): void
  /** The content of a screen. */
  show(lines: readonly string[]): void
  /** A picture, such as a QR code, unchanged. */
  draw(lines: readonly string[]): void
  /** A line with a label before it, such as a request. */
  note(label: Label, text: string): void
  end(output: OnboardingOutput): void
}

const WIDTH = 80
const LABEL = Math.max(9, ...Object.values(texts.notes).map(widthOf))
const INDENT = ' '.repeat(2 + LABEL + 2)

export function createNarrator(print: (line: string) => void, hasColor: boolean): Narrator {
  const styled = (code: number) => (text: string) => (hasColor ? `\u001b[${code}m${text}\u001b[0m` : text)
  const [bold, dim] = [styled(1), styled(2)]
  const told = new Map<StepName, 'begun' | 'left'>()
  const names = new Map<string, string>()
  let card: SecurityCard['name'] | 'none' | null = null
  let place = ''

  const note = (label: Label, text: string) => {
    const [first = '', ...rest] = wrap(plain(text), WIDTH - INDENT.length)
    print(`  ${dim(column(texts.notes[label], LABEL))}  ${first}`)
    for (const line of rest) print(INDENT + line)
  }

  const heading = (name: StepName, index: number, count: number) => {
    print('')
    print(bold(`${texts.step(words.numberText(index + 1), words.numberText(count))}  ${words.stepTitles[name]}`))
  }

  const seeCard = (now: SecurityCard['name'] | 'none') => {
    if (now === card) return
    card = now
    print('')
    print(bold(now === 'none' ? words.security.title : words.stepTitles[now]))
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
        note('outcome', status === 'done' ? texts.nothingToDo : words.stepStatuses[status])
      } else {
        note('outcome', words.stepStatuses[status])
      }
      told.set(name, 'left')
    })
  }

  return {
    say: (text) => {
      for (const line of wrap(text, WIDTH)) print(line)
    },
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
        const text = line.trimStart()
        const indent = INDENT + ' '.repeat(line.length - text.length)
        const width = WIDTH - indent.length
        // A padded line is a row of a table and already has its width.
        const isRow = text.includes('  ') || widthOf(text) <= width
        for (const part of isRow ? [text] : wrap(text, width)) print(indent + part)
      }
    },

    draw(lines) {
      for (const line of lines) print(INDENT + line)
    },

    end(output) {
      print('')
      print(bold(words.titles[output.outcome]))
      const accepted = output.acceptedInvitations.map(({ workspaceBizId }) =>
        words.workspaceText({ workspaceBizId, workspaceName: names.get(workspaceBizId ?? '') ?? '' }),
      )
      note('accepted', accepted.length === 0 ? texts.none : accepted.join(words.comma))
      if (output.outcome === 'completed') {
        note('code', switchText(output.otpEnabled))
        note('whitelist', switchText(output.ipWhitelistEnabled))
        note('sessions', words.sessionsEnded(output.sessionsTerminated))
        if (output.skippedSteps.length > 0)
          note('skipped', output.skippedSteps.map((name) => words.stepTitles[name]).join(words.comma))
        note('route', routeText(output.route, names))
      }
    },
  }
}

const switchText = (isOn: boolean | null) => (isOn === null ? texts.notKnown : words.onOff(isOn)[0])

/** All workspaces that the flow knows, so that the route can be given by name. */
function namedIn(snapshot: SnapshotFrom<OnboardingMachine>) {
  const { invitations, workspaces } = snapshot.context.reads
  return [
    ...(invitations !== undefined && 'value' in invitations ? invitations.value : []),
    ...(workspaces !== undefined && 'value' in workspaces ? workspaces.value : []),
  ]
}

/** What the user must know about a whitelist change that nobody confirmed. */
export function unconfirmedText({ after, confirmBy }: UnconfirmedChange, now: number): string {
  const left = confirmBy === null || confirmBy <= now ? '' : words.leftToKeepText(confirmBy, now)
  return [words.unconfirmedText, left, words.lists.inForce(after.entries.join(words.comma))].filter(Boolean).join(' ')
}
