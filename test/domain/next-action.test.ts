import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AcceptedInvitation, NextAction } from '../../src/domain/invitations.ts'
import { resolveRoute, routeWithoutWorkspaces } from '../../src/domain/next-action.ts'
import type { Route, Workspace } from '../../src/domain/workspaces.ts'

const workspace = (workspaceBizId: string, traits: Partial<Workspace> = {}): Workspace => ({
  workspaceBizId,
  workspaceName: workspaceBizId,
  isDefault: false,
  enterable: true,
  defaultEligible: true,
  ...traits,
})

const accepted = (
  nextAction: NextAction,
  workspaceBizId: string | null = 'invited',
  becameDefaultWorkspace = false,
): AcceptedInvitation => ({
  invitationBizId: `invitation-of-${workspaceBizId}`,
  workspaceBizId,
  becameDefaultWorkspace,
  nextAction,
})

const open = workspace('open')
const other = workspace('other')
const invited = workspace('invited')
const ownDefault = workspace('own', { isDefault: true })
const closed = workspace('closed', { enterable: false })
const closedDefault = workspace('closed-default', { enterable: false, isDefault: true })
const closedInvited = workspace('invited', { enterable: false })

const to = (workspaceBizId: string, reason: 'accepted' | 'default' | 'only'): Route => ({
  to: 'workspace',
  workspaceBizId,
  reason,
})
const noWorkspace: Route = { to: 'noWorkspace' }
const unresolved: Route = { to: 'unresolved' }

type Case = readonly [string, readonly Workspace[], readonly AcceptedInvitation[], Route | null]

