import { type Action, act, type Blocked, type Screen, type ScreenFrom, type SecurityCard, screenOf } from 'postlogin'
import * as words from '../../shared/words.ts'
import { type CenterSnapshot, isCenter, openCard, placeOf } from '../place.ts'
import { timeText } from '../wording.ts'
import { texts } from '../words.ts'
import { invitationsContent } from './invitations.ts'
import { ipWhitelistContent } from './ip-whitelist.ts'
import { mfaContent } from './mfa.ts'
import { otpEnrollmentContent } from './otp-enrollment.ts'
import { askingWay, type Content, isMeant, type Scene, type Way, way } from './screen.ts'
import { sessionsContent } from './sessions.ts'
import { workspaceContent } from './workspace.ts'

/** What is shown of a screen that waits for the user. */
export interface View {
  /** Machine and state, such as `invitations.inbox`. */
  readonly name: string
  readonly picture: readonly string[]
  readonly lines: readonly string[]
  readonly ways: readonly Way[]
}

type StepScreen = Extract<Screen, { finish: unknown }>
type BrokenScreen = Extract<Screen, { name: 'broken' }>

/** What the flow shows now; null while it is at work, or over. */
export function viewOf(scene: Scene): View | null {
  const snapshot = scene.flow.getSnapshot()
  const content = isCenter(snapshot)
    ? securityContent(screenOf(snapshot), scene)
    : onboardingContent(screenOf(snapshot), scene)
  if (content === null) return null
  const { picture = [], lines, ways } = content
  return { name: placeOf(snapshot), picture, lines: lines.filter(isThere), ways: ways.filter(isThere) }
}

const isThere = <Part>(part: Part | null | false): part is Part => part !== null && part !== false && part !== ''

/** The open card, or which one to open. */
function securityContent(flowScreen: ScreenFrom<CenterSnapshot>, scene: Scene): Content | null {
  const leave: Way = { key: 'leave', label: texts.leave, take: (ask) => ask.leave() }
  if (flowScreen.name === 'broken') return brokenContent(flowScreen, scene, [leave])
  if (flowScreen.name !== 'securityCenter') return null
  const cards = Object.values(flowScreen.cards)
  const { screen = null, close } = openCard(flowScreen) ?? {}
  if (screen !== null && close) return cardContent(screen, close, scene)
  return {
    lines: [
      ...cards.map(({ name }) => words.andWhy(words.stepTitles[name], words.leads[name])),
      flowScreen.unconfirmedChange && words.unconfirmedText,
    ],
    ways: [
      ...cards.map(
        ({ name, open }) => open && way(scene, `open ${name}`, words.security.openCard(words.stepTitles[name]), open),
      ),
      leave,
    ],
  }
}

/** A step without the ways that leave it: it is closed instead. */
function cardContent(screen: NonNullable<SecurityCard['screen']>, close: Action, scene: Scene): Content | null {
  if (screen.name === 'broken') return brokenContent(screen, scene, [way(scene, 'close', words.security.close, close)])
  if (!isShown(screen)) return null
  return stepContent(screen, scene, way(scene, 'close', closeText(screen), close), [])
}

function closeText(screen: StepScreen): string {
  if (screen.name !== 'ipWhitelist') return words.security.close
  if (screen.unconfirmedChange !== null) return words.finishText(screen)
  return screen.isChanged ? texts.closeUnsaved : words.security.close
}

function onboardingContent(screen: Screen, scene: Scene): Content | null {
  if (screen.name === 'broken') {
    const skip = way(scene, 'skip', words.labels.skipStep, screen.skip)
    return brokenContent(screen, scene, [skip, cancelWay(screen.cancelFlow, scene)], screen.skip.blocked)
  }
  if (!isShown(screen)) return null
  const { aimHolds, cancelFlow, finish, name, skip } = screen
  const isUnsaved = words.finishLook(screen) === 'primary' && name === 'ipWhitelist' && screen.isChanged
  const goOn = way(scene, 'finish', isUnsaved ? texts.finishUnsaved : words.finishText(screen), finish)
  return stepContent(screen, scene, goOn, [
    // If the aim is reached, skipping is the same as continuing. But the route can always be left to the portal.
    (!aimHolds || name === 'workspace') && way(scene, 'skip', words.labels.skipStep, skip),
    cancelWay(cancelFlow, scene),
  ])
}

const isShown = (screen: Screen): screen is StepScreen => 'finish' in screen && screen.status !== 'busy'

