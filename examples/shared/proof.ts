import { labels, proof } from './words.ts'

/** Asks whether it is really the user. A real host would ask for a code, or for a key. */
export const isConfirmed = (signal: AbortSignal): Promise<boolean> => isAnswered([], signal)

/**
 * Asks for proof in these fields, beside the page, which stays usable. False once the user does not want to give it, or nobody waits for
 * it any more.
 */
export function isAnswered(fields: readonly HTMLElement[], signal: AbortSignal | null): Promise<boolean> {
  const dialog = document.createElement('dialog')
  const form = document.createElement('form')
  const title = Object.assign(document.createElement('h2'), { id: 'proof', tabIndex: -1, textContent: proof.title })
  const text = Object.assign(document.createElement('p'), { textContent: proof.text })
  const buttons = Object.assign(document.createElement('div'), { className: 'buttons' })
  const confirm = Object.assign(document.createElement('button'), { className: 'primary', textContent: proof.confirm })
  const cancel = Object.assign(document.createElement('button'), { type: 'button', textContent: labels.cancel })
  dialog.setAttribute('aria-labelledby', title.id)
  buttons.append(confirm, cancel)
  form.append(title, text, ...fields, buttons)
  dialog.append(form)
  return new Promise((resolve) => {
    const end = (isGiven: boolean) => {
      dialog.remove()
      resolve(isGiven)
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      end(true)
    })
    cancel.addEventListener('click', () => end(false))
    dialog.addEventListener('keydown', ({ key }) => key === 'Escape' && end(false))
    signal?.addEventListener('abort', () => end(false))
    document.body.append(dialog)
    dialog.show()
    // Not a button: a key pressed twice would answer.
    title.focus()
  })
}
