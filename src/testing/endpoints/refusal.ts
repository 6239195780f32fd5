/** What an endpoint throws to refuse a request. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly data: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    { data = null, headers = {} }: { data?: unknown; headers?: Record<string, string> } = {},
  ) {
    super(`${status} ${code}`)
    this.status = status
    this.code = code
    this.data = data
    this.headers = headers
  }
}

/** 400 with a map from a field to what is wrong with it (docs/contract.md#replies). */
export const invalid = (problems: Record<string, string[]>) =>
  new Refusal(400, 'VALIDATION.INVALID_PARAMETER', { data: problems })

/** 401: the token is stale or was never given out. */
export const staleToken = () => new Refusal(401, '4010')

/** 302: the page of a proxy for single sign-on, in place of the 401. */
export const leadToSignIn = () => new Refusal(302, '4010', { headers: { Location: 'https://sso.example/sign-in' } })

export const permissionDenied = () => new Refusal(403, 'ACCESS.PERMISSION_DENIED')

/** 404. The code is inferred: none is documented for a thing that is not there (docs/contract.md#errors). */
export const notFound = () => new Refusal(404, '4040')
