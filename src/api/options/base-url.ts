import { clientCodes } from '../../domain/failure.ts'

/** The URL to put paths behind, without a slash at its end; or why this is not one. */
export function readBaseUrl(value: unknown): { readonly url: string } | { readonly problem: string } {
  if (typeof value !== 'string') return { problem: 'must be a string' }
  let url: URL
  try {
    url = new URL(value)
  } catch {
    return { problem: 'must be an absolute URL' }
  }
  const { protocol, hostname, origin, pathname, username, password, search, hash } = url
  if (protocol !== 'https:' && protocol !== 'http:') return { problem: 'must be an https URL' }
  if (protocol === 'http:' && !isLoopback(hostname)) return { problem: clientCodes.insecure }
  if (username !== '' || password !== '') return { problem: 'must not hold a user name or password' }
  if (search !== '' || hash !== '') return { problem: 'must not have a query or fragment' }
  return { url: origin + pathname.replace(/\/+$/, '') }
}

/** This computer: `localhost` and what is below it, 127.0.0.0/8 (which the URL parser writes out), ::1. */
const isLoopback = (hostname: string) =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.[0-9]{1,3}){3}$/.test(hostname)
