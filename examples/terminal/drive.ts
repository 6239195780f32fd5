import { type AnyActorRef, waitFor } from 'xstate'
import { type Answers, type ChoiceQuestion, Interrupted } from './answers.ts'
import type { Narrator } from './narrate.ts'
import { innermost } from './place.ts'
import { type View, viewOf } from './screens/index.ts'
import type { Ask, Flow, Look } from './screens/screen.ts'
import { plain } from './wording.ts'
import { texts } from './words.ts'

/** The actor of a flow, not started yet. */
export type Root = Flow & AnyActorRef

export interface Host {
  readonly answers: Answers
  readonly narrator: Narrator
  readonly look: Look
  /** Aborted when the user wants to leave. */
  readonly signal: AbortSignal
}

/**
 * Runs a flow to its end, or until the user leaves: whenever it waits for the user, shows what there is, asks which way to go on,
 * and takes it. Starts the actor and always stops it; a flow that is over has its output then.
 *
 * @throws Interrupted
 */
export async function drive(root: Root, host: Host): Promise<void> {
  const { narrator, look, signal } = host
  // Errors reach `waitFor`; without a listener here they would be reported a second time.
  const watch = root.subscribe({ next: narrator.see, error() {} })
  root.start()
  try {
    const scene = { flow: root, look }
    let seen: unknown = null
    for (let isLeft = false; !isLeft; ) {
      await waitFor(root, (snapshot) => snapshot.status !== 'active' || viewOf(scene) !== null, { signal })
      const snapshot = root.getSnapshot()
      if (snapshot.status === 'done') return
      const view = viewOf(scene)
      if (view === null) throw new Error('The flow stopped without a result.')
      // After something that was only shown, the screen is unchanged.
      if (seen !== innermost(snapshot)) {
        narrator.draw(view.picture)
        narrator.show(view.lines)
      }
      seen = innermost(snapshot)
      isLeft = await takeTurn(root, view, host)
    }
  } catch (thrown) {
    throw signal.aborted ? new Interrupted() : thrown
  } finally {
    watch.unsubscribe()
    root.stop()
  }
}

/**
 * One question and its answer. It is withdrawn when the machine moves on by itself: a deadline, an expiry. Resolves with whether the
 * user leaves.
 */
async function takeTurn(root: Root, view: View, { answers, narrator, signal }: Host): Promise<boolean> {
  const withdrawal = new AbortController()
  const before = innermost(root.getSnapshot())
  const watch = root.subscribe({
    next: (snapshot) => {
      if (innermost(snapshot) !== before) withdrawal.abort()
    },
    error: () => withdrawal.abort(),
  })
  const withdrawn = AbortSignal.any([withdrawal.signal, signal])
  let isLeft = false
  const ask: Ask = {
    choose: (question) => unlessAborted(answers.choose(printable(question), withdrawn), withdrawn),
    text: (question) => unlessAborted(answers.text(question, withdrawn), withdrawn),
    show: narrator.show,
    draw: narrator.draw,
    leave: () => {
      isLeft = true
    },
  }
  try {
    const key = await ask.choose({ name: view.name, message: texts.whatNow, choices: view.ways })
    const way = view.ways.find((candidate) => candidate.key === key)
    if (way === undefined) throw new Error(`${view.name} offers no way “${key}”.`)
    await way.take(ask)
  } catch (thrown) {
    if (thrown instanceof Interrupted || signal.aborted || !withdrawal.signal.aborted) throw thrown
  } finally {
    watch.unsubscribe()
  }
  return isLeft
}

/** Questions contain names from the portal. */
const printable = ({ name, message, choices }: ChoiceQuestion): ChoiceQuestion => ({
  name,
  message: plain(message),
  choices: choices.map(({ key, label }) => ({ key, label: plain(label) })),
})

/** The answer, or a rejection with the abort's reason, whichever comes first. */
function unlessAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}