describe('where to go', () => {
  test.each<Case>([
    ['the default', [ownDefault], [accepted('ENTER_ACCEPTED_WORKSPACE', null)], to('own', 'default')],
    ['nor by default', [open], [accepted('ENTER_DEFAULT_WORKSPACE', null, true)], to('open', 'only')],
    ['the chooser', [open, other], [accepted('ENTER_ACCEPTED_WORKSPACE', null)], null],
    ['no workspace', [], [accepted('ENTER_ACCEPTED_WORKSPACE', null)], noWorkspace],
  ])('a workspace that the portal does not name is no way: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
    expect(routeWithoutWorkspaces(acceptances)).toEqual(unresolved)
  })

  test.each<Case>([
    ['nobody says that there is none', [], [], unresolved],
    ['nor where all others are closed', [closed], [accepted('CHOOSE_WORKSPACE')], unresolved],
    ['the default is known', [ownDefault, open], [], to('own', 'default')],
    ['the only one that can be read is the only one to enter', [open], [], to('open', 'only')],
    ['the accepted one is known', [], [accepted('ENTER_ACCEPTED_WORKSPACE')], to('invited', 'accepted')],
    ['the user chooses among the others', [open, other], [], null],
  ])('with a row that nobody could read: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, unreadableRows: 1, accepted: acceptances })).toEqual(route)
  })

  test.each<Case>([
    ['nothing accepted: the default', [open, ownDefault], [], to('own', 'default')],
    ['nothing accepted, no default: the only one', [closed, open], [], to('open', 'only')],
    ['nothing accepted, the default is closed: the only other one', [closedDefault, open], [], to('open', 'only')],
    ['nothing accepted, several and no default: the user chooses', [open, other], [], null],
    ['nothing accepted, all closed: no workspace', [closed, closedDefault], [], noWorkspace],
    ['nothing accepted, no workspaces: no workspace', [], [], noWorkspace],
  ])('%s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
  })

  test.each<Case>([
    ['the accepted one', [ownDefault, invited], [accepted('ENTER_ACCEPTED_WORKSPACE')], to('invited', 'accepted')],
    ['whatever else is closed', [closed, invited], [accepted('ENTER_ACCEPTED_WORKSPACE')], to('invited', 'accepted')],
    ['even before it is listed', [ownDefault], [accepted('ENTER_ACCEPTED_WORKSPACE')], to('invited', 'accepted')],
    [
      'but not when listed as closed',
      [ownDefault, closedInvited],
      [accepted('ENTER_ACCEPTED_WORKSPACE')],
      to('own', 'default'),
    ],
    ['nor into a dead end', [closedInvited], [accepted('ENTER_ACCEPTED_WORKSPACE')], noWorkspace],
  ])('ENTER_ACCEPTED_WORKSPACE: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
  })

  const became = accepted('ENTER_DEFAULT_WORKSPACE', 'invited', true)
  test.each<Case>([
    ['the default', [invited, ownDefault], [accepted('ENTER_DEFAULT_WORKSPACE')], to('own', 'default')],
    ['the accepted one, if it became the default', [ownDefault, invited], [became], to('invited', 'default')],
    ['so before it is listed', [], [became], to('invited', 'default')],
    ['but not when listed as closed', [closedInvited, ownDefault], [became], to('own', 'default')],
    [
      'the only one, if the default is closed',
      [closedDefault, invited],
      [accepted('ENTER_DEFAULT_WORKSPACE')],
      to('invited', 'only'),
    ],
    ['the user chooses, if there is no default', [invited, open], [accepted('ENTER_DEFAULT_WORKSPACE')], null],
    ['no workspace, if all are closed', [closedDefault], [accepted('ENTER_DEFAULT_WORKSPACE')], noWorkspace],
  ])('ENTER_DEFAULT_WORKSPACE: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
  })

  test.each<Case>([
    ['the user chooses, default or not', [ownDefault, invited], [accepted('CHOOSE_WORKSPACE')], null],
    ['even from one', [closed, invited], [accepted('CHOOSE_WORKSPACE')], null],
    ['but not from none', [closed], [accepted('CHOOSE_WORKSPACE')], noWorkspace],
  ])('CHOOSE_WORKSPACE: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
  })

  test.each<Case>([
    ['the default', [ownDefault, invited], [accepted('FLY_TO_THE_MOON')], to('own', 'default')],
    ['the only one', [invited], [accepted('')], to('invited', 'only')],
    ['the user chooses', [open, invited], [accepted('FLY_TO_THE_MOON')], null],
    ['no workspace', [], [accepted('FLY_TO_THE_MOON')], noWorkspace],
    ['a name of JavaScript is no next action', [ownDefault, invited], [accepted('constructor')], to('own', 'default')],
  ])('a next action that nobody knows yet: %s', (_, workspaces, acceptances, route) => {
    expect(resolveRoute({ workspaces, accepted: acceptances })).toEqual(route)
  })

  test('the last accepted invitation decides', () => {
    const first = accepted('CHOOSE_WORKSPACE', 'open')
    const last = accepted('ENTER_ACCEPTED_WORKSPACE', 'invited')
    const workspaces = [open, invited, ownDefault]
    expect(resolveRoute({ workspaces, accepted: [first, last] })).toEqual(to('invited', 'accepted'))
    expect(resolveRoute({ workspaces, accepted: [last, first] })).toBeNull()
  })

  const ids = fc.constantFrom('a', 'b', 'c', 'd')
  const workspaces = fc.uniqueArray(
    fc.record({
      workspaceBizId: ids,
      workspaceName: fc.string(),
      isDefault: fc.boolean(),
      enterable: fc.boolean(),
      defaultEligible: fc.boolean(),
    }),
    { selector: ({ workspaceBizId }) => workspaceBizId },
  )
  const acceptances = fc.array(
    fc.record({
      invitationBizId: fc.uuid(),
      workspaceBizId: ids,
      becameDefaultWorkspace: fc.boolean(),
      nextAction: fc.oneof(
        fc.constantFrom('ENTER_ACCEPTED_WORKSPACE', 'ENTER_DEFAULT_WORKSPACE', 'CHOOSE_WORKSPACE'),
        fc.string(),
      ),
    }),
    { maxLength: 3 },
  )

  test('never a dead end: nobody is sent into a closed workspace, nor told that there is none while one is open, nor asked to choose from none', () => {
    fc.assert(
      fc.property(workspaces, acceptances, (listed, made) => {
        const route = resolveRoute({ workspaces: listed, accepted: made })
        const enterable = listed.filter((one) => one.enterable)
        if (route === null) expect(enterable).not.toEqual([])
        else if (route.to === 'workspace') {
          const target = listed.find((one) => one.workspaceBizId === route.workspaceBizId)
          expect(target?.enterable).not.toBe(false)
          // Only the portal's own word leads to one that is not listed.
          if (target === undefined) expect(made.at(-1)?.workspaceBizId).toBe(route.workspaceBizId)
        } else {
          expect(route).toEqual(noWorkspace)
          expect(enterable).toEqual([])
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('earlier acceptances and the names do not matter', () => {
    fc.assert(
      fc.property(workspaces, acceptances, (listed, made) => {
        const renamed = listed.map((one) => ({ ...one, workspaceName: 'x' }))
        expect(resolveRoute({ workspaces: renamed, accepted: made.slice(-1) })).toEqual(
          resolveRoute({ workspaces: listed, accepted: made }),
        )
      }),
    )
  })
})

describe('where to go without the workspaces', () => {
  test.each<readonly [string, readonly AcceptedInvitation[], Route]>([
    [
      'the accepted one, if the portal says to enter it',
      [accepted('ENTER_ACCEPTED_WORKSPACE')],
      to('invited', 'accepted'),
    ],
    [
      'the accepted one, if it became the default',
      [accepted('ENTER_DEFAULT_WORKSPACE', 'invited', true)],
      to('invited', 'default'),
    ],
    ['nobody knows which is the default', [accepted('ENTER_DEFAULT_WORKSPACE')], unresolved],
    ['the user would have to choose', [accepted('CHOOSE_WORKSPACE', 'invited', true)], unresolved],
    ['a next action that nobody knows yet names none', [accepted('FLY_TO_THE_MOON', 'invited', true)], unresolved],
    ['nothing accepted', [], unresolved],
    ['the last accepted decides', [accepted('ENTER_ACCEPTED_WORKSPACE'), accepted('CHOOSE_WORKSPACE')], unresolved],
  ])('%s', (_, acceptances, route) => {
    expect(routeWithoutWorkspaces(acceptances)).toEqual(route)
  })
})
