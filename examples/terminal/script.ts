import type { Answers } from './answers.ts'

/** One answer of a simulated user, and the question it is for. */
export type Line =
  | { readonly at: string; readonly choose: string }
  | { readonly at: string; readonly type: string | (() => Promise<string>); readonly heard?: string }

/**
 * Answers by a script, in its order. A question that is not the next one in it is an error: the flow went another way than was
 * meant. `heard` receives each answer; for a text only what the line says about it, because a text may be secret.
 */
export function scriptAnswers(script: readonly Line[], heard: (text: string) => void): Answers {
  const left = [...script]
  const next = (name: string): Line => {
    const line = left.shift()
    if (line?.at === name) return line
    throw new Error(`The script was to answer ${line?.at ?? 'nothing more'}, but was asked about ${name}.`)
  }
  return {
    async choose({ name, choices }) {
      const line = next(name)
      const choice = 'choose' in line ? choices.find(({ key }) => key === line.choose) : undefined
      if (choice === undefined) throw new Error(`The script has no choice for ${name}.`)
      heard(choice.label)
      return choice.key
    },
    async text({ name, problemWith }) {
      const line = next(name)
      if (!('type' in line)) throw new Error(`The script has no text for ${name}.`)
      heard(line.heard ?? '(a text)')
      const text = typeof line.type === 'string' ? line.type : await line.type()
      const problem = problemWith?.(text) ?? null
      if (problem !== null) throw new Error(`The script typed for ${name} what is not taken: ${problem}`)
      return text
    },
  }
}
