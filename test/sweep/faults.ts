import type { Fault } from 'postlogin/testing'
import { NOON, REQUEST_TIME_OUT_MS } from '../support/setting.ts'

/** What each request of a complete onboarding meets. */
export const faults: Readonly<Record<string, Fault>> = {
  'lost before': 'loseRequest',
  'lost after': 'loseReply',
  'carried out twice': 'resent',
  malformed: 'malformed',
  'wrong shape': 'wrongShape',
  'never answered': 'hang',
  'carried out, never answered': 'hangReply',
  'half a body': 'stallBody',
  'answered beyond the timeout': { delayMs: REQUEST_TIME_OUT_MS + 1 },
  'carried out beyond the timeout': { delayMs: REQUEST_TIME_OUT_MS + 1, before: 'processing' },
  'HTTP 504, carried out soon after': { landsAfterMs: 700, answer: 504 },
  'HTTP 502, carried out later': { landsAfterMs: 8_000, answer: 502 },
  'lost, carried out later': { landsAfterMs: 3_000, answer: 'lost' },
  'timed out, carried out later': { landsAfterMs: REQUEST_TIME_OUT_MS + 8_000, answer: 'never' },
  'rate limited': { retryAfter: 30 },
  'rate limited, for no time': { retryAfter: 0 },
  'rate limited, until yesterday': { retryAfter: new Date(NOON - 86_400_000).toUTCString() },
  ...Object.fromEntries(
    [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504].map((status) => [`HTTP ${status}`, { status }]),
  ),
  'HTTP 500 after the deed': { status: 500, process: true },
  'HTTP 502, not JSON': { status: 502, body: '<html>Bad gateway</html>' },
  'HTTP 200, a captive portal': { status: 200, body: '<html>Please sign in</html>' },
}