/** The step's own content, and around it what every step has: failures, how to go on, and the other ways out. */
function stepContent(screen: StepScreen, scene: Scene, goOn: Way | null, others: Content['ways']): Content {
  const { cancelStepUp, failure, finish, name, retry, status } = screen
  const { picture = [], lines, ways } = middleContent(screen, scene)
  const isUnsaved = name === 'ipWhitelist' && screen.isChanged
  const goOnFirst = words.finishLook(screen) === 'primary' && !isUnsaved
  const blocked = cancelStepUp ? 'steppingUp' : finish.blocked
  return {
    picture,
    lines: [
      ...lines,
      words.unreadableText(screen),
      failure && words.messages.failureText(failure),
      status === 'coolingDown' && waitText(screen, scene),
      blocked && words.messages.blockedText(blocked),
    ],
    ways: [
      status === 'coolingDown' && waitWay(screen, scene),
      cancelStepUp && way(scene, 'cancelStepUp', words.labels.cancel, cancelStepUp),
      status !== 'resting' && way(scene, 'retry', words.labels.tryAgain, retry),
      goOnFirst && goOn,
      ...ways,
      status === 'resting' && way(scene, 'refresh', words.labels.refresh, 'refresh' in screen ? screen.refresh : retry),
      !goOnFirst && goOn,
      ...others,
    ],
  }
}

/** A question stands alone, except that the list can still be edited while a change waits to be kept. */
function middleContent(screen: StepScreen, scene: Scene): Content {
  const question = questionContent(screen, scene)
  if (question === null) return ownContent(screen, scene)
  if (screen.name !== 'ipWhitelist' || screen.question?.kind !== 'keep') return question
  const own = ownContent(screen, scene)
  return { lines: [...question.lines, ...own.lines], ways: [...question.ways, ...own.ways] }
}

function ownContent(screen: StepScreen, scene: Scene): Content {
  switch (screen.name) {
    case 'invitations':
      return invitationsContent(screen, scene)
    case 'mfa':
      return mfaContent(screen, scene)
    case 'otpEnrollment':
      return otpEnrollmentContent(screen, scene)
    case 'ipWhitelist':
      return ipWhitelistContent(screen, scene)
    case 'sessions':
      return sessionsContent(screen, scene)
    case 'workspace':
      return workspaceContent(screen, scene)
  }
}

/** Null if there is no question. */
function questionContent(screen: StepScreen, scene: Scene): Content | null {
  if (!('question' in screen)) return null
  const { question } = screen
  const text = words.questionText(screen)
  if (question === null || text === null) return null
  const { endsAt } = text
  const now = scene.look.now()
  const ways = [
    way(scene, 'confirm', text.confirm, question.confirm),
    way(scene, 'cancel', text.cancel, question.cancel),
  ]
  return {
    lines: [
      text.title,
      text.text,
      endsAt !== null && texts.leftUntil(words.timeLeft(endsAt, now), timeText(endsAt, now)),
    ],
    // The harmless answer comes first, in case the key that led here was pressed twice.
    ways: text.confirmLook === 'primary' ? ways : ways.reverse(),
  }
}

function brokenContent(
  { failure, retry, step }: BrokenScreen,
  scene: Scene,
  others: Content['ways'],
  blocked: Blocked | null = null,
): Content {
  return {
    lines: [
      step === null ? words.titles.broken : `${words.titles.broken}: ${words.stepTitles[step]}`,
      failure && words.messages.failureText(failure),
      blocked && words.messages.blockedText(blocked),
    ],
    ways: [way(scene, 'retry', words.labels.tryAgain, retry), ...others],
  }
}

/** With the time of day, because there is no countdown here. */
function waitText({ failure }: StepScreen, { look }: Scene): string {
  const retryAt = failure?.retryAt ?? null
  if (retryAt === null) return texts.goesOn
  const now = look.now()
  return texts.goesOnAt(timeText(retryAt, now), words.timeLeft(retryAt, now))
}

/** The wait ends by itself: the machine moves on and withdraws the question. */
const waitWay = (screen: StepScreen, scene: Scene): Way => ({
  key: 'wait',
  label: texts.wait,
  async take(ask) {
    const choices = [{ key: 'stop', label: texts.doElse }]
    await ask.choose({ name: `${screen.name}.waiting`, message: waitText(screen, scene), choices })
  },
})

/** A security page has nothing to be cancelled. */
const cancelWay = (cancelFlow: Action, { flow }: Scene): Way | null =>
  askingWay('cancelOnboarding', words.labels.later, cancelFlow, async (ask) => {
    const { unconfirmedChange } = flow.getSnapshot().context
    const { change, yes, no } = texts.cancel
    const message = unconfirmedChange === null ? texts.cancel.message : `${texts.cancel.message} ${change}`
    const question = { name: 'onboarding.cancel', message, yes, no }
    if (await isMeant(ask, question)) act(flow, cancelFlow)
  })
