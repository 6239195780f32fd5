import { clientFailure, type FailureKind, PortalError } from './failure.ts'

/**
 * A part of this package that most visits do without: a file of its own, which a bundler makes a chunk of. Browsers from before 2026
 * remember for the life of a page that a chunk did not come (https://github.com/whatwg/html/pull/10327): there only reloading the page helps.
 * @throws PortalError `client.loadFailed` of the kind that the caller says
 */
export async function loadPart<Part>(importPart: () => Promise<Part>, kind: FailureKind = 'network'): Promise<Part> {
  try {
    return await importPart()
  } catch {
    throw new PortalError(clientFailure('loadFailed', kind, { retryable: true }))
  }
}
