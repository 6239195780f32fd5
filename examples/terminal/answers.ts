/**
 * Whoever answers: a person at the prompts, or a script. A question is withdrawn by its signal, when what it was about has
 * changed meanwhile; the answer is not waited for then.
 */
export interface Answers {
  /** The `key` of one of the choices. */
  choose(question: ChoiceQuestion, signal: AbortSignal): Promise<string>
  text(question: TextQuestion, signal: AbortSignal): Promise<string>
}

export interface ChoiceQuestion {
  /** Identifies the question for a script, such as `invitations.inbox`. */
  readonly name: string
  readonly message: string
  readonly choices: readonly Choice[]
}

interface Choice {
  readonly key: string
  readonly label: string
}

export interface TextQuestion {
  readonly name: string
  readonly message: string
  /** Not shown while it is typed. */
  readonly isSecret?: boolean
  /** More than one line: typed or pasted in the user's own editor. */
  readonly isLong?: boolean
  /** What is wrong with the text, in a sentence; null if nothing is. */
  readonly problemWith?: (text: string) => string | null
}

/** The user wants out: Ctrl-C. */
export class Interrupted extends Error {}
