import type { Clock, WaitOptions } from '../../domain/clock.ts'
import { clientFailure, type Failure, PortalError, stepUpDeclined } from '../../domain/failure.ts'
import { untilAborted } from '../../domain/until-aborted.ts'
import { STEP_UP_CODES } from '../inferred.ts'
import { isHeaders } from '../options/headers.ts'
import type { TracedOperation } from '../transport/trace.ts'

/** What the portal demands more proof for. */
export interface StepUpQuestion {
  /** What it refused. */
  readonly operation: TracedOperation
  /** How it said so. */
  readonly code: (typeof STEP_UP_CODES)[number]
  /** Aborted once nobody waits for the answer any more: take the question off the screen. */
  readonly signal: AbortSignal
}

/** The headers to send with the repeat; null where the user does not want to. */
export type StepUpHook = (question: StepUpQuestion) => Promise<Readonly<Record<string, string>> | null>

/** Asks the host for more proof. */
export interface StepUp {
  /**
   * The headers that carry the proof. Whoever comes while a question is open waits for the same answer; aborting, or `atMostMs`, ends
   * only one's own wait. Rejects with `PortalError` where there is no proof.
   */
  headers(about: Omit<StepUpQuestion, 'signal'>, options?: WaitOptions): Promise<Readonly<Record<string, string>>>
}

/** A question on the user's screen, and how many wait for its answer. */
interface OpenQuestion {
  readonly answer: Promise<Readonly<Record<string, string>>>
  readonly withdrawal: AbortController
  waiting: number
}

/** Of a refusal without effect: the code by which it demands more proof; null for any other. */
export const stepUpCode = ({ code, effect }: Failure): StepUpQuestion['code'] | null =>
  effect === 'none' ? (STEP_UP_CODES.find((one) => one === code) ?? null) : null

export function createStepUp(hook: StepUpHook, clock: Clock): StepUp {
  let open: OpenQuestion | null = null

  function ask(about: Omit<StepUpQuestion, 'signal'>): OpenQuestion {
    const withdrawal = new AbortController()
    const answer = askHost(() => hook({ ...about, signal: withdrawal.signal })).finally(() => close(question))
    const question: OpenQuestion = { answer, withdrawal, waiting: 0 }
    return question
  }
  const close = (question: OpenQuestion) => {
    if (open === question) open = null
  }

  return {
    async headers(about, { signal, atMostMs } = {}) {
      open ??= ask(about)
      const question = open
      question.waiting++
      const impatience = new AbortController()
      const giveUp = () => impatience.abort(new PortalError(stepUpDeclined))
      const timer = atMostMs === undefined ? null : clock.setTimeout(giveUp, atMostMs)
      try {
        return await untilAborted(untilAborted(question.answer, signal), impatience.signal)
      } finally {
        if (timer !== null) clock.clearTimeout(timer)
        question.waiting--
        if (question.waiting === 0 && open === question) {
          close(question)
          question.withdrawal.abort()
        }
      }
    },
  }
}

/** What the host gives may be secret, and so may what it throws: nothing of either is in the failure. */
async function askHost(hook: () => unknown): Promise<Readonly<Record<string, string>>> {
  let given: unknown
  try {
    given = await hook()
  } catch {
    throw stepUpFailed({ retryable: true })
  }
  if (given === null) throw new PortalError(stepUpDeclined)
  if (!isHeaders(given)) throw stepUpFailed({ field: 'stepUp' })
  return { ...given }
}

const stepUpFailed = (parts: Partial<Failure>) =>
  new PortalError(clientFailure('stepUpFailed', 'forbidden', { ...parts, reason: 'proofMissing' }))
