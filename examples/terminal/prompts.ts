import { editor, input, password, select } from '@inquirer/prompts'
import { type Answers, Interrupted } from './answers.ts'
import { texts } from './words.ts'

/** A person at the terminal. */
export const promptAnswers: Answers = {
  choose: ({ message, choices }, signal) =>
    answerTo(
      select(
        {
          message,
          choices: choices.map(({ key, label }) => ({ value: key, name: label })),
          loop: false,
          pageSize: 12,
          theme: { style: { keysHelpTip: () => `↑↓ ${texts.navigate} • ⏎ ${texts.select}` } },
        },
        { signal },
      ),
    ),

  text({ message, isSecret = false, isLong = false, problemWith }, signal) {
    const validate = (text: string) => problemWith?.(text) ?? true
    if (isLong)
      return answerTo(editor({ message, validate, theme: { style: { waitingMessage: texts.openEditor } } }, { signal }))
    return answerTo(
      isSecret
        ? password({ message, validate, toggleMask: false, theme: { style: { maskedText: texts.hidden } } }, { signal })
        : input({ message, validate }, { signal }),
    )
  },
}

async function answerTo<Answer>(prompt: Promise<Answer>): Promise<Answer> {
  try {
    return await prompt
  } catch (thrown) {
    // The prompts reject with this on Ctrl-C; their errors differ only by name.
    if (thrown instanceof Error && thrown.name === 'ExitPromptError') throw new Interrupted()
    throw thrown
  }
}
