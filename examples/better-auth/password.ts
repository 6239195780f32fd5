import { isAnswered } from '../shared/proof.ts'
import { proof } from '../shared/words.ts'

/** Asks for the password, once more where the last one was wrong. Null once the user does not want to give it. */
export async function askPassword({
  wasWrong,
  signal,
}: {
  readonly wasWrong: boolean
  readonly signal: AbortSignal | null
}): Promise<string | null> {
  const field = Object.assign(document.createElement('div'), { className: 'field' })
  const label = Object.assign(document.createElement('label'), { htmlFor: 'password', textContent: proof.password })
  const input = Object.assign(document.createElement('input'), {
    id: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  })
  field.append(label, input)
  const hint = Object.assign(document.createElement('p'), { className: 'hint', textContent: proof.wrongPassword })
  return (await isAnswered(wasWrong ? [field, hint] : [field], signal)) ? input.value : null
}
