import type { FakePortal } from './fake-portal.ts'

/** Fake portals of many accounts, one behind each context path. */
export interface FakePortals {
  /** A `fetch` for `createPortalApi`, and what `servePortal` serves. */
  readonly fetch: FakePortal['fetch']
  /** The portal of an account, made on first use. */
  portal(account: string): FakePortal
}

/**
 * Fake portals of many accounts behind one `fetch`, so that one server serves them all. The base URL of an account ends with its name:
 * `https://portal.example/maya`.
 *
 * @throws TypeError where a request names no account in its path.
 *
 * @example
 * ```ts
 * const portals = createFakePortals(() => createFakePortal())
 * const { portalAccessCode, clientHash, accessToken } = portals.portal('maya').account
 * const api = createPortalApi({
 *   baseUrl: 'https://portal.example/maya',
 *   portalAccessCode,
 *   clientHash,
 *   accessToken: () => accessToken,
 *   fetch: portals.fetch,
 * })
 * await api.listSessions()
 * portals.portal('maya').processed('listSessions') // => 1
 * await api.close()
 * ```
 */
export function createFakePortals(create: (account: string) => FakePortal): FakePortals {
  const portals = new Map<string, FakePortal>()
  function portal(account: string): FakePortal {
    const made = portals.get(account) ?? create(account)
    portals.set(account, made)
    return made
  }
  return {
    portal,
    fetch: async (input, init) =>
      portal(accountIn(input instanceof Request ? input.url : String(input))).fetch(input, init),
  }
}

/** The last part of the path before the portal's own. */
function accountIn(url: string): string {
  const account = /\/([^/]+)\/web\/v1\//.exec(new URL(url).pathname)?.[1]
  if (account === undefined) throw new TypeError(`No account is named in ${url}: put it before /web/v1/`)
  return decodeURIComponent(account)
}
