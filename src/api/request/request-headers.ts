import type { Settings } from '../options/options.ts'

/** What differs from request to request. */
export interface HeaderParts {
  readonly requestId: string
  /** Null: a public endpoint. */
  readonly token: string | null
  /** What the host gave for a step-up. */
  readonly proof: Readonly<Record<string, string>>
  readonly contentType: string
  /** Of the secure channel's session, if one is named. */
  readonly session: Readonly<Record<string, string>>
}

/** The headers of one request (docs/contract.md#headers). The host's, its proof and its channel's come first, so that none of them replaces one of ours. */
export function requestHeaders(
  { headers, portalAccessCode, clientHash, locale, portalLocale }: Settings,
  { requestId, token, proof, contentType, session }: HeaderParts,
): Headers {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(proof)) all.set(name, value)
  const ours: Readonly<Record<string, string | null>> = {
    ...session,
    Accept: 'application/json',
    'Content-Type': contentType,
    'X-PORTAL-ACCESS-CODE': portalAccessCode,
    'X-Client-Hash': clientHash,
    'X-Request-Id': requestId,
    'X-LOCALE': portalLocale,
    'Accept-Language': locale,
    Authorization: token === null ? null : `Bearer ${token}`,
  }
  // A public endpoint gets no credential, not even one of the host's.
  if (token === null) all.delete('Authorization')
  for (const [name, value] of Object.entries(ours)) {
    if (value !== null) all.set(name, value)
  }
  return all
}
