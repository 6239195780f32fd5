import { labels, proof } from './words.ts'

/**
 * Asks whether it is really the user, beside the page, which stays usable. A real host would ask for a code, or for a key. False once the
 * user does not want to, or nobody waits for it any more.
 */
export function isConfirmed(signal: AbortSignal): Promise<boolean> {
  const dialog = document.createElement('dialog')
  const title = Object.assign(document.createElement('h2'), { id: 'proof', tabIndex: -1, textContent: proof.title })
  const text = Object.assign(document.createElement('p'), { textContent: proof.text })
  const buttons = Object.assign(document.createElement('div'), { className: 'buttons' })
  dialog.setAttribute('aria-labelledby', title.id)
  dialog.append(title, text, buttons)
  return new Promise((resolve) => {
    const end = (isGiven: boolean) => {
      dialog.remove()
      resolve(isGiven)
    }
    const button = (label: string, className: string, isGiven: boolean) =>
      Object.assign(document.createElement('button'), {
        type: 'button',
        className,
        textContent: label,
        onclick: () => end(isGiven),
      })
    buttons.append(button(proof.confirm, 'primary', true), button(labels.cancel, 'plain', false))
    dialog.addEventListener('keydown', ({ key }) => key === 'Escape' && end(false))
    signal.addEventListener('abort', () => end(false))
    document.body.append(dialog)
    dialog.show()
    // Not a button: a key pressed twice would answer.
    title.focus()
  })
}
