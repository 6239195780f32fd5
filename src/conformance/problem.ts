import type { Evidence } from './findings.ts'

/** Why a check says nothing, and what to do about it; null where something was answered. */
export function problemOf({ outcomes, replies }: Evidence): string | null {
  // The channel is opened without a token: it says nothing of the account.
  const answers = [...outcomes].flatMap(([operation, failure]) => (operation === 'openChannel' ? [] : [failure]))
  const [failure] = answers
  if (!failure || answers.includes(null)) return null
  const said = `${failure.status ?? ''} ${failure.code}`.trim()
  switch (failure.kind) {
    case 'network':
      return 'No reply came. Check the base URL and your connection.'
    case 'timeout':
      return 'No reply came in time. Check the base URL, or try again later.'
    case 'unauthorized':
      return `The portal does not take the access token (${said}). Sign in again, and use the new one.`
    case 'forbidden':
      return `The portal refuses everything (${said}). Check the portal's access code, and the client hash: it has to be the one that the login used.`
    case 'rateLimited':
      return 'The portal asks for a pause. Try again later.'
    case 'server':
      return `The portal is having problems (${said}). Try again later.`
    case 'config':
      return `${failure.field ?? 'An option'} cannot be used. Correct it.`
    default: {
      // It is the portal, and says something that is not documented.
      if (replies.some(({ envelope }) => envelope.form === 'refusal')) return null
      const types = replies.map(({ headers }) => headers.get('Content-Type') ?? '')
      const page = types.some((type) => type.includes('html')) ? ', but with a page' : ''
      return `Nothing answers as the portal does${page} (${said}). Check the base URL, with its context path.`
    }
  }
}
