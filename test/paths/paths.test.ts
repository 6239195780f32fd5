import { describe, expect, test } from 'vitest'
import { invitationsCases } from './cases/invitations.ts'
import { ipWhitelistCases } from './cases/ip-whitelist.ts'
import { mfaCases } from './cases/mfa.ts'
import { onboardingCases } from './cases/onboarding.ts'
import { otpEnrollmentCases } from './cases/otp-enrollment.ts'
import { securityCenterCases } from './cases/security-center.ts'
import { sessionsCases } from './cases/sessions.ts'
import { whitelistChangeCases } from './cases/whitelist-change.ts'
import { workspaceCases } from './cases/workspace.ts'
import { covering, obstacleTo, replay, titleOf } from './replay.ts'
import { walk } from './walk.ts'

/**
 * Everything that the charts say can happen: found by walking them, then brought about at real actors, the real adapter and the fake portal.
 */

const walks = [
  invitationsCases,
  mfaCases,
  otpEnrollmentCases,
  ipWhitelistCases,
  whitelistChangeCases,
  sessionsCases,
  workspaceCases,
  securityCenterCases,
  onboardingCases,
].map((cases) => ({ name: cases.name, cases, ...walk(cases) }))

describe.each(walks)('$name', ({ name, cases, edges, paths, states, tries }) => {
  const missing = edges.filter((edge) => !paths.has(edge))

  test('every edge is taken by a path', () => {
    const taken = edges.length - missing.length
    process.stdout.write(`${name}: ${taken} of ${edges.length} edges taken (${states} states, ${tries} events tried)\n`)
    expect(missing.sort()).toEqual(Object.keys(cases.unreachable).sort())
  })

  const possible = [...new Set(paths.values())].filter((path) => obstacleTo(path) === null)
  const chosen = covering(possible).map((path) => [titleOf(path), path] as const)
  const replayed = new Set<string>()

  test.each(chosen)('%s', async (_title, path) => {
    const { expected, seen, edges } = await replay(cases, path)
    expect(seen).toEqual(expected)
    for (const edge of edges) replayed.add(edge)
  })

  test('what was not brought about from outside has a reason', () => {
    const left = [...paths].filter(([edge]) => !replayed.has(edge))
    const reasons = left.map(([edge, path]) => [edge, obstacleTo(path)] as const)
    process.stdout.write(`${name}: ${chosen.length} paths replayed, over ${replayed.size} of ${paths.size} edges\n`)
    for (const [edge, reason] of reasons) process.stdout.write(`  not replayed: ${edge}: ${reason}\n`)
    expect(reasons.filter(([, reason]) => reason === null)).toEqual([])
  })
})
